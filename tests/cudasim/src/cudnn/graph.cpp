// SPDX-License-Identifier: Apache-2.0
// libcudnn_graph: handles, versions and the texts of errors.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "../driver/library_objects.h"
#include "dnn.h"

using namespace dnn;

namespace {

thread_local std::string lastError;

cudasim::LibraryObjects<Handle>& handles() {
  static auto* const all = new cudasim::LibraryObjects<Handle>("cuDNN handle(s)");
  return *all;
}

const char* errorText(int status) {
  switch (status) {
    case kSuccess: return "CUDNN_STATUS_SUCCESS";
    case kNotInitialized: return "CUDNN_STATUS_NOT_INITIALIZED";
    case kSublibraryVersionMismatch: return "CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH";
    case kBadParam: return "CUDNN_STATUS_BAD_PARAM";
    case kBadParamNullPointer: return "CUDNN_STATUS_BAD_PARAM_NULL_POINTER";
    case kBadParamMisalignedPointer: return "CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER";
    case kBadParamSizeInsufficient: return "CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT";
    case kNotSupported: return "CUDNN_STATUS_NOT_SUPPORTED";
    case kInternalError: return "CUDNN_STATUS_INTERNAL_ERROR";
    case kHostAllocationFailed: return "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED";
    case kExecutionFailed: return "CUDNN_STATUS_EXECUTION_FAILED";
    default: return "CUDNN_UNKNOWN_STATUS";
  }
}

} // namespace

DNN_API cudnnSimFail(int status, const char* call, const char* why) {
  char text[512];
  std::snprintf(text, sizeof text, "%s: status %d: %s", call, status, why);
  lastError = text;
  // A caller may ask which algorithms there are: that refusal is no fault of its own.
  if (status != kNotSupported) cudasim_library_report(text);
  return status;
}

DNN_EXPORT size_t cudnnGetVersion() { return cudasim_library_switch("dnn.version") == 0 ? 91900 : 8907; }

DNN_EXPORT const char* cudnnGetErrorString(int status) { return errorText(status); }

// "retrieves the last error reason [...] in a way similar to std::strncpy() [...] up to max_size - 1 characters".
DNN_EXPORT void cudnnGetLastErrorString(char* message, size_t size) {
  if (message == nullptr || size == 0) return;
  const size_t length = std::min(size - 1, lastError.size());
  std::memcpy(message, lastError.data(), length);
  message[length] = 0;
  lastError.clear();
}

DNN_API cudnnCreate(DnnHandle* out) {
  DNN_ENTER();
  // "CUDNN_STATUS_BAD_PARAM: Invalid (NULL) input pointer supplied."
  if (out == nullptr) return cudnnSimFail(kBadParamNullPointer, __func__, "the handle's address is NULL");
  // "CUDNN_STATUS_NOT_INITIALIZED: No compatible GPU found [or] CUDA driver not installed or disabled".
  if (cudasim_library_context() != 0) {
    return cudnnSimFail(kNotInitialized, __func__, "no CUDA context is current, or it is lost");
  }
  *out = handles().create({Handle::kMagic, nullptr});
  cudasim_library_retain();
  return kSuccess;
}

DNN_API cudnnDestroy(DnnHandle handle) {
  DNN_ENTER();
  if (handle == nullptr) return kSuccess;
  // "Because cudnnCreate() allocates internal resources, the release of those resources by calling cudnnDestroy()
  // will implicitly call cudaDeviceSynchronize()", which a capture forbids.
  const int rc = cudasim_library_synchronize();
  if (rc >= 900 && rc < 910) return cudnnSimFail(kInternalError, __func__, "a stream is capturing");
  if (!handles().drop(handle)) return cudnnSimFail(kBadParam, __func__, "no handle, or it was destroyed before");
  return kSuccess;
}

DNN_API cudnnSetStream(DnnHandle handle, void* stream) {
  DNN_ENTER();
  // "CUDNN_STATUS_BAD_PARAM: Invalid (NULL) handle."
  if (!alive(handle)) return cudnnSimFail(kBadParam, __func__, "no handle, or it was destroyed");
  handle->stream = stream;
  return kSuccess;
}

// SPDX-License-Identifier: Apache-2.0
// Handles, versions, names and the logger of the emulated cuBLASLt.
#include <cstdio>

#include "objects.h"

using namespace lt;

namespace lt {

Status fail(Status status, const char* call, const char* why) {
  char text[512];
  std::snprintf(text, sizeof text, "%s: status %d: %s", call, status, why);
  cudasim_library_report(text);
  return status;
}

uint32_t version() { return cudasim_library_switch("lt.version") == 0 ? 130200 : 130100; }

Status checkHandle(LtHandle handle, const char* call) {
  if (handle == nullptr) return kNotInitialized;
  if (handle->magic != Handle::kMagic) return fail(kNotInitialized, call, "the handle was destroyed, or never made");
  return kSuccess;
}

} // namespace lt

namespace {

Objects<Handle>& handles() {
  static auto* const all = new Objects<Handle>("cublasLt handle(s)");
  return *all;
}

} // namespace

LT_API cublasLtCreate(LtHandle* out) {
  LT_ENTER();
  if (out == nullptr) return kInvalidValue;
  // "CUBLAS_STATUS_NOT_INITIALIZED: The cuBLASLt library was not initialized. This usually happens
  // when cublasLtCreate() is not called first [or] an error in the CUDA Runtime API".
  if (cudasim_library_context() != 0)
    return fail(kNotInitialized, __func__, "no CUDA context is current, or it is lost");
  *out = handles().create({Handle::kMagic});
  cudasim_library_retain();
  return kSuccess;
}

LT_API cublasLtDestroy(LtHandle handle) {
  LT_ENTER();
  // "CUBLAS_STATUS_INVALID_VALUE: lightHandle is NULL"
  if (handle == nullptr) return fail(kInvalidValue, __func__, "the handle is NULL");
  if (const Status status = checkHandle(handle, __func__)) return status;
  // "will implicitly call cudaDeviceSynchronize()", which a capture forbids.
  const int rc = cudasim_library_synchronize();
  if (rc >= 900 && rc < 910) return fail(kInternalError, __func__, "a stream is capturing");
  return handles().destroy(__func__, handle);
}

extern "C" __attribute__((visibility("default"))) size_t cublasLtGetVersion() { return version(); }
extern "C" __attribute__((visibility("default"))) size_t cublasLtGetCudartVersion() { return 13010; }

LT_API cublasLtGetProperty(int type, int* out) {
  LT_ENTER();
  if (out == nullptr || type < 0 || type > 2) return kInvalidValue;
  const int parts[] = {13, static_cast<int>(version() / 100 % 100), 0};
  *out = parts[type];
  return kSuccess;
}

namespace {

const char* statusName(int status) {
  switch (status) {
    case kSuccess: return "CUBLAS_STATUS_SUCCESS";
    case kNotInitialized: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case kAllocFailed: return "CUBLAS_STATUS_ALLOC_FAILED";
    case kInvalidValue: return "CUBLAS_STATUS_INVALID_VALUE";
    case kArchMismatch: return "CUBLAS_STATUS_ARCH_MISMATCH";
    case kMappingError: return "CUBLAS_STATUS_MAPPING_ERROR";
    case kExecutionFailed: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case kInternalError: return "CUBLAS_STATUS_INTERNAL_ERROR";
    case kNotSupported: return "CUBLAS_STATUS_NOT_SUPPORTED";
    case kLicense: return "CUBLAS_STATUS_LICENSE_ERROR";
    default: return "unrecognized status";
  }
}

const char* statusText(int status) {
  switch (status) {
    case kSuccess: return "success";
    case kNotInitialized: return "the library was not initialized";
    case kAllocFailed: return "the resource allocation failed";
    case kInvalidValue: return "an invalid value was used as input";
    case kArchMismatch: return "an absent device architectural feature is required";
    case kMappingError: return "an access to GPU memory space failed";
    case kExecutionFailed: return "the GPU program failed to execute";
    case kInternalError: return "an internal operation failed";
    case kNotSupported: return "the functionality requested is not supported";
    case kLicense: return "the functionality requested requires some license";
    default: return "unrecognized status";
  }
}

} // namespace

extern "C" __attribute__((visibility("default"))) const char* cublasLtGetStatusName(int status) {
  return statusName(status);
}
extern "C" __attribute__((visibility("default"))) const char* cublasLtGetStatusString(int status) {
  return statusText(status);
}

// The logger writes nothing here: refusals are written to the report.
LT_API cublasLtLoggerSetLevel(int) {
  LT_ENTER();
  return kSuccess;
}
LT_API cublasLtLoggerSetMask(int) {
  LT_ENTER();
  return kSuccess;
}
LT_API cublasLtLoggerForceDisable() {
  LT_ENTER();
  return kSuccess;
}
LT_API cublasLtLoggerSetCallback(void*) {
  LT_ENTER();
  return kSuccess;
}

LT_API cublasLtHeuristicsCacheGetCapacity(size_t* out) {
  LT_ENTER();
  if (out == nullptr) return kInvalidValue;
  *out = 8192; // "The default capacity is 8192 entries."
  return kSuccess;
}
LT_API cublasLtHeuristicsCacheSetCapacity(size_t) {
  LT_ENTER();
  return kSuccess;
}

#define UNSUPPORTED(name)                                 \
  LT_API name() {                                         \
    LT_ENTER();                                           \
    return fail(kNotSupported, __func__, "not emulated"); \
  }
UNSUPPORTED(cublasLtEmulationDescCreate)
UNSUPPORTED(cublasLtEmulationDescDestroy)
UNSUPPORTED(cublasLtEmulationDescGetAttribute)
UNSUPPORTED(cublasLtEmulationDescInit_internal)
UNSUPPORTED(cublasLtEmulationDescSetAttribute)
UNSUPPORTED(cublasLtGroupedMatrixLayoutCreate)
UNSUPPORTED(cublasLtGroupedMatrixLayoutInit_internal)
UNSUPPORTED(cublasLtLoggerOpenFile)
UNSUPPORTED(cublasLtLoggerSetFile)
UNSUPPORTED(cublasLtMatrixTransform)
UNSUPPORTED(cublasLtMatrixTransformDescCreate)
UNSUPPORTED(cublasLtMatrixTransformDescDestroy)
UNSUPPORTED(cublasLtMatrixTransformDescGetAttribute)
UNSUPPORTED(cublasLtMatrixTransformDescInit_internal)
UNSUPPORTED(cublasLtMatrixTransformDescSetAttribute)

// SPDX-License-Identifier: Apache-2.0
// libcudnn_cnn: the three convolutions: the checks on pointers, and the work they submit.
#include <cstdio>
#include <cstring>
#include <new>

#include "dnn.h"

using namespace dnn;

namespace {

constexpr uint64_t kAlignment = 16, kWorkspaceAlignment = 16;

int statusOf(int cudaError) {
  switch (cudaError) {
    case 0: return kSuccess;
    case 201: return kNotInitialized;
    default: return kExecutionFailed; // "The function failed to launch on the GPU."
  }
}

int workspaceSize(const char* call, DnnHandle handle, Kind kind, DnnTensorDesc x, DnnFilterDesc filter,
                  DnnConvDesc conv, DnnTensorDesc y, int algo, size_t* bytes) {
  // "At least one of the following is NULL: handle, xDesc, wDesc, convDesc, yDesc."
  if (!alive(handle) || bytes == nullptr) return cudnnSimFail(kBadParamNullPointer, call, "a pointer is NULL");
  Problem p;
  const char* why = "";
  Status status = describe(kind, x, filter, conv, y, p, why);
  if (status == kSuccess) status = accept(p, algo, why);
  if (status != kSuccess) return cudnnSimFail(status, call, why);
  *bytes = workspaceOf(p);
  return kSuccess;
}

struct Pointers {
  const void *x, *filter, *y, *alpha, *beta;
  void* workspace;
  size_t workspaceBytes;
};

int submit(const char* call, DnnHandle handle, Kind kind, DnnTensorDesc x, DnnFilterDesc filter, DnnConvDesc conv,
           DnnTensorDesc y, int algo, const Pointers& at) {
  // "At least one of the following is NULL: handle, xDesc, wDesc, convDesc, yDesc, xData, w, yData, alpha, beta"
  if (!alive(handle) || at.x == nullptr || at.filter == nullptr || at.y == nullptr || at.alpha == nullptr ||
      at.beta == nullptr) {
    return cudnnSimFail(kBadParamNullPointer, call, "a pointer is NULL, or the handle was destroyed");
  }
  if (const int rc = cudasim_library_context()) return statusOf(rc);
  Problem p;
  const char* why = "";
  Status status = describe(kind, x, filter, conv, y, p, why);
  if (status == kSuccess) status = accept(p, algo, why);
  if (status != kSuccess) return cudnnSimFail(status, call, why);
  // "For float and half tensors: pointers to scaling factors are float", in host memory.
  std::memcpy(&p.alpha, at.alpha, 4);
  std::memcpy(&p.beta, at.beta, 4);
  p.x = reinterpret_cast<uint64_t>(at.x);
  p.filter = reinterpret_cast<uint64_t>(at.filter);
  p.y = reinterpret_cast<uint64_t>(at.y);
  // The legacy API documents no alignment; kernels on tensor cores load 16 bytes at a time. The worst case.
  if (p.x % kAlignment != 0 || p.filter % kAlignment != 0 || p.y % kAlignment != 0) {
    return cudnnSimFail(kBadParamMisalignedPointer, call, "x, w or y is not aligned to 16 bytes");
  }
  const uint64_t needed = workspaceOf(p);
  if (needed > at.workspaceBytes || (needed != 0 && at.workspace == nullptr)) {
    return cudnnSimFail(kBadParamSizeInsufficient, call, "the workspace is smaller than the algorithm needs");
  }
  const auto workspace = reinterpret_cast<uint64_t>(at.workspace);
  if (needed != 0 && workspace % kWorkspaceAlignment != 0) {
    return cudnnSimFail(kBadParamMisalignedPointer, call, "the workspace is not aligned to 16 bytes");
  }
  if (needed != 0 && cudasim_library_translate(workspace, at.workspaceBytes) == nullptr) {
    return cudnnSimFail(kBadParam, call, "the workspace is not device memory of that size");
  }
  auto* owned = new (std::nothrow) Problem(p);
  if (owned == nullptr) return kHostAllocationFailed;
  char name[128];
  std::snprintf(name, sizeof name, "%s n=%lld c=%lld k=%lld algo=%d", call, static_cast<long long>(p.n),
                static_cast<long long>(p.c), static_cast<long long>(p.k), p.algo);
  return statusOf(cudasim_library_submit(handle->stream, name, runConvolution, owned,
                                         [](void* data) { delete static_cast<Problem*>(data); }));
}

} // namespace

DNN_API cudnnGetConvolutionForwardWorkspaceSize(DnnHandle handle, DnnTensorDesc x, DnnFilterDesc w, DnnConvDesc conv,
                                                DnnTensorDesc y, int algo, size_t* bytes) {
  DNN_ENTER();
  return workspaceSize(__func__, handle, kForward, x, w, conv, y, algo, bytes);
}

DNN_API cudnnGetConvolutionBackwardDataWorkspaceSize(DnnHandle handle, DnnFilterDesc w, DnnTensorDesc dy,
                                                     DnnConvDesc conv, DnnTensorDesc dx, int algo, size_t* bytes) {
  DNN_ENTER();
  return workspaceSize(__func__, handle, kBackwardData, dx, w, conv, dy, algo, bytes);
}

DNN_API cudnnGetConvolutionBackwardFilterWorkspaceSize(DnnHandle handle, DnnTensorDesc x, DnnTensorDesc dy,
                                                       DnnConvDesc conv, DnnFilterDesc dw, int algo, size_t* bytes) {
  DNN_ENTER();
  return workspaceSize(__func__, handle, kBackwardFilter, x, dw, conv, dy, algo, bytes);
}

DNN_API cudnnConvolutionForward(DnnHandle handle, const void* alpha, DnnTensorDesc xDesc, const void* x,
                                DnnFilterDesc wDesc, const void* w, DnnConvDesc conv, int algo, void* workspace,
                                size_t workspaceBytes, const void* beta, DnnTensorDesc yDesc, void* y) {
  DNN_ENTER();
  return submit(__func__, handle, kForward, xDesc, wDesc, conv, yDesc, algo,
                {x, w, y, alpha, beta, workspace, workspaceBytes});
}

DNN_API cudnnConvolutionBackwardData(DnnHandle handle, const void* alpha, DnnFilterDesc wDesc, const void* w,
                                     DnnTensorDesc dyDesc, const void* dy, DnnConvDesc conv, int algo, void* workspace,
                                     size_t workspaceBytes, const void* beta, DnnTensorDesc dxDesc, void* dx) {
  DNN_ENTER();
  return submit(__func__, handle, kBackwardData, dxDesc, wDesc, conv, dyDesc, algo,
                {dx, w, dy, alpha, beta, workspace, workspaceBytes});
}

DNN_API cudnnConvolutionBackwardFilter(DnnHandle handle, const void* alpha, DnnTensorDesc xDesc, const void* x,
                                       DnnTensorDesc dyDesc, const void* dy, DnnConvDesc conv, int algo,
                                       void* workspace, size_t workspaceBytes, const void* beta, DnnFilterDesc dwDesc,
                                       void* dw) {
  DNN_ENTER();
  return submit(__func__, handle, kBackwardFilter, xDesc, dwDesc, conv, dyDesc, algo,
                {x, dw, dy, alpha, beta, workspace, workspaceBytes});
}

// SPDX-License-Identifier: Apache-2.0
// The lives of handles, descriptors and the context: used after they are destroyed, never destroyed, retained.
#include "lt_rules.h"

namespace {

constexpr int kInvalid = lt::kInvalidValue;

} // namespace

TEST(lt_rules_use_after_destroy) {
  {
    Rules r;
    const LtLayout gone = r.b;
    CHECK_EQ(cublasLtMatrixLayoutDestroy(gone), 0);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "a layout was destroyed");
    CHECK_EQ(cublasLtMatrixLayoutDestroy(gone), kInvalid);
    CHECK_CONTAINS(report(), "destroyed before");
    const int64_t ld = 8;
    CHECK_EQ(cublasLtMatrixLayoutSetAttribute(gone, 4, &ld, 8), kInvalid);
    r.b = nullptr;
  }
  {
    Rules r;
    CHECK_EQ(cublasLtMatmulDescDestroy(r.desc), 0);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "the descriptor was destroyed");
    r.desc = nullptr;
  }
  {
    Rules r;
    CHECK_EQ(cublasLtMatmulPreferenceDestroy(r.preference), 0);
    lt::HeuristicResult result;
    CHECK_EQ(r.heuristic(result), kInvalid);
    CHECK_CONTAINS(report(), "the preference was destroyed");
    r.preference = nullptr;
  }
  {
    Rules r;
    CHECK_EQ(cublasLtDestroy(r.handle), 0);
    CHECK_EQ(r.run(), lt::kNotInitialized);
    CHECK_CONTAINS(report(), "the handle was destroyed");
    CHECK_EQ(cublasLtDestroy(r.handle), lt::kNotInitialized);
    CHECK_EQ(cublasLtDestroy(nullptr), kInvalid);
    CHECK_EQ(cublasLtCreate(&r.handle), 0);
  }
  lt::MatmulDesc own; // in the caller's memory: not for the Destroy function
  CHECK_EQ(cublasLtMatmulDescInit_internal(&own, sizeof own, lt::kCompute32F, lt::kF32), 0);
  CHECK_EQ(cublasLtMatmulDescDestroy(&own), kInvalid);
}

TEST(lt_rules_destroying_a_handle_waits) {
  Rules r;
  cudasim_reset_counts();
  CHECK_EQ(r.run(), 0);
  CHECK_CONTAINS(profile(), "\"matmuls\":0");
  CHECK_EQ(cublasLtDestroy(r.handle), 0);
  CHECK_CONTAINS(profile(), "\"matmuls\":1");
  CUstream stream = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CHECK_EQ(cublasLtCreate(&r.handle), 0);
  CHECK_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  CHECK_EQ(cublasLtDestroy(r.handle), lt::kInternalError); // it would wait for the capture
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

TEST(lt_leaks_are_counted) {
  {
    Device device;
    device.expectReports();
    LtHandle handle = nullptr;
    LtMatmulDesc desc = nullptr;
    LtLayout layout = nullptr;
    CHECK_EQ(cublasLtCreate(&handle), 0);
    CHECK_EQ(cublasLtMatmulDescCreate(&desc, lt::kCompute32F, lt::kF32), 0);
    CHECK_EQ(cublasLtMatrixLayoutCreate(&layout, lt::kF32, 1, 1, 1), 0);
    CHECK_EQ(cublasLtMatrixLayoutDestroy(layout), 0);
  }
  CHECK_CONTAINS(report(), "leak: 1 cublasLt handle(s) live at context end");
  CHECK_CONTAINS(report(), "leak: 1 cublasLt matmul descriptor(s) live at context end");
  CHECK(report().find("layout") == std::string::npos);
  cudasim_clear_report();
  {
    Device again;
  } // each is reported once
}

TEST(lt_retains_the_primary_context) {
  CUcontext context = nullptr;
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), 0);
  CHECK_EQ(cuCtxSetCurrent(context), 0);
  LtHandle handle = nullptr;
  CHECK_EQ(cublasLtCreate(&handle), 0);
  CUdeviceptr left = 0;
  CHECK_EQ(cuMemAlloc_v2(&left, 64), 0);
  CHECK_EQ(cublasLtDestroy(handle), 0);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 0);
  CHECK_CONTAINS(report(), "leak: 64 bytes");
  CHECK_CONTAINS(report(), "last release of the primary context");
  unsigned flags = 0;
  int active = 0;
  CHECK_EQ(cuDevicePrimaryCtxGetState(0, &flags, &active), 0);
  CHECK_EQ(active, 1);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 201); // it was the last of the program's own
  cudasim_clear_report();
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), 0); // the same context, with the memory left in it
  CHECK_EQ(cuMemsetD32_v2(left, 7, 16), 0);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 0);
  CHECK_EQ(report().size(), 0); // reported once
  // A sticky error of the context stays until the process ends.
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), 0);
  CHECK_EQ(cudasim_set_faults("cuCtxSynchronize:1=719"), 0);
  CHECK_EQ(cuCtxSynchronize(), 719);
  CHECK_EQ(cudasim_set_faults(""), 0);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 0);
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), 0);
  CHECK_EQ(cuCtxSynchronize(), 719);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 0);
  cudasim_new_process();
  CHECK_EQ(cuDevicePrimaryCtxGetState(0, &flags, &active), 0);
  CHECK_EQ(active, 0);
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), 0);
  CHECK_EQ(cuCtxSetCurrent(context), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
  CHECK_EQ(cuMemFree_v2(left), 1);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 0); // ends it: no cuBLASLt was opened
  CHECK_EQ(cuDevicePrimaryCtxGetState(0, &flags, &active), 0);
  CHECK_EQ(active, 0);
  cudasim_clear_report();
}

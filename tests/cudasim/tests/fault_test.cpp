// SPDX-License-Identifier: Apache-2.0
// Injected faults and counters.
#include "harness.h"

TEST(fault_of_the_nth_call) {
  Device device;
  CHECK_EQ(cudasim_set_faults("cuMemAlloc:2=2"), 0);
  CUdeviceptr a = 0, b = 0;
  CHECK_EQ(cuMemAlloc_v2(&a, 16), 0);
  CHECK_EQ(cuMemAlloc_v2(&b, 16), CUDA_ERROR_OUT_OF_MEMORY);
  CHECK_EQ(cuMemAlloc_v2(&b, 16), 0);
  CHECK_EQ(cuMemFree_v2(a), 0);
  CHECK_EQ(cuMemFree_v2(b), 0);
  CHECK_EQ(cudasim_set_faults("cuMemAlloc_v2:*=2,cuMemGetInfo:1=999"), 0);
  CHECK_EQ(cuMemAlloc_v2(&a, 16), CUDA_ERROR_OUT_OF_MEMORY);
  CHECK_EQ(cuMemAlloc_v2(&a, 16), CUDA_ERROR_OUT_OF_MEMORY);
  size_t x = 0, y = 0;
  CHECK_EQ(cuMemGetInfo_v2(&x, &y), CUDA_ERROR_UNKNOWN);
  CHECK_EQ(cudasim_set_faults(""), 0);
  for (const char* wrong : {"cuMemAlloc", "cuMemAlloc=2", ":1=2", "cuMemAlloc:x=2", "cuMemAlloc:1=0"})
    CHECK_EQ(cudasim_set_faults(wrong), 1);
  cudasim_clear_report();
}

TEST(fault_of_the_nth_launch_sticks) {
  Device device;
  device.expectReports();
  const CUfunction f = device.kernel(module("", ""));
  CHECK_EQ(cudasim_set_faults("launch:2=719"), 0);
  CHECK_EQ(launch(f, {}), 0);
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr), 0);
  CHECK_EQ(cuCtxSynchronize(), 719);
  CUdeviceptr p = 0;
  CHECK_EQ(cuMemAlloc_v2(&p, 4), 719);
  CHECK_EQ(launch(f, {}), 719);
  CHECK_CONTAINS(report(), "injected fault of launch k");
}

TEST(fatal_codes_of_calls_stick) {
  Device device;
  device.expectReports();
  CHECK_EQ(cudasim_set_faults("cuStreamSynchronize:1=700"), 0);
  CHECK_EQ(cuStreamSynchronize(nullptr), 700);
  CHECK_EQ(cuStreamSynchronize(nullptr), 700);
}

TEST(small_memory) {
  Device device;
  CHECK_EQ(cudasim_set_option("memory", 64 << 20), 0);
  CUdeviceptr a = device.allocate(60 << 20), b = 0;
  size_t available = 0, total = 0;
  CHECK_EQ(cuMemGetInfo_v2(&available, &total), 0);
  CHECK_EQ(total, 64 << 20);
  CHECK_EQ(available, 4 << 20);
  CHECK_EQ(cuMemAlloc_v2(&b, 5 << 20), CUDA_ERROR_OUT_OF_MEMORY);
  device.free(a);
  b = device.allocate(64 << 20);
  CHECK_EQ(cudasim_set_option("memory", 8ll << 30), 0);
  CHECK_EQ(cudasim_set_option("nonsense", 1), 1);
}

TEST(counters) {
  Device device;
  // Lane i reads word i (4 sectors a warp), then word 8 i (32 sectors); writes one word.
  const CUfunction f = device.kernel(
      module(".param .u64 in",
             "mov.u32 %r0, %tid.x;\nld.param.u64 %rd1, [in];\nmul.wide.u32 %rd2, %r0, 4;\nadd.s64 %rd3, %rd1, "
             "%rd2;\nld.global.f32 %f1, [%rd3];\nmul.wide.u32 %rd2, %r0, 32;\n"
             "add.s64 %rd4, %rd1, %rd2;\nld.global.f32 %f2, [%rd4];\nadd.f32 %f1, %f1, %f2;\nst.global.f32 [%rd1], "
             "%f1;\nshl.b32 %r1, %r0, 3;\nmov.u32 %r2, words;\nadd.s32 %r1, %r1, %r2;\n"
             "st.shared.u32 [%r1], %r0;\n",
             ".shared .align 4 .b8 words[256];"));
  CUdeviceptr in = device.upload(std::vector<float>(256, 1.0f));
  cudasim_reset_counts();
  cudasim_profile_kernels(1);
  CHECK_EQ(launch(f, {&in}), 0);
  cudasim_profile_kernels(0);
  const std::string json = profile();
  CHECK_CONTAINS(json, "\"launches\":1,\"graphLaunches\":0");
  CHECK_CONTAINS(json, "\"cuLaunchKernel\":1");
  CHECK_CONTAINS(json, "\"globalLoads\":{\"requests\":2,\"bytes\":256,\"sectors\":36}");
  CHECK_CONTAINS(json, "\"globalStores\":{\"requests\":1,\"bytes\":4,\"sectors\":1}");
  // Stride of two words: lanes i and i + 16 share a bank.
  CHECK_CONTAINS(json, "\"shared\":{\"requests\":1,\"bytes\":128,\"bankConflicts\":1}");
  CHECK_CONTAINS(json, "\"float32\":1");
  cudasim_reset_counts();
  CHECK_CONTAINS(profile(), "\"launches\":0");
}

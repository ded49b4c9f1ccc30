// SPDX-License-Identifier: Apache-2.0
// Initialisation, memory, copies, streams, events, launches and their argument checks.
#include "harness.h"

TEST(large_memory_takes_the_hosts_only_where_it_is_used) {
  const auto resident = [] { // bytes
    FILE* file = std::fopen("/proc/self/statm", "r");
    long pages = 0;
    if (file == nullptr || std::fscanf(file, "%*s %ld", &pages) != 1) pages = -1;
    if (file != nullptr) std::fclose(file);
    return pages * 4096;
  };
  Device device;
  constexpr size_t kBytes = (1ull << 32) + 4100;
  const long before = resident();
  CHECK(before > 0);
  const CUdeviceptr p = device.allocate(kBytes);
  CHECK_EQ(cuMemsetD32_v2(p, 0, kBytes / 4), 0);
  const uint32_t word = 5;
  CHECK_EQ(cuMemcpyHtoD_v2(p + kBytes - 4, &word, 4), 0);
  CHECK_EQ(device.download<uint32_t>(p + kBytes - 4, 1)[0], 5);
  CHECK_EQ(device.download<uint32_t>(p + kBytes / 2, 1)[0], 0);
  CHECK_EQ(cuMemsetD32_v2(p, 0, kBytes / 4), 0);
  CHECK_EQ(device.download<uint32_t>(p + kBytes - 4, 1)[0], 0);
  CHECK(resident() - before < 64 << 20);
}

TEST(device_properties) {
  int value = 0;
  CHECK_EQ(cuDriverGetVersion(&value), 0);
  CHECK_EQ(value, 13000);
  CHECK_EQ(cuDeviceGetCount(&value), 0);
  CHECK_EQ(value, 1);
  CUdevice device = -1;
  CHECK_EQ(cuDeviceGet(&device, 0), 0);
  CHECK_EQ(cuDeviceGet(&device, 1), CUDA_ERROR_INVALID_DEVICE);
  CHECK_EQ(cuDeviceGetAttribute(&value, 75, 0), 0);
  CHECK_EQ(value, 9);
  const char* text = nullptr;
  CHECK_EQ(cuGetErrorName(700, &text), 0);
  CHECK(std::string(text) == "CUDA_ERROR_ILLEGAL_ADDRESS");
  CHECK_EQ(cuGetErrorString(12345, &text), CUDA_ERROR_INVALID_VALUE);
  const void* table = &value;
  CHECK_EQ(cuGetExportTable(&table, nullptr), CUDA_ERROR_INVALID_VALUE);
  void* found = nullptr;
  CHECK_EQ(cuGetProcAddress_v2("cuMemAlloc", &found, 13000, 0, nullptr), 0);
  CHECK(found == reinterpret_cast<void*>(cuMemAlloc_v2));
}

TEST(calls_need_a_context) {
  CUdeviceptr p = 0;
  CHECK_EQ(cuMemAlloc_v2(&p, 4), CUDA_ERROR_INVALID_CONTEXT);
  CUcontext context = nullptr;
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), 0);
  CHECK_EQ(cuMemAlloc_v2(&p, 4), CUDA_ERROR_INVALID_CONTEXT); // retained is not current
  CHECK_EQ(cuCtxSetCurrent(context), 0);
  CHECK_EQ(cuMemAlloc_v2(&p, 4), 0);
  CHECK_EQ(cuMemFree_v2(p), 0);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), 0);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_ERROR_INVALID_CONTEXT);
  CHECK_EQ(report().size(), 0);
}

TEST(allocation_and_copies) {
  Device device;
  size_t available = 0, total = 0, after = 0;
  CHECK_EQ(cuMemGetInfo_v2(&available, &total), 0);
  CUdeviceptr a = device.allocate(1000), b = device.allocate(1000);
  CHECK_EQ(a % 256, 0);
  CHECK_EQ(cuMemGetInfo_v2(&after, &total), 0);
  CHECK_EQ(available - after, 2048);
  std::vector<uint8_t> data(1000);
  for (size_t i = 0; i < 1000; ++i) data[i] = static_cast<uint8_t>(i * 7);
  CHECK_EQ(cuMemcpyHtoD_v2(a, data.data(), 1000), 0);
  CHECK_EQ(cuMemcpyDtoD_v2(b + 100, a + 200, 300), 0);
  CHECK_EQ(device.download<uint8_t>(b + 100, 300)[299], data[499]);
  CHECK_EQ(cuMemsetD32_v2(a, 0x01020304, 4), 0);
  CHECK_EQ(device.download<uint32_t>(a, 4)[3], 0x01020304);
  CUdeviceptr p = 0;
  CHECK_EQ(cuMemAlloc_v2(&p, 0), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemAlloc_v2(&p, 1ull << 40), CUDA_ERROR_OUT_OF_MEMORY);
}

TEST(copies_are_judged) {
  Device device;
  device.expectReports();
  CUdeviceptr a = device.allocate(100);
  std::vector<uint8_t> host(200);
  CHECK_EQ(cuMemcpyHtoD_v2(a, host.data(), 101), CUDA_ERROR_INVALID_VALUE);
  CHECK_CONTAINS(report(), "cuMemcpyHtoD_v2 of 101 bytes");
  CHECK_EQ(cuMemsetD32_v2(a + 2, 0, 1), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemsetD32_v2(a, 0, 26), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemcpyDtoH_v2(host.data(), a, 100), 0);
}

TEST(work_is_deferred_until_something_waits) {
  Device device;
  CUstream stream = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CUdeviceptr p = device.upload(std::vector<uint32_t>{1, 2, 3, 4});
  uint32_t* pinned = nullptr;
  CHECK_EQ(cuMemAllocHost_v2(reinterpret_cast<void**>(&pinned), 16), 0);
  pinned[0] = 7;
  CHECK_EQ(cuMemcpyHtoDAsync_v2(p, pinned, 4, stream), 0);
  pinned[0] = 9; // too early: the copy sees it
  CHECK_EQ(cuMemcpyDtoHAsync_v2(pinned + 1, p, 4, stream), 0);
  CHECK_EQ(pinned[1], 0xffffffffu); // not there yet
  CHECK_EQ(cuStreamQuery(stream), CUDA_ERROR_NOT_READY);
  CHECK_EQ(cuStreamSynchronize(stream), 0);
  CHECK_EQ(pinned[1], 9);
  CHECK_EQ(cuStreamQuery(stream), 0);
  // Pageable memory is staged: the caller may reuse it at once.
  uint32_t pageable = 5;
  CHECK_EQ(cuMemcpyHtoDAsync_v2(p, &pageable, 4, stream), 0);
  pageable = 6;
  CHECK_EQ(device.download<uint32_t>(p, 1)[0], 5);
  CHECK_EQ(cuMemFreeHost(pinned), 0);
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

TEST(stream_ordered_free) {
  Device device;
  CUstream stream = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CUdeviceptr p = 0;
  CHECK_EQ(cuMemAllocAsync(&p, 64, stream), 0);
  CHECK_EQ(cuMemsetD32Async(p, 3, 16, stream), 0);
  CHECK_EQ(cuMemFreeAsync(p, stream), 0);
  CHECK_EQ(cuStreamSynchronize(stream), 0);
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

TEST(events) {
  Device device;
  CUstream stream = nullptr;
  CUevent start = nullptr, end = nullptr, untimed = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 0), 0);
  CHECK_EQ(cuEventCreate(&start, 0), 0);
  CHECK_EQ(cuEventCreate(&end, 0), 0);
  CHECK_EQ(cuEventCreate(&untimed, 2), 0);
  float ms = -1;
  CHECK_EQ(cuEventElapsedTime_v2(&ms, start, end), CUDA_ERROR_INVALID_HANDLE);
  CHECK_EQ(cuEventQuery(start), 0); // never recorded counts as complete
  CHECK_EQ(cuEventRecord(start, stream), 0);
  CHECK_EQ(cuEventRecord(end, stream), 0);
  CHECK_EQ(cuEventElapsedTime_v2(&ms, start, end), CUDA_ERROR_NOT_READY);
  CHECK_EQ(cuEventSynchronize(end), 0);
  CHECK_EQ(cuEventElapsedTime_v2(&ms, start, end), 0);
  CHECK(ms >= 0);
  CHECK_EQ(cuEventRecord(untimed, stream), 0);
  CHECK_EQ(cuEventSynchronize(untimed), 0);
  CHECK_EQ(cuEventElapsedTime_v2(&ms, start, untimed), CUDA_ERROR_INVALID_HANDLE);
  CHECK_EQ(cuEventRecord(nullptr, stream), CUDA_ERROR_INVALID_HANDLE);
  for (CUevent e : {start, end, untimed}) CHECK_EQ(cuEventDestroy_v2(e), 0);
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

TEST(launch_arguments) {
  Device device;
  const CUfunction f =
      device.kernel(module(".param .u64 out, .param .u32 value",
                           "ld.param.u64 %rd1, [out];\nld.param.u32 %r1, [value];\nst.global.u32 [%rd1], %r1;\n"));
  CUdeviceptr out = device.allocate(4);
  uint32_t value = 42;
  std::vector<void*> p = {&out, &value};
  CHECK_EQ(cuLaunchKernel(f, 0, 1, 1, 1, 1, 1, 0, nullptr, p.data(), nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1025, 1, 1, 0, nullptr, p.data(), nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1, 1, 65, 0, nullptr, p.data(), nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(f, 1, 65536, 1, 1, 1, 1, 0, nullptr, p.data(), nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, 50000, nullptr, p.data(), nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(reinterpret_cast<CUfunction>(&value), 1, 1, 1, 1, 1, 1, 0, nullptr, p.data(), nullptr),
           CUDA_ERROR_INVALID_HANDLE);
  CHECK_EQ(cuFuncSetAttribute(f, 8, 100000), 0);
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, 50000, nullptr, p.data(), nullptr), 0);
  value = 43; // parameters are copied by the launch
  CHECK_EQ(device.download<uint32_t>(out, 1)[0], 42);
  struct {
    CUdeviceptr out;
    uint32_t value;
  } packed = {out, 77};
  size_t size = sizeof packed;
  void* extra[] = {reinterpret_cast<void*>(1), &packed, reinterpret_cast<void*>(2), &size, nullptr};
  CHECK_EQ(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, extra), 0);
  CHECK_EQ(device.download<uint32_t>(out, 1)[0], 77);
}

TEST(dependent_launch) {
  Device device;
  device.expectReports();
  const CUfunction f = device.kernel(
      module(".param .u64 out",
             "ld.param.u64 %rd1, [out];\ngriddepcontrol.wait;\ngriddepcontrol.launch_dependents;\nmov.u32 %r1, "
             "5;\nst.global.u32 [%rd1], %r1;\n"));
  CUdeviceptr out = device.allocate(4);
  std::vector<void*> p = {&out};
  CUlaunchAttribute attribute = {6, {}, {}};
  attribute.value.programmaticStreamSerializationAllowed = 1;
  CUlaunchConfig config = {1, 1, 1, 1, 1, 1, 0, nullptr, &attribute, 1};
  CHECK_EQ(cuLaunchKernelEx(nullptr, f, p.data(), nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernelEx(&config, f, p.data(), nullptr), 0);
  CHECK_EQ(device.download<uint32_t>(out, 1)[0], 5);
  CHECK_EQ(report().size(), 0);
  cudasim_set_option("capability", 80);
  CHECK_EQ(cuLaunchKernelEx(&config, f, p.data(), nullptr), CUDA_ERROR_NOT_SUPPORTED);
  cudasim_set_option("capability", 90);
  attribute.id = 4; // a cluster
  CHECK_EQ(cuLaunchKernelEx(&config, f, p.data(), nullptr), CUDA_ERROR_NOT_SUPPORTED);
}

TEST(not_emulated_says_so) {
  Device device;
  device.expectReports();
  CHECK_EQ(cuTexObjectCreate(), CUDA_ERROR_NOT_SUPPORTED);
  CHECK_CONTAINS(report(), "cuTexObjectCreate is not emulated");
}

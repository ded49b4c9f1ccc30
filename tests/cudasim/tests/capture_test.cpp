// SPDX-License-Identifier: Apache-2.0
// Stream capture and graphs.
#include <thread>

#include "harness.h"

namespace {

const char* const kIncrement =
    "ld.param.u64 %rd1, [out];\nld.global.u32 %r1, [%rd1];\nld.param.u32 %r2, [by];\nadd.s32 %r1, %r1, "
    "%r2;\nst.global.u32 [%rd1], %r1;\n";

struct Fixture {
  Device device;
  CUstream stream = nullptr;
  CUfunction add;
  CUdeviceptr word;
  explicit Fixture(bool reports = false) {
    if (reports) device.expectReports();
    CHECK_EQ(cuStreamCreate(&stream, 1), 0);
    add = device.kernel(module(".param .u64 out, .param .u32 by", kIncrement));
    word = device.upload(std::vector<uint32_t>{0});
  }
  ~Fixture() { CHECK_EQ(cuStreamDestroy_v2(stream), 0); }
  CUresult step(uint32_t by) { return launch(add, {&word, &by}, 1, 1, 0, stream); }
  uint32_t value() { return device.download<uint32_t>(word, 1)[0]; }
};

} // namespace

TEST(capture_records_and_does_not_run) {
  Fixture f;
  CHECK_EQ(cuStreamBeginCapture_v2(f.stream, 0), 0);
  int capturing = 0;
  CHECK_EQ(cuStreamIsCapturing(f.stream, &capturing), 0);
  CHECK_EQ(capturing, 1);
  CHECK_EQ(cuMemsetD32Async(f.word, 100, 1, f.stream), 0);
  CHECK_EQ(f.step(5), 0);
  CHECK_EQ(f.step(7), 0);
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(f.stream, &graph), 0);
  CHECK_EQ(f.value(), 0);
  size_t nodes = 0;
  CHECK_EQ(cuGraphGetNodes(graph, nullptr, &nodes), 0);
  CHECK_EQ(nodes, 3);
  CUgraphExec exec = nullptr;
  CHECK_EQ(cuGraphInstantiateWithFlags(&exec, graph, 0), 0);
  CHECK_EQ(cuGraphDestroy(graph), 0); // the executable graph lives on
  CHECK_EQ(cuGraphLaunch(exec, f.stream), 0);
  CHECK_EQ(cuStreamSynchronize(f.stream), 0);
  CHECK_EQ(f.value(), 112);
  CHECK_EQ(f.step(1), 0);
  CHECK_EQ(cuGraphLaunch(exec, f.stream), 0);
  CHECK_EQ(cuStreamSynchronize(f.stream), 0);
  CHECK_EQ(f.value(), 112);
  CHECK_EQ(cuGraphExecDestroy(exec), 0);
  CHECK_EQ(cuGraphExecDestroy(exec), CUDA_ERROR_INVALID_HANDLE);
}

TEST(capture_forbids_waiting) {
  Fixture f;
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamBeginCapture_v2(f.stream, 0), 0);
  CHECK_EQ(cuStreamSynchronize(f.stream), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  CHECK_EQ(f.step(1), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  CHECK_EQ(cuStreamEndCapture(f.stream, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  CHECK(graph == nullptr);
  CHECK_EQ(f.step(1), 0); // usable again
  CHECK_EQ(cuStreamSynchronize(f.stream), 0);
  CHECK_EQ(f.value(), 1);
}

TEST(capture_forbids_unsafe_calls) {
  for (const int mode : {0, 1, 2}) {
    Fixture f;
    CUgraph graph = nullptr;
    CUdeviceptr p = 0;
    CHECK_EQ(cuStreamBeginCapture_v2(f.stream, mode), 0);
    const CUresult expected = mode == 2 ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    CHECK_EQ(cuMemAlloc_v2(&p, 64), expected);
    CHECK_EQ(cuStreamEndCapture(f.stream, &graph), mode == 2 ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    if (mode == 2) {
      CHECK_EQ(cuMemFree_v2(p), 0);
      CHECK_EQ(cuGraphDestroy(graph), 0);
    }
  }
}

TEST(capture_forbids_pageable_copies_and_legacy_stream) {
  Fixture f;
  CUgraph graph = nullptr;
  uint32_t host = 3;
  CHECK_EQ(cuStreamBeginCapture_v2(f.stream, 0), 0);
  CHECK_EQ(cuMemcpyHtoDAsync_v2(f.word, &host, 4, f.stream), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  CHECK_EQ(cuStreamEndCapture(f.stream, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  CHECK_EQ(cuStreamBeginCapture_v2(nullptr, 0), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  CUstream blocking = nullptr;
  CHECK_EQ(cuStreamCreate(&blocking, 0), 0);
  CHECK_EQ(cuStreamBeginCapture_v2(blocking, 2), 0);
  CHECK_EQ(cuMemsetD32Async(f.word, 0, 1, nullptr), CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
  CHECK_EQ(cuStreamEndCapture(blocking, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  CHECK_EQ(cuStreamDestroy_v2(blocking), 0);
}

TEST(capture_of_two_streams) {
  Fixture f;
  CUstream side = nullptr;
  CUevent fork = nullptr, join = nullptr;
  CHECK_EQ(cuStreamCreate(&side, 1), 0);
  CHECK_EQ(cuEventCreate(&fork, 2), 0);
  CHECK_EQ(cuEventCreate(&join, 2), 0);
  for (const bool joined : {true, false}) {
    CHECK_EQ(cuStreamBeginCapture_v2(f.stream, 0), 0);
    CHECK_EQ(f.step(1), 0);
    CHECK_EQ(cuEventRecord(fork, f.stream), 0);
    CHECK_EQ(cuEventSynchronize(fork), CUDA_ERROR_CAPTURED_EVENT);
    CHECK_EQ(cuStreamWaitEvent(side, fork, 0), 0);
    uint32_t ten = 10;
    CHECK_EQ(launch(f.add, {&f.word, &ten}, 1, 1, 0, side), 0);
    CHECK_EQ(cuEventRecord(join, side), 0);
    if (joined) CHECK_EQ(cuStreamWaitEvent(f.stream, join, 0), 0);
    CUgraph graph = nullptr;
    CHECK_EQ(cuStreamEndCapture(f.stream, &graph), joined ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
    if (!joined) continue;
    CUgraphExec exec = nullptr;
    CHECK_EQ(cuGraphInstantiateWithFlags(&exec, graph, 0), 0);
    CHECK_EQ(cuGraphLaunch(exec, f.stream), 0);
    CHECK_EQ(cuStreamSynchronize(f.stream), 0);
    CHECK_EQ(f.value(), 11);
    CHECK_EQ(cuGraphExecDestroy(exec), 0);
    CHECK_EQ(cuGraphDestroy(graph), 0);
  }
  CHECK_EQ(cuEventDestroy_v2(fork), 0);
  CHECK_EQ(cuEventDestroy_v2(join), 0);
  CHECK_EQ(cuStreamDestroy_v2(side), 0);
}

TEST(capture_ends_on_its_thread) {
  Fixture f;
  CHECK_EQ(cuStreamBeginCapture_v2(f.stream, 1), 0);
  CUresult rc = CUDA_SUCCESS;
  CUgraph graph = nullptr;
  std::thread other([&] {
    cuCtxSetCurrent(f.device.context());
    rc = cuStreamEndCapture(f.stream, &graph);
    CUdeviceptr p = 0;
    CHECK_EQ(cuMemAlloc_v2(&p, 4), 0); // thread-local capture: other threads may
    CHECK_EQ(cuMemFree_v2(p), 0);
  });
  other.join();
  CHECK_EQ(rc, CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
  CHECK_EQ(cuStreamEndCapture(f.stream, &graph), 0);
  CHECK_EQ(cuGraphDestroy(graph), 0);
}

TEST(graph_of_an_unloaded_module) {
  Fixture f(true);
  CUmodule m = nullptr;
  CUfunction k = nullptr;
  CHECK_EQ(cuModuleLoadData(&m, module(".param .u64 out, .param .u32 by", kIncrement).c_str()), 0);
  CHECK_EQ(cuModuleGetFunction(&k, m, "k"), 0);
  CHECK_EQ(cuStreamBeginCapture_v2(f.stream, 2), 0);
  uint32_t by = 1;
  CHECK_EQ(launch(k, {&f.word, &by}, 1, 1, 0, f.stream), 0);
  CUgraph graph = nullptr;
  CUgraphExec exec = nullptr;
  CHECK_EQ(cuStreamEndCapture(f.stream, &graph), 0);
  CHECK_EQ(cuGraphInstantiateWithFlags(&exec, graph, 0), 0);
  CHECK_EQ(cuModuleUnload(m), 0);
  CHECK_EQ(cuGraphLaunch(exec, f.stream), 0);
  CHECK_EQ(cuStreamSynchronize(f.stream), 700);
  CHECK_CONTAINS(report(), "whose module was unloaded");
  CHECK_EQ(cuGraphExecDestroy(exec), 0);
  CHECK_EQ(cuGraphDestroy(graph), 0);
}

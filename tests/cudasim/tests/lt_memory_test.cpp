// SPDX-License-Identifier: Apache-2.0
// The memory that a product reads and writes, when it runs and when it is captured.
#include "lt_rules.h"

TEST(lt_product_is_judged_and_captured) {
  {
    Rules r;
    r.pb += 16; // four floats beyond the end
    CHECK_EQ(r.run(), 0);
    CHECK_EQ(cuCtxSynchronize(), 700);
    CHECK_CONTAINS(report(), "cublasLtMatmul: B, 128 bytes");
    CHECK_EQ(r.run(), lt::kExecutionFailed);
  }
  Rules r;
  CUstream stream = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CHECK_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  const auto pointer = [](CUdeviceptr p) { return reinterpret_cast<void*>(p); };
  CHECK_EQ(cublasLtMatmul(r.handle, r.desc, &r.one, pointer(r.pa), r.a, pointer(r.pb), r.b, &r.zero, pointer(r.pd), r.d,
                          pointer(r.pd), r.d, nullptr, nullptr, 0, stream),
           0);
  CUgraph graph = nullptr;
  CUgraphExec exec = nullptr;
  CHECK_EQ(cuStreamEndCapture(stream, &graph), 0);
  CHECK_EQ(cuGraphInstantiateWithFlags(&exec, graph, 0), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
  CHECK_EQ(r.device.download<uint32_t>(r.pd, 1)[0], 0xffffffffu);
  CHECK_EQ(cuGraphLaunch(exec, stream), 0);
  CHECK_EQ(cuStreamSynchronize(stream), 0);
  CHECK_EQ(r.device.download<float>(r.pd, 1)[0], 8);
  CHECK_EQ(cuGraphExecDestroy(exec), 0);
  CHECK_EQ(cuGraphDestroy(graph), 0);
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

TEST(lt_product_reads_what_was_written) {
  const auto run = [](auto prepare) {
    cudasim_clear_report();
    Rules r;
    prepare(r);
    CHECK_EQ(r.run(), 0);
    return cuCtxSynchronize();
  };
  CHECK_EQ(run([](Rules& r) { r.pa = r.device.allocate(16 * 8 * 4); }), 719);
  CHECK_CONTAINS(report(), "cublasLtMatmul: A, reads memory that nobody has written");
  const auto with = [](uint32_t epilogue, bool bias, bool aux) {
    return [=](Rules& r) {
      r.set(kAttrEpilogue, epilogue);
      r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
      r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
      r.set(kAttrAuxLd, 128, 8);
      if (bias) CHECK_EQ(cuMemsetD32_v2(r.bias, 0, 16), 0);
      if (aux) CHECK_EQ(cuMemsetD32_v2(r.aux, 1, 13), 0); // 4 columns of 2 bytes, 16 apart
    };
  };
  CHECK_EQ(run(with(lt::kBias, false, false)), 719);
  CHECK_CONTAINS(report(), "cublasLtMatmul: bias, reads");
  CHECK_EQ(run(with(lt::kBias, true, false)), 0);
  CHECK_EQ(run(with(lt::kDRelu | lt::kAux | lt::kBGrad, false, false)), 719);
  CHECK_CONTAINS(report(), "cublasLtMatmul: aux, reads");
  CHECK_EQ(run(with(lt::kDRelu | lt::kAux | lt::kBGrad, false, true)), 0);
  // Its results are written: the next product may read them, but not what lies between their lines.
  Rules r(lt::kCompute32F, 8, 20);
  r.pd = r.device.allocate(4 * 20 * 4);
  CHECK_EQ(r.run(), 0);
  r.pa = r.pd;
  CHECK_EQ(cublasLtMatrixLayoutDestroy(r.a), 0);
  CHECK_EQ(cublasLtMatrixLayoutCreate(&r.a, lt::kF32, 16, 4, 20), 0);
  CHECK_EQ(cublasLtMatrixLayoutDestroy(r.b), 0);
  CHECK_EQ(cublasLtMatrixLayoutCreate(&r.b, lt::kF32, 4, 4, 4), 0);
  const CUdeviceptr lines = r.pd;
  r.pd = r.device.allocate(4 * 20 * 4);
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
  CHECK_EQ(cublasLtMatrixLayoutDestroy(r.a), 0);
  CHECK_EQ(cublasLtMatrixLayoutCreate(&r.a, lt::kF32, 20, 4, 20), 0);
  CHECK_EQ(cublasLtMatrixLayoutDestroy(r.d), 0);
  CHECK_EQ(cublasLtMatrixLayoutCreate(&r.d, lt::kF32, 20, 4, 20), 0);
  CHECK_EQ(r.pa, lines);
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(cuCtxSynchronize(), 719);
}

// SPDX-License-Identifier: Apache-2.0
// A product with all its objects, for tests of cublasLtMatmul and its heuristic.
#pragma once

#include "harness.h"
#include "lt_api.h"

struct Rules {
  Device device;
  LtHandle handle = nullptr;
  LtMatmulDesc desc = nullptr;
  LtLayout a = nullptr, b = nullptr, d = nullptr;
  LtPreference preference = nullptr;
  CUdeviceptr pa, pb, pd, bias, aux, workspace;
  float one = 1, zero = 0;

  Rules(int compute = lt::kCompute32F, int64_t k = 8, int64_t ldd = 16) {
    device.expectReports();
    CHECK_EQ(cublasLtCreate(&handle), 0);
    CHECK_EQ(cublasLtMatmulDescCreate(&desc, compute, lt::kF32), 0);
    CHECK_EQ(cublasLtMatrixLayoutCreate(&a, lt::kF32, 16, static_cast<uint64_t>(k), 16), 0);
    CHECK_EQ(cublasLtMatrixLayoutCreate(&b, lt::kF32, static_cast<uint64_t>(k), 4, k), 0);
    CHECK_EQ(cublasLtMatrixLayoutCreate(&d, lt::kF32, 16, 4, ldd), 0);
    CHECK_EQ(cublasLtMatmulPreferenceCreate(&preference), 0);
    pa = device.upload(std::vector<float>(static_cast<size_t>(16 * k), 1));
    pb = device.upload(std::vector<float>(static_cast<size_t>(4 * k), 1));
    pd = device.allocate(16 * 4 * 4 + 64);
    bias = device.allocate(64);
    aux = device.allocate(512);
    workspace = device.allocate(4096);
  }
  ~Rules() {
    cuCtxSynchronize();
    cublasLtMatmulPreferenceDestroy(preference);
    for (LtLayout l : {a, b, d}) cublasLtMatrixLayoutDestroy(l);
    cublasLtMatmulDescDestroy(desc);
    cublasLtDestroy(handle);
  }
  void set(int id, int64_t value, size_t bytes = 4) {
    CHECK_EQ(cublasLtMatmulDescSetAttribute(desc, id, &value, bytes), 0);
  }
  int run(const lt::Algo* algo = nullptr, uint64_t workspaceAt = 0, size_t workspaceBytes = 0) {
    const auto pointer = [](CUdeviceptr p) { return reinterpret_cast<void*>(p); };
    return cublasLtMatmul(handle, desc, &one, pointer(pa), a, pointer(pb), b, &zero, pointer(pd), d, pointer(pd), d,
                          algo, pointer(workspaceAt), workspaceBytes, nullptr);
  }
  void reshapeA(uint64_t rows, uint64_t cols) {
    CHECK_EQ(cublasLtMatrixLayoutDestroy(a), 0);
    CHECK_EQ(cublasLtMatrixLayoutCreate(&a, lt::kF32, rows, cols, static_cast<int64_t>(rows)), 0);
  }
  std::vector<lt::HeuristicResult> heuristics(int requested, int expected = 0) {
    std::vector<lt::HeuristicResult> results(static_cast<size_t>(requested));
    int count = -1;
    CHECK_EQ(cublasLtMatmulAlgoGetHeuristic(handle, desc, a, b, d, d, preference, requested, results.data(), &count),
             expected);
    results.resize(static_cast<size_t>(count));
    return results;
  }
  int heuristic(lt::HeuristicResult& result, int requested = 1) {
    int count = -1;
    const int rc = cublasLtMatmulAlgoGetHeuristic(handle, desc, a, b, d, d, preference, requested, &result, &count);
    if (rc == 0) CHECK_EQ(count, 1);
    return rc;
  }
  void prefer(int id, uint64_t value, size_t bytes = 4) {
    CHECK_EQ(cublasLtMatmulPreferenceSetAttribute(preference, id, &value, bytes), 0);
  }
};

inline const lt::Algo* algoOf(const lt::HeuristicResult& r) { return reinterpret_cast<const lt::Algo*>(r.algo); }

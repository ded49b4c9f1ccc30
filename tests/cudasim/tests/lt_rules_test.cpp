// SPDX-License-Identifier: Apache-2.0
// Arguments that cublasLtMatmul and its heuristic must refuse.
#include "lt_rules.h"

namespace {

constexpr int kInvalid = lt::kInvalidValue, kNo = lt::kNotSupported;

} // namespace

TEST(lt_rules_shapes_and_leading_dimensions) {
  {
    Rules r;
    CHECK_EQ(r.run(), 0);
    CHECK_EQ(cuCtxSynchronize(), 0);
  }
  {
    Rules r(lt::kCompute32F, 8, 15);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "leading dimension");
  }
  {
    Rules r;
    r.set(kAttrTransA, 1);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "do not fit");
  }
  {
    Rules r;
    r.set(5, 1);
    CHECK_EQ(r.run(), kNo);
  } // TRANSC
  {
    Rules r;
    int64_t two = 2;
    CHECK_EQ(cublasLtMatrixLayoutSetAttribute(r.b, 5, &two, 4), 0);
    CHECK_EQ(r.run(), kInvalid);
  }
}

TEST(lt_rules_types) {
  {
    Rules r(70);
    CHECK_EQ(r.run(), kNo);
  }  // COMPUTE_64F with float32 matrices
  {
    Rules r;
    uint32_t bf16 = lt::kBf16;
    CHECK_EQ(cublasLtMatrixLayoutSetAttribute(r.a, 0, &bf16, 4), 0);
    CHECK_EQ(r.run(), kNo);
  }
  {
    Rules r;
    r.set(kAttrEpilogue, lt::kBias);
    r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
    r.set(kAttrBiasType, lt::kBf16);
    CHECK_EQ(r.run(), kNo);
  }
  {
    Rules r;
    r.set(17, 64, 8);
    CHECK_EQ(r.run(), kInvalid);
  } // A_SCALE_POINTER without narrow types
}

TEST(lt_rules_epilogues) {
  {
    Rules r;
    r.set(kAttrEpilogue, 3);
    CHECK_EQ(r.run(), kInvalid);
  }
  {
    Rules r;
    r.set(kAttrEpilogue, lt::kBias);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "BIAS_POINTER");
  }
  const uint32_t reluAux = lt::kRelu | lt::kAux;
  {
    Rules r;
    r.set(kAttrEpilogue, reluAux);
    r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "AUX_LD");
  }
  {
    Rules r;
    r.set(kAttrEpilogue, reluAux);
    r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
    r.set(kAttrAuxLd, 64, 8);
    CHECK_EQ(r.run(), kInvalid);
  }
  {
    Rules r;
    r.set(kAttrEpilogue, reluAux);
    r.set(kAttrAuxLd, 128, 8);
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "AUX_POINTER");
  }
  {
    Rules r;
    r.set(kAttrEpilogue, reluAux);
    r.set(kAttrAux, static_cast<int64_t>(r.aux) + 4, 8);
    r.set(kAttrAuxLd, 128, 8);
    CHECK_EQ(r.run(), kInvalid);
  }
  {
    Rules r;
    r.set(kAttrEpilogue, reluAux);
    r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
    r.set(kAttrAuxLd, 128, 8);
    CHECK_EQ(r.run(), 0);
    CHECK_EQ(cuCtxSynchronize(), 0);
  }
  {
    Rules r;
    r.set(kAttrEpilogue, lt::kGelu | lt::kAux);
    r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
    r.set(kAttrAuxLd, 20, 8);
    CHECK_EQ(r.run(), kInvalid);
  }
  { // bias with ReLU and D in row order
    Rules r;
    int row = 1;
    int64_t ld[] = {8, 4, 4};
    LtLayout layouts[] = {r.a, r.b, r.d};
    for (int i = 0; i < 3; ++i) {
      CHECK_EQ(cublasLtMatrixLayoutSetAttribute(layouts[i], 1, &row, 4), 0);
      CHECK_EQ(cublasLtMatrixLayoutSetAttribute(layouts[i], 4, &ld[i], 8), 0);
    }
    CHECK_EQ(r.run(), 0);
    r.set(kAttrEpilogue, lt::kRelu | lt::kBias);
    r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
    CHECK_EQ(r.run(), kNo);
  }
}

TEST(lt_rules_bias_gradients_of_factors) {
  const auto with = [](uint32_t epilogue, int ta, int tb) {
    cudasim_clear_report();
    Rules r(lt::kCompute32F, 4); // op(A) 16 x 4, op(B) 4 x 4
    if (ta) r.reshapeA(4, 16);
    r.set(kAttrTransA, ta);
    r.set(kAttrTransB, tb);
    r.set(kAttrEpilogue, epilogue);
    r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
    lt::HeuristicResult result;
    int count = -1;
    const int asked =
        cublasLtMatmulAlgoGetHeuristic(r.handle, r.desc, r.a, r.b, r.d, r.d, r.preference, 1, &result, &count);
    CHECK_EQ(report().size(), 0); // to ask is no mistake
    const int ran = r.run();
    CHECK_EQ(asked, ran);
    CHECK_EQ(cuCtxSynchronize(), 0);
    return ran;
  };
  CHECK_EQ(with(lt::kBGradA, 0, 0), 0);
  CHECK_EQ(with(lt::kBGradA, 0, 1), 0);
  CHECK_EQ(with(lt::kBGradA, 1, 0), kNo);
  CHECK_EQ(with(lt::kBGradB, 0, 1), 0);
  CHECK_EQ(with(lt::kBGradB, 1, 1), 0);
  CHECK_EQ(with(lt::kBGradB, 0, 0), kNo);
}

// nvmath-python: "For BGRADA or BGRADB, there is no layout constraint [...] However currently use COL for BGRADB as
// well to workaround a library issue."
TEST(lt_rules_bias_gradients_and_row_order) {
  for (const uint32_t epilogue : {uint32_t{lt::kBGradA}, uint32_t{lt::kBGradB}}) {
    Rules r(lt::kCompute32F, 4);
    const int row = 1;
    const int64_t ld = 4;
    CHECK_EQ(cublasLtMatrixLayoutSetAttribute(r.d, 1, &row, 4), 0);
    CHECK_EQ(cublasLtMatrixLayoutSetAttribute(r.d, 4, &ld, 8), 0);
    r.set(kAttrTransB, 1);
    r.set(kAttrEpilogue, epilogue);
    r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
    CHECK_EQ(r.run(), epilogue == lt::kBGradA ? 0 : kNo);
    CHECK_EQ(cuCtxSynchronize(), 0);
  }
}

TEST(lt_rules_gradients_need_more_than_one_k) {
  Rules r(lt::kCompute32F, 1);
  r.set(kAttrEpilogue, lt::kDRelu | lt::kAux | lt::kBGrad);
  r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
  r.set(kAttrAuxLd, 128, 8);
  r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
  CHECK_EQ(r.run(), kNo);
  CHECK_CONTAINS(report(), "k = 1");
}

TEST(lt_rules_turing_has_neither_bf16_nor_tf32) {
  CHECK_EQ(cudasim_set_option("capability", 75), 0);
  for (const int compute : {int(lt::kCompute32FFastTf32), int(lt::kCompute32FFast16BF)}) {
    Rules r(compute);
    lt::HeuristicResult result;
    CHECK_EQ(r.heuristic(result), kNo);
    CHECK_EQ(r.run(), kNo);
  }
  {
    Rules r;
    CHECK_EQ(r.run(), 0);
    CHECK_EQ(cuCtxSynchronize(), 0);
  }
  {
    Rules r(lt::kCompute32FFast16F);
    CHECK_EQ(r.run(), 0);
    CHECK_EQ(cuCtxSynchronize(), 0);
  }
  CHECK_EQ(cudasim_set_option("capability", 90), 0);
}

TEST(lt_rules_alignment_without_an_algorithm) {
  for (CUdeviceptr Rules::* moved : {&Rules::pa, &Rules::pb, &Rules::pd}) {
    Rules r;
    r.*moved += 4;
    CHECK_EQ(r.run(), kInvalid);
    CHECK_CONTAINS(report(), "no algorithm was chosen");
  }
  Rules r(lt::kCompute32F, 8, 17); // lines that are not aligned either: loads of single elements
  r.pd += 4;
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
}

TEST(lt_rules_bias_is_as_aligned_as_it_was) {
  Rules r;
  CHECK_EQ(cuMemsetD32_v2(r.bias, 0, 16), 0);
  r.set(kAttrEpilogue, lt::kBias);
  lt::HeuristicResult result;
  r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
  CHECK_EQ(r.heuristic(result), 0);
  CHECK_EQ(r.run(algoOf(result)), 0);
  r.set(kAttrBias, static_cast<int64_t>(r.bias) + 4, 8);
  CHECK_EQ(r.run(algoOf(result)), kInvalid);
  CHECK_CONTAINS(report(), "BIAS_POINTER");
  CHECK_EQ(r.heuristic(result), 0); // knows the pointer now
  CHECK_EQ(algoOf(result)->id, 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
}

TEST(lt_rules_gelu_auxiliary_is_aligned) {
  Rules r;
  r.aux = r.device.allocate(16 * 4 * 4 + 64);
  r.set(kAttrEpilogue, lt::kGelu | lt::kAux);
  r.set(kAttrAuxLd, 16, 8);
  r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
  lt::HeuristicResult result;
  CHECK_EQ(r.heuristic(result), 0);
  CHECK_EQ(r.run(algoOf(result)), 0);
  r.set(kAttrAux, static_cast<int64_t>(r.aux) + 4, 8);
  CHECK_EQ(r.run(algoOf(result)), kInvalid);
  CHECK_EQ(cuCtxSynchronize(), 0);
}

TEST(lt_rules_algorithms) {
  Rules r;
  lt::HeuristicResult result;
  CHECK_EQ(r.heuristic(result, 0), kInvalid);
  CHECK_EQ(r.heuristic(result), 0);
  CHECK_EQ(result.state, 0);
  CHECK_EQ(r.run(algoOf(result)), 0);
  r.set(kAttrEpilogue, lt::kRelu); // another problem
  CHECK_EQ(r.run(algoOf(result)), kInvalid);
  CHECK_CONTAINS(report(), "another problem");
  r.set(kAttrEpilogue, lt::kDefault);
  // The default preference promises 256 bytes: a view at 4 bytes breaks the promise.
  r.pd += 4;
  CHECK_EQ(r.run(algoOf(result)), kInvalid);
  CHECK_CONTAINS(report(), "preference promised");
  r.prefer(8, 4);
  CHECK_EQ(r.heuristic(result), 0);
  CHECK_EQ(r.run(algoOf(result)), 0); // C is not read where beta is 0, so its alignment does not matter
  r.prefer(5, 2);
  CHECK_EQ(r.heuristic(result), kNo);
  lt::Algo garbage{};
  CHECK_EQ(r.run(&garbage), kInvalid);
  CHECK_EQ(cuCtxSynchronize(), 0);
}

TEST(lt_rules_workspace) {
  Rules r(lt::kCompute32F, 4096);
  r.prefer(1, 4096, 8);
  lt::HeuristicResult result;
  CHECK_EQ(r.heuristic(result), 0);
  CHECK_EQ(result.workspaceSize, 512); // two parts of 16 x 4
  CHECK_EQ(r.run(algoOf(result), r.workspace, 511), kInvalid);
  CHECK_EQ(r.run(algoOf(result)), kInvalid);
  CHECK_EQ(r.run(algoOf(result), r.workspace + 16, 4000), kInvalid);
  CHECK_EQ(r.run(algoOf(result), r.workspace, 8192), kInvalid);
  CHECK_EQ(r.run(algoOf(result), r.workspace, 4096), 0);
  r.prefer(1, 0, 8);
  CHECK_EQ(r.heuristic(result), 0);
  CHECK_EQ(result.workspaceSize, 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
}

TEST(lt_rules_attributes_and_handles) {
  Rules r;
  const int64_t v = 0;
  CHECK_EQ(cublasLtMatmulDescSetAttribute(r.desc, kAttrEpilogue, &v, 8), kInvalid);
  CHECK_EQ(cublasLtMatmulDescSetAttribute(r.desc, 9, &v, 4), kInvalid);
  CHECK_EQ(cublasLtMatmulDescSetAttribute(r.desc, kAttrEpilogue, nullptr, 4), kInvalid);
  uint32_t epilogue = 0;
  size_t written = 0;
  CHECK_EQ(cublasLtMatmulDescGetAttribute(r.desc, kAttrEpilogue, &epilogue, 4, &written), 0);
  CHECK_EQ(epilogue, lt::kDefault);
  CHECK_EQ(cublasLtMatmulDescGetAttribute(r.desc, kAttrEpilogue, nullptr, 0, &written), 0);
  CHECK_EQ(written, 4);
  CHECK_EQ(cublasLtMatmulDescGetAttribute(r.desc, kAttrEpilogue, nullptr, 0, nullptr), kInvalid);
  const LtHandle kept = r.handle;
  r.handle = nullptr;
  CHECK_EQ(r.run(), lt::kNotInitialized);
  r.handle = kept;
  CHECK_EQ(cublasLtMatrixTransform(), kNo);
}

TEST(lt_faults) {
  Rules r;
  CHECK_EQ(cudasim_set_faults("cublasLtMatmul:2=13"), 0);
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(r.run(), 13);
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
  CHECK_EQ(cudasim_set_faults("launch:1=719"), 0);
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(cuCtxSynchronize(), 719);
}

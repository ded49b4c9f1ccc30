// SPDX-License-Identifier: Apache-2.0
// The three convolutions against plain loops in double, over all products of the definition.
#include "dnn_rules.h"

namespace {

double tf32(float v) { // rounds to 10 bits of mantissa, ties to even
  if (v == 0) return 0;
  const double scale = std::ldexp(1.0, std::ilogb(static_cast<double>(v)) - 10);
  return std::nearbyint(v / scale) * scale;
}

// The result of a pass: each product of x, filter and y is added to the one that is computed.
std::vector<double> expected(const DnnRules& r, dnn::Kind kind, bool rounded) {
  const DnnShape& o = r.shape;
  const int j = o.c / o.groups, p = o.p(), q = o.q();
  const auto in = [&](float v) { return rounded ? tf32(v) : static_cast<double>(v); };
  std::vector<double> out(kind == dnn::kForward ? r.vy.size() : kind == dnn::kBackwardData ? r.vx.size() : r.vf.size());
  for (int n = 0; n < o.n; ++n)
    for (int oh = 0; oh < p; ++oh)
      for (int ow = 0; ow < q; ++ow)
        for (int k = 0; k < o.k; ++k)
          for (int a = 0; a < o.r; ++a)
            for (int b = 0; b < o.s; ++b) {
              const int h = oh * o.strideH - o.padH + a * o.dilationH, w = ow * o.strideW - o.padW + b * o.dilationW;
              if (h < 0 || h >= o.h || w < 0 || w >= o.w) continue;
              for (int i = 0; i < j; ++i) {
                const int c = k / (o.k / o.groups) * j + i;
                const auto ix = static_cast<size_t>(((n * o.h + h) * o.w + w) * o.c + c);
                const auto iF = static_cast<size_t>(((k * o.r + a) * o.s + b) * j + i);
                const auto iy = static_cast<size_t>(((n * p + oh) * q + ow) * o.k + k);
                if (kind == dnn::kForward) out[iy] += in(r.vx[ix]) * in(r.vf[iF]);
                if (kind == dnn::kBackwardData) out[ix] += in(r.vy[iy]) * in(r.vf[iF]);
                if (kind == dnn::kBackwardFilter) out[iF] += in(r.vx[ix]) * in(r.vy[iy]);
              }
            }
  return out;
}

std::vector<float> result(DnnRules& r, dnn::Kind kind) {
  const CUdeviceptr at = kind == dnn::kForward ? r.py : kind == dnn::kBackwardData ? r.px : r.pf;
  const size_t count = kind == dnn::kForward ? r.vy.size() : kind == dnn::kBackwardData ? r.vx.size() : r.vf.size();
  return r.device.download<float>(at, count);
}

void check(const DnnShape& shape, int math, bool rounded) {
  for (const dnn::Kind kind : kDnnKinds) {
    DnnRules r(shape);
    CHECK_EQ(cudnnSetConvolutionMathType(r.conv, math), 0);
    const std::vector<double> exact = expected(r, kind, rounded);
    CHECK_EQ(r.run(kind), 0);
    const std::vector<float> given = result(r, kind);
    bool close = given.size() == exact.size();
    for (size_t i = 0; close && i < exact.size(); ++i) close = std::fabs(given[i] - exact[i]) < 1e-5;
    if (!close) fail(__FILE__, __LINE__, "kind " + std::to_string(kind) + " differs from the loops");
    CHECK_EQ(report().size(), 0);
  }
}

} // namespace

TEST(dnn_is_the_definition) {
  check({}, dnn::kFmaMath, false);
  check({1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1}, dnn::kFmaMath, false);
  check({3, 8, 8, 3, 5, 4, 4, 1, 1, 2, 2, 1, 1, 1}, dnn::kFmaMath, false);
  check({1, 2, 3, 2, 2, 2, 2, 3, 3, 1, 1, 1, 1, 1}, dnn::kFmaMath, false); // more padding than filter
  check({1, 4, 5, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 6}, dnn::kFmaMath, false); // depthwise
}

TEST(dnn_tensor_cores_round_factors) {
  check({}, dnn::kDefaultMath, true);
  check({}, dnn::kTensorOpMath, true);
  CHECK_EQ(cudasim_set_option("capability", 75), 0); // "pre-A100 [...] Tensor Core kernels will not be selected"
  check({}, dnn::kDefaultMath, false);
  CHECK_EQ(cudasim_set_option("capability", 90), 0);
  CHECK_EQ(cudasim_set_switches("dnn.truncate=on"), 0);
  DnnRules r;
  CHECK_EQ(cudnnSetConvolutionMathType(r.conv, dnn::kDefaultMath), 0);
  const std::vector<double> rounded = expected(r, dnn::kForward, true);
  CHECK_EQ(r.run(dnn::kForward), 0);
  const std::vector<float> cut = result(r, dnn::kForward);
  double most = 0;
  for (size_t i = 0; i < cut.size(); ++i) most = std::fmax(most, std::fabs(cut[i] - rounded[i]));
  CHECK(most > 1e-5 && most < 1e-1);
  CHECK_EQ(cudasim_set_switches(""), 0);
  // IMPLICIT_GEMM is not among the algorithms of the tensor cores.
  DnnRules plain;
  CHECK_EQ(cudnnSetConvolutionMathType(plain.conv, dnn::kDefaultMath), 0);
  const std::vector<double> exact = expected(plain, dnn::kForward, false);
  CHECK_EQ(plain.run(dnn::kForward, 0), 0);
  CHECK(std::fabs(result(plain, dnn::kForward)[3] - exact[3]) < 1e-6);
}

TEST(dnn_scales_and_blends) {
  DnnRules r;
  r.alpha = 2;
  r.beta = 0.5f;
  const double exact = 2 * expected(r, dnn::kForward, false)[5] + 0.5 * r.vy[5];
  CHECK_EQ(r.run(dnn::kForward), 0);
  CHECK(std::fabs(result(r, dnn::kForward)[5] - exact) < 1e-5);
}

TEST(dnn_algorithms_differ_in_bits) {
  DnnRules one({2, 9, 9, 8, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1});
  CHECK_EQ(one.run(dnn::kForward, 0), 0);
  const std::vector<float> zero = result(one, dnn::kForward);
  CHECK_EQ(one.run(dnn::kForward, 1), 0);
  CHECK(zero != result(one, dnn::kForward));
  CHECK_EQ(one.run(dnn::kForward, 0), 0);
  CHECK(zero == result(one, dnn::kForward));
}

TEST(dnn_is_captured_and_judged) {
  DnnRules r;
  CUstream stream = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CHECK_EQ(cudnnSetStream(r.handle, stream), 0);
  const std::vector<double> exact = expected(r, dnn::kForward, false);
  CHECK_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  CHECK_EQ(r.run(dnn::kForward), 0);
  CUgraph graph = nullptr;
  CUgraphExec exec = nullptr;
  CHECK_EQ(cuStreamEndCapture(stream, &graph), 0);
  CHECK_EQ(cuGraphInstantiateWithFlags(&exec, graph, 0), 0);
  CHECK_EQ(r.device.download<float>(r.py, 1)[0], r.vy[0]); // recorded, and not run
  CHECK_EQ(cuGraphLaunch(exec, stream), 0);
  CHECK_EQ(cuStreamSynchronize(stream), 0);
  CHECK(std::fabs(result(r, dnn::kForward)[0] - exact[0]) < 1e-5);
  CHECK_EQ(cuGraphExecDestroy(exec), 0);
  CHECK_EQ(cuGraphDestroy(graph), 0);
  CHECK_EQ(cudnnSetStream(r.handle, nullptr), 0);
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
  r.pf = r.device.allocate(r.vf.size() * 4);
  CHECK_EQ(r.run(dnn::kForward), 0);
  CHECK_EQ(cuCtxSynchronize(), 719);
  CHECK_CONTAINS(report(), "cudnnConvolutionForward: w, reads memory that nobody has written");
  CHECK_EQ(r.run(dnn::kForward), dnn::kExecutionFailed);
}

TEST(dnn_operands_lie_in_one_allocation) {
  DnnRules r;
  r.px += 64;
  CHECK_EQ(r.run(dnn::kBackwardFilter), 0);
  CHECK_EQ(cuCtxSynchronize(), 700);
  CHECK_CONTAINS(report(), "cudnnConvolutionBackwardFilter: x, 640 bytes");
}

// SPDX-License-Identifier: Apache-2.0
// The switch "approx": approximate instructions give other results, within the error that the PTX ISA states.
#include <cmath>

#include "harness.h"

namespace {

constexpr unsigned kThreads = 1024;

std::vector<float> resultsOf(const std::string& instruction, const std::vector<float>& in, const char* approx) {
  CHECK_EQ(cudasim_set_switches(approx), 0);
  std::vector<float> got;
  {
    Device device;
    const CUfunction f = device.kernel(module(".param .u64 in, .param .u64 out",
                                              "ld.param.u64 %rd0, [in];\nld.param.u64 %rd1, [out];\n"
                                              "mov.u32 %r0, %tid.x;\nmul.wide.u32 %rd2, %r0, 4;\n"
                                              "add.s64 %rd0, %rd0, %rd2;\nadd.s64 %rd1, %rd1, %rd2;\n"
                                              "ld.global.f32 %f1, [%rd0];\n" +
                                                  instruction + "\nst.global.f32 [%rd1], %f2;\n"));
    CUdeviceptr pin = device.upload(in), pout = device.allocate(in.size() * 4);
    CHECK_EQ(launch(f, {&pin, &pout}, 1, static_cast<unsigned>(in.size())), 0);
    got = device.download<float>(pout, in.size());
  }
  CHECK_EQ(cudasim_set_switches(""), 0);
  return got;
}

double unitOf(double v) { return std::ldexp(1.0, std::max(std::ilogb(v), -126) - 23); }

// Each result is within the error of the exact one, and few are the rounded one; the same operand gives the same
// result; the ends are on their side of what is scattered between them.
void expectWithin(const char* file, int line, const std::string& instruction, float least, float most,
                  double (*exact)(double), double (*error)(double operand, double exact)) {
  std::vector<float> in(kThreads);
  for (unsigned i = 0; i < kThreads; ++i) {
    in[i] = least + (most - least) * static_cast<float>(i / 2) / static_cast<float>(kThreads / 2);
  }
  const auto rounded = resultsOf(instruction, in, ""), low = resultsOf(instruction, in, "approx=low"),
             high = resultsOf(instruction, in, "approx=high"),
             scattered = resultsOf(instruction, in, "approx=scattered");
  int changed = 0, below = 0, above = 0;
  for (unsigned i = 0; i < kThreads; ++i) {
    const double right = exact(static_cast<double>(in[i])), off = error(static_cast<double>(in[i]), right);
    for (const float v : {rounded[i], low[i], high[i], scattered[i]}) {
      if (std::fabs(v - right) <= off) continue;
      fail(file, line, instruction + " of " + std::to_string(in[i]) + " is off by " + std::to_string(v - right));
    }
    if (low[i] > scattered[i] || scattered[i] > high[i]) fail(file, line, instruction + ": not between its ends");
    if (scattered[i] != scattered[i ^ 1]) fail(file, line, instruction + ": two results of one operand");
    changed += scattered[i] != rounded[i];
    below += low[i] < rounded[i];
    above += high[i] > rounded[i];
  }
  if (changed < 300 || below + above < 800) {
    fail(file, line, instruction + ": only " + std::to_string(changed) + " results changed");
  }
}
#define WITHIN(...) expectWithin(__FILE__, __LINE__, __VA_ARGS__)

} // namespace

TEST(approximations_are_within_their_error) {
  const auto twoFromRounded = [](double, double v) {
    return 2 * unitOf(v) + std::fabs(static_cast<double>(static_cast<float>(v)) - v);
  };
  WITHIN("ex2.approx.ftz.f32 %f2, %f1;", -20.0f, 20.0f, std::exp2, twoFromRounded);
  WITHIN("ex2.approx.f32 %f2, %f1;", -149.0f, -120.0f, std::exp2, twoFromRounded);
  WITHIN(
      "rcp.approx.ftz.f32 %f2, %f1;", 0.1f, 7.0f, [](double x) { return 1 / x; },
      [](double, double v) { return unitOf(v); });
  WITHIN(
      "mov.f32 %f3, 0f40490fdb;\ndiv.approx.f32 %f2, %f3, %f1;", 0.1f, 7.0f,
      [](double x) { return static_cast<double>(3.14159274f) / x; }, [](double, double v) { return 2 * unitOf(v); });
  WITHIN(
      "mov.f32 %f3, 0f40490fdb;\ndiv.full.ftz.f32 %f2, %f3, %f1;", -7.0f, -0.1f,
      [](double x) { return static_cast<double>(3.14159274f) / x; }, [](double, double v) { return 2 * unitOf(v); });
  WITHIN(
      "rsqrt.approx.f32 %f2, %f1;", 0.1f, 70.0f, [](double x) { return 1 / std::sqrt(x); },
      [](double, double v) { return v * std::exp2(-22.9); });
  WITHIN("sqrt.approx.ftz.f32 %f2, %f1;", 0.1f, 70.0f, std::sqrt, [](double, double v) { return v * 0x1p-23; });
  WITHIN("sin.approx.f32 %f2, %f1;", 0.01f, 6.0f, std::sin, [](double, double) { return std::exp2(-20.5); });
  WITHIN("cos.approx.f32 %f2, %f1;", 7.0f, 300.0f, std::cos, [](double, double) { return std::exp2(-14.7); });
  WITHIN("lg2.approx.ftz.f32 %f2, %f1;", 0.55f, 1.9f, std::log2, [](double, double) { return 0x1p-22; });
  WITHIN("lg2.approx.f32 %f2, %f1;", 2.1f, 1e6f, std::log2, [](double, double v) { return std::fabs(v) * 0x1p-22; });
  WITHIN("tanh.approx.f32 %f2, %f1;", -3.0f, 3.01f, std::tanh, [](double, double v) { return std::fabs(v) * 0x1p-11; });
}

// The upper 32 bits of the result are moved by one at most.
TEST(approximate_reciprocals_of_doubles_move_by_a_unit) {
  const float three = 3.0f;
  const std::string through =
      "cvt.f64.f32 %fd1, %f1;\nrcp.approx.ftz.f64 %fd2, %fd1;\nmov.b64 {%r1, %r2}, %fd2;\n"
      "mov.b32 %f2, %r2;";
  const auto upper = [&](const char* approx) { return as<uint32_t>(resultsOf(through, {three}, approx)[0]); };
  CHECK_EQ(upper(""), 0x3fd55555);
  CHECK_EQ(upper("approx=low"), 0x3fd55554);
  CHECK_EQ(upper("approx=high"), 0x3fd55556);
}

// The tables of results for special operands hold whatever the switch.
TEST(approximations_of_special_operands_are_exact) {
  const float inf = INFINITY, nan = NAN;
  const std::vector<float> in = {0.0f, -0.0f, inf, -inf, nan};
  const struct {
    const char* instruction;
    std::vector<float> expected;
  } tables[] = {{"ex2.approx.f32 %f2, %f1;", {1, 1, inf, 0, nan}},
                {"rcp.approx.f32 %f2, %f1;", {inf, -inf, 0, -0.0f, nan}},
                {"sqrt.approx.f32 %f2, %f1;", {0, -0.0f, inf, nan, nan}},
                {"rsqrt.approx.f32 %f2, %f1;", {inf, -inf, 0, nan, nan}},
                {"sin.approx.f32 %f2, %f1;", {0, -0.0f, nan, nan, nan}},
                {"cos.approx.f32 %f2, %f1;", {1, 1, nan, nan, nan}},
                {"lg2.approx.f32 %f2, %f1;", {-inf, -inf, inf, nan, nan}},
                {"tanh.approx.f32 %f2, %f1;", {0, -0.0f, 1, -1, nan}}};
  for (const char* approx : {"", "approx=scattered", "approx=low", "approx=high"}) {
    for (const auto& table : tables) {
      const auto got = resultsOf(table.instruction, in, approx);
      for (size_t i = 0; i < in.size(); ++i) {
        const bool same = std::isnan(table.expected[i]) ? std::isnan(got[i])
                                                        : as<uint32_t>(got[i]) == as<uint32_t>(table.expected[i]);
        if (!same)
          fail(__FILE__, __LINE__, std::string(table.instruction) + " " + approx + ": " + std::to_string(got[i]));
      }
    }
  }
}

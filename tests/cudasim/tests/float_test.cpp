// SPDX-License-Identifier: Apache-2.0
// Floating point instructions: rounding modes, NaN and zero rules, ftz, sat, approximations.
#include <cmath>
#include <limits>

#include "harness.h"

namespace {
const float inf = std::numeric_limits<float>::infinity();
const uint64_t nan32 = 0x7fffffff;
const uint64_t tiny = 1; // the smallest subnormal float
} // namespace

TEST(float_add_rounding) {
  // 1 + 2^-24 lies half way between 1 and its successor.
  const uint64_t one = F(1.0f), half = F(0x1p-24f), next = 0x3f800001;
  ROWS("add.rn.f32 d, a, b;", "b32", {"b32", "b32"}, {{{one, half}, one}, {{one, F(0x1.8p-24f)}, next}});
  ROWS("add.rz.f32 d, a, b;", "b32", {"b32", "b32"},
       {{{one, F(0x1.8p-24f)}, one}, {{F(-1.0f), F(-0x1.8p-24f)}, F(-1.0f)}});
  ROWS("add.rp.f32 d, a, b;", "b32", {"b32", "b32"}, {{{one, half}, next}, {{F(-1.0f), F(-0x1p-24f)}, F(-1.0f)}});
  ROWS("add.rm.f32 d, a, b;", "b32", {"b32", "b32"}, {{{one, half}, one}, {{F(-1.0f), F(-0x1p-24f)}, 0xbf800001}});
  ROWS("add.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(inf), F(-inf)}, nan32}, {{0x7fc12345, one}, nan32}});
  ROWS("sub.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(3.5f), F(1.25f)}, F(2.25f)}});
}

TEST(float_ftz_and_sat) {
  ROWS("add.f32 d, a, b;", "b32", {"b32", "b32"}, {{{tiny, tiny}, 2}});
  ROWS("add.ftz.f32 d, a, b;", "b32", {"b32", "b32"}, {{{tiny, tiny}, 0}, {{0x80000001, 0x80000001}, 0x80000000}});
  ROWS("mul.ftz.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(0x1p-100f), F(0x1p-40f)}, 0}});
  ROWS("add.sat.f32 d, a, b;", "b32", {"b32", "b32"},
       {{{F(0.75f), F(0.75f)}, F(1.0f)}, {{F(-3.0f), F(1.0f)}, 0}, {{nan32, 0}, 0}});
  ROWS("fma.rn.ftz.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{F(0x1p-100f), F(0x1p-40f), 0}, 0}});
}

TEST(float_fma_is_fused) {
  // (1 + 2^-12)^2 - (1 + 2^-11) = 2^-24: a product rounded first would give 0.
  ROWS("fma.rn.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"},
       {{{F(1 + 0x1p-12f), F(1 + 0x1p-12f), F(-(1 + 0x1p-11f))}, F(0x1p-24f)}});
  ROWS("fma.rm.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{F(1.0f), F(1.0f), F(0x1.8p-24f)}, F(1.0f)}});
  ROWS("fma.rp.f64 d, a, b, c;", "b64", {"b64", "b64", "b64"}, {{{D(1.0), D(1.0), D(0x1p-60)}, D(1 + 0x1p-52)}});
  ROWS("mad.rn.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{F(2.0f), F(3.0f), F(4.0f)}, F(10.0f)}});
  // Contraction must not happen: mul then add rounds twice.
  ROWS(".reg .b32 x;\nmul.rn.f32 x, a, b;\nadd.rn.f32 d, x, c;", "b32", {"b32", "b32", "b32"},
       {{{F(1 + 0x1p-12f), F(1 + 0x1p-12f), F(-(1 + 0x1p-11f))}, 0}});
}

TEST(float_min_max) {
  const uint64_t zero = F(0.0f), minus = F(-0.0f);
  ROWS("min.f32 d, a, b;", "b32", {"b32", "b32"},
       {{{nan32, F(1.0f)}, F(1.0f)}, {{zero, minus}, minus}, {{minus, zero}, minus}, {{nan32, nan32}, nan32}});
  ROWS("max.f32 d, a, b;", "b32", {"b32", "b32"},
       {{{F(1.0f), nan32}, F(1.0f)}, {{zero, minus}, zero}, {{minus, zero}, zero}, {{F(-2.0f), F(3.0f)}, F(3.0f)}});
  ROWS("max.NaN.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(1.0f), nan32}, nan32}, {{F(1.0f), F(2.0f)}, F(2.0f)}});
  ROWS("min.f64 d, a, b;", "b64", {"b64", "b64"}, {{{D(2.0), D(-3.0)}, D(-3.0)}});
}

TEST(float_divide_and_roots) {
  ROWS("div.rn.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(1.0f), F(3.0f)}, 0x3eaaaaab}, {{F(1.0f), F(0.0f)}, F(inf)}});
  ROWS("div.rz.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(1.0f), F(3.0f)}, 0x3eaaaaaa}});
  ROWS("div.rn.f64 d, a, b;", "b64", {"b64", "b64"}, {{{D(1.0), D(3.0)}, 0x3fd5555555555555ull}});
  ROWS("div.approx.f32 d, a, b;", "b32", {"b32", "b32"},
       {{{F(1.0f), F(0x1p127f)}, F(0.0f)}, {{F(6.0f), F(3.0f)}, F(2.0f)}});
  ROWS("rcp.rn.f32 d, a;", "b32", {"b32"}, {{{F(3.0f)}, 0x3eaaaaab}});
  ROWS("rcp.rz.f32 d, a;", "b32", {"b32"}, {{{F(3.0f)}, 0x3eaaaaaa}});
  ROWS("rcp.approx.ftz.f32 d, a;", "b32", {"b32"}, {{{F(4.0f)}, F(0.25f)}, {{tiny}, F(inf)}});
  ROWS("sqrt.rn.f32 d, a;", "b32", {"b32"}, {{{F(2.0f)}, 0x3fb504f3}, {{F(-1.0f)}, nan32}, {{F(-0.0f)}, F(-0.0f)}});
  ROWS("sqrt.rn.f64 d, a;", "b64", {"b64"}, {{{D(2.0)}, 0x3ff6a09e667f3bcdull}});
  ROWS("sqrt.rz.f32 d, a;", "b32", {"b32"}, {{{F(3.0f)}, 0x3fddb3d7}});
  ROWS("sqrt.rp.f32 d, a;", "b32", {"b32"}, {{{F(3.0f)}, 0x3fddb3d8}});
  ROWS("rsqrt.approx.f32 d, a;", "b32", {"b32"}, {{{F(16.0f)}, F(0.25f)}});
  ROWS("rcp.approx.ftz.f64 d, a;", "b64", {"b64"}, {{{D(4.0)}, D(0.25)}, {{D(3.0)}, 0x3fd5555500000000ull}});
}

TEST(float_approximations) {
  ROWS("ex2.approx.ftz.f32 d, a;", "b32", {"b32"},
       {{{F(10.0f)}, F(1024.0f)}, {{F(0.5f)}, 0x3fb504f3}, {{F(-inf)}, 0}, {{F(-150.0f)}, 0}});
  ROWS("ex2.approx.f32 d, a;", "b32", {"b32"}, {{{F(-149.0f)}, tiny}});
  ROWS("lg2.approx.f32 d, a;", "b32", {"b32"},
       {{{F(8.0f)}, F(3.0f)}, {{F(0.0f)}, F(-inf)}, {{F(-1.0f)}, nan32}, {{tiny}, F(-149.0f)}});
  ROWS("lg2.approx.ftz.f32 d, a;", "b32", {"b32"}, {{{tiny}, F(-inf)}});
  ROWS("sin.approx.f32 d, a;", "b32", {"b32"}, {{{F(0.0f)}, 0}, {{F(0.5f)}, F(static_cast<float>(std::sin(0.5)))}});
  ROWS("cos.approx.f32 d, a;", "b32", {"b32"}, {{{F(0.0f)}, F(1.0f)}, {{F(inf)}, nan32}});
  ROWS("tanh.approx.f32 d, a;", "b32", {"b32"}, {{{F(0.0f)}, 0}, {{F(inf)}, F(1.0f)}});
}

TEST(float_sign_bits) {
  ROWS("neg.f32 d, a;", "b32", {"b32"}, {{{F(1.0f)}, F(-1.0f)}, {{0}, 0x80000000}});
  ROWS("abs.f64 d, a;", "b64", {"b64"}, {{{D(-2.5)}, D(2.5)}});
  ROWS("abs.ftz.f32 d, a;", "b32", {"b32"}, {{{0x80000001}, 0}});
  // copysign d, a, b: the sign of a, the magnitude of b.
  ROWS("copysign.f32 d, a, b;", "b32", {"b32", "b32"},
       {{{F(-1.0f), F(5.0f)}, F(-5.0f)}, {{F(1.0f), F(-5.0f)}, F(5.0f)}});
  ROWS("testp.finite.f32 d, a;", "pred", {"b32"}, {{{F(1.0f)}, 1}, {{F(inf)}, 0}});
  ROWS("testp.notanumber.f32 d, a;", "pred", {"b32"}, {{{F(1.0f)}, 0}, {{nan32}, 1}});
  ROWS("testp.subnormal.f64 d, a;", "pred", {"b64"}, {{{1}, 1}, {{D(1.0)}, 0}});
}

TEST(half_arithmetic) {
  // bf16: 1 = 3f80, 2 = 4000, 3 = 4040; its successor of 1 is 3f81.
  ROWS("add.rn.bf16 d, a, b;", "b16", {"b16", "b16"}, {{{0x3f80, 0x4000}, 0x4040}});
  ROWS("fma.rn.bf16 d, a, b, c;", "b16", {"b16", "b16", "b16"}, {{{0x4000, 0x4040, 0x3f80}, 0x40e0}});
  // f16: 1 = 3c00, 2 = 4000, 3 = 4200.
  ROWS("add.f16 d, a, b;", "b16", {"b16", "b16"}, {{{0x3c00, 0x4000}, 0x4200}, {{0x7bff, 0x7bff}, 0x7c00}});
  ROWS("mul.f16x2 d, a, b;", "b32", {"b32", "b32"}, {{{0x40003c00, 0x42004000}, 0x46004000}});
  ROWS("fma.rn.bf16x2 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0x40003f80, 0x40404000, 0x00003f80}, 0x40c04040}});
  // A tie of the product that only the tiny addend breaks: 257/256 * 1 is a tie between 3f80 and 3f81.
  ROWS("fma.rn.bf16 d, a, b, c;", "b16", {"b16", "b16", "b16"},
       {{{0x3f80, 0x3f80, 0x3b80}, 0x3f80}, {{0x3f80, 0x3f80, 0x3b81}, 0x3f81}});
  ROWS("neg.bf16 d, a;", "b16", {"b16"}, {{{0x3f80}, 0xbf80}});
  ROWS("max.bf16x2 d, a, b;", "b32", {"b32", "b32"}, {{{0x7fff4000, 0x3f803f80}, 0x3f804000}});
}

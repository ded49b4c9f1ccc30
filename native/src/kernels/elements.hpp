// SPDX-License-Identifier: Apache-2.0
// Elementary functions in float32, accurate to about 2 units in the last place, written without
// branches so that a loop over them becomes SIMD code. NaN gives NaN. Results below the smallest
// normal number may be 0.
#pragma once

#include <cstdint>

// Without this attribute a function of many loops would not be inlined, and a loop with a call does
// not become SIMD code.
#define VAE4J_INLINE inline __attribute__((always_inline))

namespace vae4j {
namespace VAE4J_ISA {
namespace {

VAE4J_INLINE float from_bits(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

VAE4J_INLINE uint32_t to_bits(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

// With this order of operands a NaN in x gives NaN.
VAE4J_INLINE float at_least(float x, float low) { return x < low ? low : x; }
VAE4J_INLINE float at_most(float x, float high) { return x > high ? high : x; }
VAE4J_INLINE float clamp(float x, float low, float high) { return at_most(at_least(x, low), high); }
VAE4J_INLINE float absolute(float x) { return from_bits(to_bits(x) & 0x7FFFFFFFu); }

// 1.5 * 2^23: adding it rounds to an integer, which is then in the low bits.
constexpr float kRound = 12582912.0f;
constexpr float kLog2e = 1.44269504f;
// log 2 in two parts; the first has so few bits that its product with an exponent is exact.
constexpr float kLn2High = 0x1.62e4p-1f;
constexpr float kLn2Low = 0x1.7f7d1cp-20f;

// x = n log 2 + r with |r| <= log(2) / 2.
struct Reduced {
  int32_t n;
  float r;
};

VAE4J_INLINE Reduced reduce(float x) {
  float shifted = x * kLog2e + kRound;
  float n = shifted - kRound;
  int32_t whole = static_cast<int32_t>(to_bits(shifted) - to_bits(kRound));
  return {whole, (x - n * kLn2High) - n * kLn2Low};
}

// 2^n for n in [-126, 127].
VAE4J_INLINE float power_of_two(int32_t n) {
  return from_bits(static_cast<uint32_t>(n + 127) << 23);
}

// (exp(r) - 1 - r) / r^2: the Taylor series, truncation below 5e-9 of exp.
VAE4J_INLINE float exp_tail(float r) {
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  return p * r + 0.5f;
}

// exp(x + small), |small| < 0.06.
VAE4J_INLINE float exp_sum(float x, float small) {
  Reduced e = reduce(clamp(x, -104.0f, 89.0f));
  float r = e.r + small;
  float p = r * r * exp_tail(r) + r + 1.0f;
  // In two factors, since 2^n can be out of range when the result is not.
  int32_t half = e.n >> 1;
  return p * power_of_two(half) * power_of_two(e.n - half);
}

VAE4J_INLINE float exp(float x) { return exp_sum(x, 0.0f); }

// exp(x) - 1, accurate near 0 too.
VAE4J_INLINE float expm1(float x) {
  Reduced e = reduce(clamp(x, -30.0f, 89.0f));
  float p = e.r * e.r * exp_tail(e.r) + e.r;
  // 2^n p + (2^n - 1), computed at half the size so that n = 128 does not overflow early.
  float scale = power_of_two(e.n - 1);
  return 2.0f * (scale * p + (scale - 0.5f));
}

// 2 atanh(s), |s| <= 1/3: truncation below 2e-8 of the result.
VAE4J_INLINE float twice_atanh(float s) {
  float z = s * s;
  float p = 1.0f / 13;
  p = p * z + 1.0f / 11;
  p = p * z + 1.0f / 9;
  p = p * z + 1.0f / 7;
  p = p * z + 1.0f / 5;
  p = p * z + 1.0f / 3;
  return 2.0f * (p * z * s + s);
}

// log(1 + t) for t in [0, 1].
VAE4J_INLINE float log1p_unit(float t) { return twice_atanh(t / (2.0f + t)); }

// log(x) for normal positive x; anything for others, NaN too.
VAE4J_INLINE float log_normal(float x) {
  // The exponent that leaves a mantissa in [sqrt(1/2), sqrt(2)).
  uint32_t bits = to_bits(x) - 0x3F3504F3u;
  int32_t n = static_cast<int32_t>(bits) >> 23;
  float f = from_bits((bits & 0x007FFFFFu) + 0x3F3504F3u) - 1.0f;
  float e = static_cast<float>(n);
  return e * kLn2High + (twice_atanh(f / (2.0f + f)) + e * kLn2Low);
}

// log(x) for normal positive x; NaN gives NaN.
VAE4J_INLINE float log(float x) {
  float y = log_normal(x);
  return x == x ? y : x;
}

// log(1 + x) for x of 0 or more. NaN takes the first form, which gives NaN.
VAE4J_INLINE float log1p_positive(float x) {
  return x > 1.0f ? log_normal(1.0f + x) : log1p_unit(x);
}

VAE4J_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exp(-x)); }

// log(1 + exp(x)).
VAE4J_INLINE float softplus(float x) {
  // Not at_least(x, 0), so that a NaN is kept in both terms.
  return at_least(x, 0.0f) + log1p_unit(exp(-absolute(x)));
}

VAE4J_INLINE float tanh(float x) {
  float e = expm1(2.0f * absolute(x));
  // Beyond 20 the quotient would be infinity over infinity; tanh is 1 there to the last bit.
  float t = absolute(x) > 20.0f ? 1.0f : e / (e + 2.0f);
  return from_bits(to_bits(t) | (to_bits(x) & 0x80000000u));
}

// sin and cos of 2 pi u for u = k 2^-24 in [0, 1).
struct SinCos {
  float sin;
  float cos;
};

VAE4J_INLINE SinCos sincos_turns(float u) {
  float quarters = u * 4.0f;
  float shifted = quarters + kRound;
  uint32_t quadrant = to_bits(shifted);
  float a = (quarters - (shifted - kRound)) * 1.57079633f;
  float z = a * a;
  float s = 1.0f / 362880;
  s = s * z - 1.0f / 5040;
  s = s * z + 1.0f / 120;
  s = s * z - 1.0f / 6;
  s = s * z * a + a;
  float c = -1.0f / 3628800;
  c = c * z + 1.0f / 40320;
  c = c * z - 1.0f / 720;
  c = c * z + 1.0f / 24;
  c = c * z - 0.5f;
  c = c * z + 1.0f;
  bool swap = (quadrant & 1u) != 0;
  float sine = swap ? c : s;
  float cosine = swap ? s : c;
  return {from_bits(to_bits(sine) ^ ((quadrant & 2u) << 30)),
          from_bits(to_bits(cosine) ^ (((quadrant + 1u) & 2u) << 30))};
}

// exp(-a^2 / 2) for a in [0, 15], the standard normal's density without its factor. The square is
// taken in two parts: an error of one unit in its last place would be one of many in the result.
VAE4J_INLINE float bell(float a) {
  float high = from_bits(to_bits(a) & 0xFFFFF000u);
  return exp_sum(-0.5f * high * high, -0.5f * (a - high) * (a + high));
}

// The standard normal's distribution function and exp(-v^2 / 2).
struct Normal {
  float below;
  float bell;
};

VAE4J_INLINE Normal normal(float v) {
  float a = at_most(absolute(v), 15.0f);
  float density = bell(a);
  // The tail is exp(-a^2 / 2) t P(t), t = 1 / (1 + 0.4 a): a minimax fit on [0, 15], relative error
  // below 2e-8.
  float t = 1.0f / (1.0f + 0.4f * a);
  float p = 0.03229423239827156f;
  p = p * t - 0.17723269760608673f;
  p = p * t + 0.38324174284935f;
  p = p * t - 0.37519437074661255f;
  p = p * t + 0.12036631256341934f;
  p = p * t - 0.027256537228822708f;
  p = p * t + 0.09145814925432205f;
  p = p * t + 0.13311773538589478f;
  p = p * t + 0.15962964296340942f;
  p = p * t + 0.15957580506801605f;
  float tail = density * t * p;
  return {v > 0.0f ? 1.0f - tail : tail, density};
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

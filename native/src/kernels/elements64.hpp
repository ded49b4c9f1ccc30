// SPDX-License-Identifier: Apache-2.0
// Elementary functions in float64, for count models: their terms are as large as the counts and
// cancel to a few nats, which is beyond the accuracy of float32. As in elements.hpp there are no
// branches, so that loops become SIMD code, and NaN gives NaN. Relative error below 4e-16 of the
// result, or of the larger term where two are subtracted.
#pragma once

#include "elements.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

VAE4J_INLINE double from_bits(uint64_t bits) {
  double value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

VAE4J_INLINE uint64_t to_bits(double value) {
  uint64_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

VAE4J_INLINE double at_least(double x, double low) { return x < low ? low : x; }
VAE4J_INLINE double at_most(double x, double high) { return x > high ? high : x; }
VAE4J_INLINE double clamp(double x, double low, double high) {
  return at_most(at_least(x, low), high);
}
VAE4J_INLINE double absolute(double x) {
  return from_bits(to_bits(x) & uint64_t{0x7FFFFFFFFFFFFFFF});
}

// 1.5 * 2^52: adding it rounds to an integer, which is then in the low bits.
constexpr double kRound64 = 6755399441055744.0;
// log 2 in two parts; the first has so few bits that its product with an exponent is exact.
constexpr double kLn2High64 = 0x1.62e42fee00000p-1;
constexpr double kLn2Low64 = 0x1.a39ef35793c76p-33;

// Arguments are clamped to [-708, 709], where the result is a normal number.
VAE4J_INLINE double exp(double x) {
  double clamped = clamp(x, -708.0, 709.0);
  double shifted = clamped * 1.4426950408889634 + kRound64;
  double n = shifted - kRound64;
  double r = (clamped - n * kLn2High64) - n * kLn2Low64;
  // The Taylor series, truncation below 2e-16.
  double p = 1.0 / 6227020800;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r * r + r + 1.0;
  uint64_t exponent = to_bits(shifted) - to_bits(kRound64) + 1023;
  return p * from_bits(exponent << 52);
}

// log(x) for normal positive x.
VAE4J_INLINE double log(double x) {
  // The exponent that leaves a mantissa in [sqrt(1/2), sqrt(2)), with its bias.
  constexpr uint64_t kRootHalf = 0x3FE6A09E667F3BCD;
  uint64_t bits = to_bits(x) - kRootHalf + (uint64_t{1023} << 52);
  double f = from_bits((bits & uint64_t{0x000FFFFFFFFFFFFF}) + kRootHalf) - 1.0;
  // The biased exponent as the low bits of 2^52, less both biases: no integer becomes a double.
  double e = from_bits((bits >> 52) | uint64_t{0x4330000000000000}) - (4503599627370496.0 + 1023.0);
  double s = f / (2.0 + f);
  double z = s * s;
  double p = 1.0 / 21;
  p = p * z + 1.0 / 19;
  p = p * z + 1.0 / 17;
  p = p * z + 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  double mantissa = 2.0 * (p * z * s + s);
  double y = e * kLn2High64 + (mantissa + e * kLn2Low64);
  return x == x ? y : x;
}

// log(1 + x) for x of 0 or more: the rounding error of 1 + x is corrected to first order.
VAE4J_INLINE double log1p_positive(double x) {
  double u = 1.0 + x;
  return log(u) + (x - (u - 1.0)) / u;
}

// log(1 + exp(x)) and the derivative, 1 / (1 + exp(-x)), from one exponential.
struct SoftplusPair {
  double value;
  double sigmoid;
};

VAE4J_INLINE SoftplusPair softplus_and_sigmoid(double x) {
  double t = exp(-absolute(x));
  double inverse = 1.0 / (1.0 + t);
  return {at_least(x, 0.0) + log1p_positive(t), x < 0.0 ? t * inverse : inverse};
}

// log Gamma(z) less Stirling's formula, for z of 8 or more (Abramowitz and Stegun 6.1.40).
VAE4J_INLINE double stirling_remainder(double z) {
  double r = 1.0 / z;
  double s = r * r;
  double p = -3617.0 / 122400;
  p = p * s + 1.0 / 156;
  p = p * s - 691.0 / 360360;
  p = p * s + 1.0 / 1188;
  p = p * s - 1.0 / 1680;
  p = p * s + 1.0 / 1260;
  p = p * s - 1.0 / 360;
  p = p * s + 1.0 / 12;
  return p * r;
}

// psi(z) - log(z), for z of 8 or more (6.3.18).
VAE4J_INLINE double digamma_remainder(double z) {
  double r = 1.0 / z;
  double s = r * r;
  double p = -3617.0 / 8160;
  p = p * s + 1.0 / 12;
  p = p * s - 691.0 / 32760;
  p = p * s + 1.0 / 132;
  p = p * s - 1.0 / 240;
  p = p * s + 1.0 / 252;
  p = p * s - 1.0 / 120;
  p = p * s + 1.0 / 12;
  return -0.5 * r - p * s;
}

// The recurrence of Gamma takes every argument this far up, where the series hold.
constexpr int kShift = 8;

// z (z + 1) ... (z + kShift - 1) and its derivative.
struct Shift {
  double product;
  double slope;
};

VAE4J_INLINE Shift shift(double z) {
  double product = z;
  double slope = 1.0;
#pragma GCC unroll 8
  for (int i = 1; i < kShift; i++) {
    slope = slope * (z + i) + product;
    product *= z + i;
  }
  return {product, slope};
}

// log x! for whole x.
VAE4J_INLINE double log_factorial(double x) {
  double z = x + 1.0 + kShift;
  return (z - 0.5) * log(z) - z + 0.91893853320467274178 + stirling_remainder(z) -
         log(shift(x + 1.0).product);
}

// log(Gamma(z + x) / (Gamma(z) z^x)) and psi(z + x) - psi(z): both are accurate as they vanish for
// large z, where differences of log Gamma and psi would be rounding errors.
struct Rising {
  double log;
  double psi;
};

VAE4J_INLINE Rising rising(double z, double x) {
  double low = z + kShift;
  double high = low + x;
  double ratio = log1p_positive(x / low);
  Shift below = shift(z);
  Shift above = shift(z + x);
  return {(high - 0.5) * ratio - x + x * log1p_positive(kShift / z) + stirling_remainder(high) -
              stirling_remainder(low) + log(below.product / above.product),
          ratio + digamma_remainder(high) - digamma_remainder(low) +
              (below.slope / below.product - above.slope / above.product)};
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

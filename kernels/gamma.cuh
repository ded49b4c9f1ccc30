// SPDX-License-Identifier: Apache-2.0
// The gamma function for likelihoods, by Stirling's series and the recurrence: the formulas
// of the native engine (native/src/kernels/elements64.hpp), and of io.github.vae4j.likelihood's
// GammaFunctions, apart from the number of recurrence steps. In float64, because the terms of a
// count's nll are as large as the count and cancel to a few nats. Relative error below 4e-15 of the
// result, or of the larger term of a difference; NaN gives NaN.
#pragma once

/** log Gamma(z) less Stirling's formula, for z of 8 or more (Abramowitz and Stegun 6.1.40). */
__device__ __forceinline__ double stirling_remainder(double z) {
  double r = 1.0 / z;
  double s = r * r;
  double p = -3617.0 / 122400;
  p = fma(p, s, 1.0 / 156);
  p = fma(p, s, -691.0 / 360360);
  p = fma(p, s, 1.0 / 1188);
  p = fma(p, s, -1.0 / 1680);
  p = fma(p, s, 1.0 / 1260);
  p = fma(p, s, -1.0 / 360);
  p = fma(p, s, 1.0 / 12);
  return p * r;
}

/** psi(z) - log(z), for z of 8 or more (6.3.18). */
__device__ __forceinline__ double digamma_remainder(double z) {
  double r = 1.0 / z;
  double s = r * r;
  double p = -3617.0 / 8160;
  p = fma(p, s, 1.0 / 12);
  p = fma(p, s, -691.0 / 32760);
  p = fma(p, s, 1.0 / 132);
  p = fma(p, s, -1.0 / 240);
  p = fma(p, s, 1.0 / 252);
  p = fma(p, s, -1.0 / 120);
  p = fma(p, s, 1.0 / 12);
  return fma(-p, s, -0.5 * r);
}

/** The recurrence takes every argument this far up, where the series hold. */
constexpr int kShift = 8;

/** z (z + 1) ... (z + kShift - 1). */
__device__ __forceinline__ double shift_product(double z) {
  double product = z;
#pragma unroll 1
  for (int i = 1; i < kShift; i++) {
    product *= z + i;
  }
  return product;
}

/** 1 / z + 1 / (z + 1) + ... + 1 / (z + kShift - 1), as one quotient. */
__device__ __forceinline__ double shift_reciprocals(double z) {
  double product = z;
  double slope = 1.0;
#pragma unroll 1
  for (int i = 1; i < kShift; i++) {
    slope = fma(slope, z + i, product);
    product *= z + i;
  }
  return slope / product;
}

/** log x! for whole x; exactly 0 for 0 and 1. */
__device__ __forceinline__ double log_factorial(double x) {
  if (x < 2.0) {
    return 0.0;
  }
  double z = x + 1.0 + kShift;
  // 0.91893853 = 1/2 log(2 pi).
  return (z - 0.5) * log(z) - z + 0.91893853320467274 + stirling_remainder(z) -
         log(shift_product(x + 1.0));
}

/**
 * log(Gamma(z + x) / (Gamma(z) z^x)) for z above 0 and x of 0 or more. It is accurate as it
 * vanishes for large z, where a difference of two log Gamma would be rounding error.
 */
__device__ __forceinline__ double log_rising(double z, double x) {
  if (x == 0.0) {
    return 0.0;
  }
  double low = z + kShift;
  double sum = (low + x - 0.5) * log1p(x / low) - x + x * log1p(kShift / z);
  double products = 1.0;
  // The terms of z + x less those of z. A loop, because both together need too many registers.
#pragma unroll 1
  for (int end = 0; end < 2; end++) {
    double at = end == 0 ? z : z + x;
    sum = stirling_remainder(at + kShift) - sum;
    products = shift_product(at) / products;
  }
  return sum - log(products);
}

/** psi(z + x) - psi(z) for z above 0 and x of 0 or more, in the same way. */
__device__ __forceinline__ double digamma_rising(double z, double x) {
  if (x == 0.0) {
    return 0.0;
  }
  double sum = log1p(x / (z + kShift));
#pragma unroll 1
  for (int end = 0; end < 2; end++) {
    double at = end == 0 ? z : z + x;
    sum = digamma_remainder(at + kShift) - shift_reciprocals(at) - sum;
  }
  return sum;
}

/**
 * log(Gamma(z + 1/2) / (Gamma(z) sqrt(z))) in float32 for z above 0, error below 1e-6: the
 * recurrence as a product of ratios, and the series that the two of log Gamma leave.
 */
__device__ __forceinline__ float log_rising_half(float z) {
  float low = z + kShift;
  float ratios = sqrtf(low / z);
#pragma unroll 1
  for (int i = 0; i < kShift; i++) {
    ratios *= (z + i) / (z + i + 0.5f);
  }
  float r = 1.0f / low;
  float s = r * r;
  return logf(ratios) + r * (-1.0f / 8 + s * (1.0f / 192 + s * (-1.0f / 640 + s * 17 / 14336)));
}

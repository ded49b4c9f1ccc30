// SPDX-License-Identifier: Apache-2.0
// The values of a planar map that depend only on its parameters, for both passes.
#pragma once

#include "reduce.cuh"

#define MIN_PRODUCT -30.0f
#define MIN_SQUARE 1e-30f

struct Planar {
  float p;        // 1 + w.v
  float slope;    // dp / d(w.u)
  float inverse;  // 1 / |w|^2, or 0 where |w|^2 is nearly 0
  float c;        // v = u + c w
  bool bent;
};

__device__ __forceinline__ Planar planar(float product, float square) {
  float inverse = square < MIN_SQUARE ? 0.0f : 1.0f / square;
  // Not product < 0, so that a NaN is kept.
  if (!(product < 0.0f)) {
    return {1.0f + product, 1.0f, inverse, 0.0f, false};
  }
  // p - 1, which is accurate where the product is small.
  float step = expm1f(fmaxf(product, MIN_PRODUCT));
  float p = expf(fmaxf(product, MIN_PRODUCT));
  return {p, product < MIN_PRODUCT ? 0.0f : p, inverse, (step - product) * inverse, true};
}

__device__ __forceinline__ float determinant(const Planar& map, float h) {
  return h * h + (1.0f - h * h) * map.p;
}

// SPDX-License-Identifier: Apache-2.0
// One planar map, in both directions: what follows from its parameters alone.
#pragma once

#include "reduce.cuh"

#define MIN_PRODUCT -30.0f
#define MIN_SQUARE 1e-30f

struct Planar {
  float p;        // 1 + w.v
  float slope;    // dp / d(w.u)
  float inverse;  // 1 / |w|^2, or 0 where that is next to nothing
  float c;        // v = u + c w
  bool bent;
};

__device__ __forceinline__ Planar planar(float product, float square) {
  float inverse = square < MIN_SQUARE ? 0.0f : 1.0f / square;
  // Not product < 0: a NaN must come through.
  if (!(product < 0.0f)) {
    return {1.0f + product, 1.0f, inverse, 0.0f, false};
  }
  // p - 1, which keeps its digits where the product is small.
  float step = expm1f(fmaxf(product, MIN_PRODUCT));
  float p = expf(fmaxf(product, MIN_PRODUCT));
  return {p, product < MIN_PRODUCT ? 0.0f : p, inverse, (step - product) * inverse, true};
}

__device__ __forceinline__ float determinant(const Planar& map, float h) {
  return h * h + (1.0f - h * h) * map.p;
}

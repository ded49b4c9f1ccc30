// SPDX-License-Identifier: Apache-2.0
// Log densities of diagonal Gaussians, and sums of them, for both kernels of the total correlation.
// A warp has one row and compares it with 32 others at a time from shared memory, one strip of
// columns at a time.
#pragma once

#include "posterior.cuh"

#define ROWS 8
#define COLUMNS 64
#define OTHERS 32
#define STRIDE (OTHERS + 1)

/** The terms of log q of one row and column. */
struct Density {
  float mu;
  float precision;
  float offset;

  __device__ __forceinline__ float log(float z) const {
    return fmaf(-0.5f, (z - mu) * (z - mu) * precision, offset);
  }
};

__device__ __forceinline__ Density density(float mu, float logvar) {
  float clamped = clamp_logvar(logvar);
  return {mu, expf(-clamped), -0.5f * (1.83787707f + clamped)};
}

/** The arguments that are common to the whole launch. */
struct Batch {
  const float* stats;
  const float* z;
  int batch;
  int samples;
  int latent;
  float log_own;
  float log_other;
};

/** The logarithm of a sum of exponentials, so far: top + log(sum). */
struct LogSum {
  float top;
  float sum;

  __device__ __forceinline__ void add(float term) {
    if (term > top) {
      sum = fmaf(sum, expf(top - term), 1.0f);
      top = term;
    } else {
      sum += expf(term - top);
    }
  }

  __device__ __forceinline__ float value() const { return top + logf(sum); }
};

__device__ __forceinline__ LogSum no_terms() { return {__int_as_float(0xFF800000), 0.0f}; }

/** The same over all lanes of a warp. Nothing is subtracted from itself where both have no terms. */
__device__ __forceinline__ LogSum merge_lanes(LogSum own) {
  for (int offset = 16; offset > 0; offset >>= 1) {
    float top = __shfl_xor_sync(0xFFFFFFFFu, own.top, offset);
    float sum = __shfl_xor_sync(0xFFFFFFFFu, own.sum, offset);
    float larger = fmaxf(own.top, top);
    sum = top == larger ? sum : sum * expf(top - larger);
    own.sum = (own.top == larger ? own.sum : own.sum * expf(own.top - larger)) + sum;
    own.top = larger;
  }
  return own;
}

// SPDX-License-Identifier: Apache-2.0
// The norm of all gradients in two sums: over the elements of chunks, then over chunks. The
// elements of a chunk depend only on n and on the number of chunks, not on the block that sums it.
#pragma once

#include "reduce.cuh"
#include "vector.cuh"

/** Quads of a thread that are fetched at the same time. */
#define NORM_QUADS 4

/** The sum of squares of one chunk of `chunks`, up to 256, by a block of 256; valid in thread 0. */
__device__ __forceinline__ double norm_chunk(const float* __restrict__ gradients, long long n,
                                             unsigned chunk, unsigned chunks, double* warps) {
  bool aligned = quads_aligned(gradients, 0);
  double sum = 0;
  long long stride = 4LL * 256 * chunks;
  for (long long at = 4LL * (256LL * chunk + threadIdx.x); at < n; at += NORM_QUADS * stride) {
    Quad g[NORM_QUADS];
#pragma unroll
    for (int k = 0; k < NORM_QUADS; k++) {
      g[k] = load_quad(gradients + at + k * stride, n - at - k * stride, aligned);
    }
#pragma unroll
    for (int k = 0; k < NORM_QUADS; k++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        // Exact: a double holds the square of a float.
        sum = fma((double)g[k].v[i], (double)g[k].v[i], sum);
      }
    }
  }
  return row_sum(sum, 256, warps);
}

/** A thread's part of the sum of all chunks, which other blocks wrote. */
__device__ __forceinline__ double own_chunk(const double* partial, unsigned chunks) {
  return threadIdx.x < chunks ? __ldcg(partial + threadIdx.x) : 0.0;
}

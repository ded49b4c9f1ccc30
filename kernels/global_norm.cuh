// The norm of all gradients in two sums: chunks of the gradients, then the chunks. What a chunk holds
// depends on n and on the number of chunks alone, whichever block takes it.
#pragma once

#include "reduce.cuh"
#include "vector.cuh"

/** The sum of squares of one chunk of `chunks`, up to 256, by a block of 256; valid in thread 0. */
__device__ __forceinline__ double norm_chunk(const float* __restrict__ gradients, long long n,
                                             unsigned chunk, unsigned chunks, double* warps) {
  bool aligned = quads_aligned(gradients, 0);
  double sum = 0;
  long long stride = 4LL * 256 * chunks;
  for (long long at = 4LL * (256LL * chunk + threadIdx.x); at < n; at += stride) {
    Quad g = load_quad(gradients + at, n - at, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sum += (double)g.v[i] * (double)g.v[i];
    }
  }
  return row_sum(sum, 256, warps);
}

/** The norm from the sums of all chunks, which other blocks wrote; valid in thread 0. */
__device__ __forceinline__ double norm_of_chunks(const double* partial, unsigned chunks,
                                                 double* warps) {
  double sum = threadIdx.x < chunks ? __ldcg(partial + threadIdx.x) : 0.0;
  return sqrt(row_sum(sum, 256, warps));
}

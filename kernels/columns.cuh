// SPDX-License-Identifier: Apache-2.0
// Sums of columns by one block: 8 threads of four columns each, so that a row is a line of 128 bytes,
// and 32 rows at a time. Rows and columns are unsigned: there may be 2^31 - 1 of them, and a thread
// past the last one has a larger number.
#pragma once

#include "vector.cuh"

#define COLUMN_THREADS 8
#define ROW_THREADS 32
#define STRIP_COLUMNS (4 * COLUMN_THREADS)
#define STRIP_WARPS (COLUMN_THREADS * ROW_THREADS / 32)

/** A thread's four columns of a strip, how many of them exist, and the first of its rows. */
struct Strip {
  unsigned column;
  int count;
  unsigned first;
};

__device__ __forceinline__ Strip own_strip(unsigned columns) {
  unsigned column = STRIP_COLUMNS * blockIdx.x + 4 * threadIdx.x;
  return {column, (int)(columns - column), threadIdx.y};
}

/**
 * The sums over the row threads of several quads at once: over the four rows of a warp, then over
 * the warps in their order. All threads of the columns get them. All threads of the block must call
 * it; two calls on the same `partial` need a barrier between them.
 */
template <int N>
__device__ __forceinline__ void column_sums(Quad (&own)[N],
                                            float4 (&partial)[N][STRIP_WARPS][COLUMN_THREADS]) {
  int warp = threadIdx.y / (ROW_THREADS / STRIP_WARPS);
#pragma unroll
  for (int n = 0; n < N; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
      for (int offset = 16; offset >= COLUMN_THREADS; offset /= 2) {
        own[n].v[i] += __shfl_xor_sync(0xFFFFFFFFu, own[n].v[i], offset);
      }
    }
    if (threadIdx.y % (ROW_THREADS / STRIP_WARPS) == 0) {
      partial[n][warp][threadIdx.x] =
          make_float4(own[n].v[0], own[n].v[1], own[n].v[2], own[n].v[3]);
    }
  }
  __syncthreads();
#pragma unroll
  for (int n = 0; n < N; n++) {
    Quad sum = {{0.0f, 0.0f, 0.0f, 0.0f}};
#pragma unroll
    for (int other = 0; other < STRIP_WARPS; other++) {
      float4 f = partial[n][other][threadIdx.x];
      sum.v[0] += f.x;
      sum.v[1] += f.y;
      sum.v[2] += f.z;
      sum.v[3] += f.w;
    }
    own[n] = sum;
  }
}

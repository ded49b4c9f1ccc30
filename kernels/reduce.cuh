// SPDX-License-Identifier: Apache-2.0
// Sums whose order depends only on sizes, so that the same inputs give the same bits. No atomic
// adds floats; the only atomics are integer counters that find the last block of a grid.
#pragma once

#include "order.cuh"

/**
 * The sum over groups of `lanes` neighbouring threads of a warp, lanes a power of two up to 32. All
 * threads of the warp must call it. Every thread gets its group's sum.
 */
template <typename T>
__device__ __forceinline__ T lane_sum(T value, int lanes) {
  for (int offset = lanes >> 1; offset > 0; offset >>= 1) {
    value += __shfl_xor_sync(0xFFFFFFFFu, value, offset);
  }
  return value;
}

/**
 * The sum over groups of `lanes` neighbouring threads of a block, lanes a power of two. All threads
 * of the block must call it. `partial`, in shared memory, has one element per warp; two calls on the
 * same one need a barrier between them.
 */
template <typename T>
__device__ __forceinline__ T row_sum(T value, int lanes, T* partial) {
  value = lane_sum(value, lanes < 32 ? lanes : 32);
  if (lanes <= 32) {
    return value;
  }
  int warp = threadIdx.x >> 5;
  if ((threadIdx.x & 31) == 0) {
    partial[warp] = value;
  }
  __syncthreads();
  int warps = lanes >> 5;
  int first = warp & ~(warps - 1);
  T sum = 0;
  for (int i = 0; i < warps; i++) {
    sum += partial[first + i];
  }
  return sum;
}

/**
 * The sums over a block of 256 of several values at once, each in row_sum's order, with one barrier.
 * All threads get them.
 */
template <int N>
__device__ __forceinline__ void block_sums(double (&values)[N], double (&partial)[N][8]) {
#pragma unroll
  for (int i = 0; i < N; i++) {
    values[i] = lane_sum(values[i], 32);
  }
  if ((threadIdx.x & 31) == 0) {
#pragma unroll
    for (int i = 0; i < N; i++) {
      partial[i][threadIdx.x >> 5] = values[i];
    }
  }
  __syncthreads();
#pragma unroll
  for (int i = 0; i < N; i++) {
    values[i] = 0;
  }
#pragma unroll 1
  for (int warp = 0; warp < 8; warp++) {
#pragma unroll
    for (int i = 0; i < N; i++) {
      values[i] += partial[i][warp];
    }
  }
}

/**
 * True in all threads of the last of `blocks` blocks that calls this. The block then observes the
 * writes of the others (to be read by __ldcg, as they are not in this block's first-level cache).
 * The counter starts at 0 and is 0 again afterwards. `flag` is in shared memory. The fences of one
 * thread order the accesses of the whole block, by the barriers on both sides.
 */
__device__ __forceinline__ bool last_block(unsigned* counter, unsigned blocks, bool* flag) {
  __syncthreads();
  if (threadIdx.x == 0 && threadIdx.y == 0) {
    fence_acq_rel();
    bool last = atomicInc(counter, blocks - 1) == blocks - 1;
    if (last) {
      fence_acq_rel();
    }
    *flag = last;
  }
  __syncthreads();
  return *flag;
}

// SPDX-License-Identifier: Apache-2.0
// Self-attention of an image's pixels.
//
// Maths (io.github.vae4j.backend.op.Attention): for an image and a head, s[i, j] = q_i . k_j scale,
//   lse_i = log sum_j exp(s[i, j]), y_i = sum_j exp(s[i, j] - lse_i) v_j. The maximum of the scores so
//   far is subtracted, and the sums are rescaled where it grows (online softmax).
// Shapes: qkv (N, R, 3C), lse (N, R, H), y (N, R, C), D = C / H.
// Bytes: reads 4 N R C (3 + 2 R / 32), all but 12 N R C of it from the cache; writes 4 N R (C + H).
//   With more than 512 channels in a head, each strip of 512 reads queries and keys again.
// Launch: grid (N H ceil(R / 32), strips) of 256. attention_C has 32 C columns in a strip.
#include "attention.cuh"
#include "reduce.cuh"

/** The largest value of a warp's lanes, NaN being left out. */
__device__ __forceinline__ float lane_max(float value) {
  for (int offset = 16; offset > 0; offset >>= 1) {
    value = fmaxf(value, __shfl_xor_sync(0xFFFFFFFFu, value, offset));
  }
  return value;
}

template <int COLUMNS>
__device__ __forceinline__ void attend(const float* __restrict__ qkv, float* __restrict__ lse,
                                       float* __restrict__ y, const Heads& heads, float scale) {
  __shared__ Slices slices;
  __shared__ Values values;
  __shared__ Weights weights;
  unsigned warp = threadIdx.x >> 5;
  unsigned lane = threadIdx.x & 31;
  Own own = own_pixels(heads, 32 * COLUMNS);
  long long step = 3LL * heads.channels;
  const float* q = qkv + own.row;
  Rows queries = {q + own.first * step, step, own.count};
  float top[WARP_PIXELS];
  float sum[WARP_PIXELS];
  float sums[WARP_PIXELS][COLUMNS];
#pragma unroll
  for (int i = 0; i < WARP_PIXELS; i++) {
    top[i] = -3.402823466e38f;
    sum[i] = 0.0f;
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
      sums[i][c] = 0.0f;
    }
  }
  for (unsigned other = 0; other < heads.pixels; other += ATTENTION_PIXELS) {
    const float* at = q + other * step;
    unsigned count = min((unsigned)ATTENTION_PIXELS, heads.pixels - other);
    Rows keys = {at + heads.channels, step, count};
    float weight[WARP_PIXELS];
    multiply(queries, keys, heads.width, slices, weight);
#pragma unroll
    for (int i = 0; i < WARP_PIXELS; i++) {
      float score = lane < count ? weight[i] * scale : __int_as_float(0xFF800000);
      float larger = fmaxf(top[i], lane_max(score));
      float keep = expf(top[i] - larger);
      weight[i] = expf(score - larger);
      sum[i] = fmaf(sum[i], keep, lane_sum(weight[i], 32));
      top[i] = larger;
      if (keep != 1.0f) {
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
          sums[i][c] *= keep;
        }
      }
    }
    weights.v[warp][lane] = {weight[0], weight[1], weight[2], weight[3]};
    Rows others = {at + 2 * heads.channels, step, count};
    add_weighted(others, own.column, heads.width, weights, values, sums);
  }
  float factor[WARP_PIXELS];
#pragma unroll
  for (int i = 0; i < WARP_PIXELS; i++) {
    factor[i] = 1.0f / sum[i];
    unsigned row = WARP_PIXELS * warp + i;
    if (lane == 0 && own.column == 0 && row < own.count) {
      // Without a score above minus infinity the sum is 0.
      lse[own.moment + (long long)(own.first + row) * heads.heads] =
          sum[i] > 0.0f ? top[i] + logf(sum[i]) : __int_as_float(0x7FC00000);
    }
  }
  store_sums(sums, factor, own, heads.width, heads.channels, y + own.place);
}

// The least number of blocks of a multiprocessor limits the registers, which hold the sums.
#define ATTENTION(columns, blocks)                                                \
  extern "C" __global__ void __launch_bounds__(256, blocks)                       \
      attention_##columns(const float* __restrict__ qkv, float* __restrict__ lse, \
                          float* __restrict__ y, Heads heads, float scale) {      \
    attend<columns>(qkv, lse, y, heads, scale);                                   \
  }

ATTENTION(2, 4)
ATTENTION(4, 4)
ATTENTION(8, 2)
ATTENTION(16, 2)

// SPDX-License-Identifier: Apache-2.0
// The gradient of self-attention.
//
// Maths (io.github.vae4j.backend.op.AttentionBackward): p[i, j] = exp(s[i, j] - lse_i), delta_i = dy_i .
//   y_i, t[i, j] = p[i, j] (dy_i . v_j - delta_i); dq_i = scale sum_j t[i, j] k_j, dk_j = scale sum_i
//   t[i, j] q_i, dv_j = sum_i p[i, j] dy_i. A block owns the sums of its pixels, so that no two blocks
//   add to the same number; p is computed for dq, and again for dk and dv.
// Shapes: qkv, dqkv (N, R, 3C), lse (N, R, H), y, dy (N, R, C), D = C / H; delta (N, R, H) scratch.
// Bytes: attention_dq reads 4 N R C (5 + 3 R / 32), attention_dkv 4 N R C (2 + 4 R / 32), most of it
//   from the cache; they write 12 N R C. With more than 512 channels in a head, each strip of 512
//   reads the operands of the products again.
// Launch: grid (N H ceil(R / 32), strips) of 256, attention_dq_C, then attention_dkv_C, with 32 C
//   columns in a strip.
#include "attention.cuh"
#include "reduce.cuh"

/** The operands of a gradient. */
struct Gradients {
  const float* qkv;
  const float* lse;
  const float* y;
  const float* dy;
  float* delta;
  float* dqkv;
};

template <int COLUMNS>
__device__ __forceinline__ void clear(float (&sums)[WARP_PIXELS][COLUMNS]) {
#pragma unroll
  for (int i = 0; i < WARP_PIXELS; i++) {
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
      sums[i][c] = 0.0f;
    }
  }
}

template <int COLUMNS>
__device__ __forceinline__ void query_gradients(const Gradients& of, const Heads& heads,
                                                float scale) {
  __shared__ Slices slices;
  __shared__ Values values;
  __shared__ Weights weights;
  unsigned warp = threadIdx.x >> 5;
  unsigned lane = threadIdx.x & 31;
  Own own = own_pixels(heads, 32 * COLUMNS);
  long long step = 3LL * heads.channels;
  const float* q = of.qkv + own.row;
  const float* dy = of.dy + own.place;
  Rows queries = {q + own.first * step, step, own.count};
  Rows slopes = {dy + (long long)own.first * heads.channels, heads.channels, own.count};
  float lse[WARP_PIXELS];
  float delta[WARP_PIXELS];
#pragma unroll
  for (int i = 0; i < WARP_PIXELS; i++) {
    unsigned row = WARP_PIXELS * warp + i;
    bool there = row < own.count;
    long long at = own.moment + (long long)(own.first + row) * heads.heads;
    lse[i] = there ? of.lse[at] : 0.0f;
    const float* y = of.y + own.place + (long long)(own.first + row) * heads.channels;
    float sum = 0.0f;
    for (unsigned d = lane; there && d < heads.width; d += 32) {
      sum = fmaf(slopes.from[row * slopes.step + d], y[d], sum);
    }
    delta[i] = lane_sum(sum, 32);
    if (there && lane == 0 && own.column == 0) {
      of.delta[at] = delta[i];
    }
  }
  float sums[WARP_PIXELS][COLUMNS];
  clear(sums);
  for (unsigned other = 0; other < heads.pixels; other += ATTENTION_PIXELS) {
    const float* at = q + other * step;
    unsigned count = min((unsigned)ATTENTION_PIXELS, heads.pixels - other);
    Rows keys = {at + heads.channels, step, count};
    Rows others = {at + 2 * heads.channels, step, count};
    float score[WARP_PIXELS];
    float slope[WARP_PIXELS];
    multiply(queries, keys, heads.width, slices, score);
    multiply(slopes, others, heads.width, slices, slope);
#pragma unroll
    for (int i = 0; i < WARP_PIXELS; i++) {
      slope[i] = expf(fmaf(score[i], scale, -lse[i])) * (slope[i] - delta[i]);
    }
    weights.v[warp][lane] = {slope[0], slope[1], slope[2], slope[3]};
    add_weighted(keys, own.column, heads.width, weights, values, sums);
  }
  float factor[WARP_PIXELS] = {scale, scale, scale, scale};
  store_sums(sums, factor, own, heads.width, step, of.dqkv + own.row);
}

template <int COLUMNS>
__device__ __forceinline__ void key_gradients(const Gradients& of, const Heads& heads,
                                              float scale) {
  __shared__ Slices slices;
  __shared__ Values values;
  __shared__ Weights weights;
  __shared__ Weights value_weights;
  unsigned warp = threadIdx.x >> 5;
  unsigned lane = threadIdx.x & 31;
  Own own = own_pixels(heads, 32 * COLUMNS);
  long long step = 3LL * heads.channels;
  const float* q = of.qkv + own.row;
  Rows keys = {q + heads.channels + own.first * step, step, own.count};
  Rows owned = {q + 2 * heads.channels + own.first * step, step, own.count};
  float sums[WARP_PIXELS][COLUMNS];
  float value_sums[WARP_PIXELS][COLUMNS];
  clear(sums);
  clear(value_sums);
  for (unsigned other = 0; other < heads.pixels; other += ATTENTION_PIXELS) {
    unsigned count = min((unsigned)ATTENTION_PIXELS, heads.pixels - other);
    Rows queries = {q + other * step, step, count};
    Rows slopes = {of.dy + own.place + (long long)other * heads.channels, heads.channels, count};
    bool there = lane < count;
    long long at = own.moment + (long long)(other + lane) * heads.heads;
    float lse = there ? of.lse[at] : 0.0f;
    float delta = there ? of.delta[at] : 0.0f;
    float score[WARP_PIXELS];
    float slope[WARP_PIXELS];
    multiply(keys, queries, heads.width, slices, score);
    multiply(owned, slopes, heads.width, slices, slope);
#pragma unroll
    for (int i = 0; i < WARP_PIXELS; i++) {
      score[i] = expf(fmaf(score[i], scale, -lse));
      slope[i] = score[i] * (slope[i] - delta);
    }
    value_weights.v[warp][lane] = {score[0], score[1], score[2], score[3]};
    weights.v[warp][lane] = {slope[0], slope[1], slope[2], slope[3]};
    add_weighted(slopes, own.column, heads.width, value_weights, values, value_sums);
    add_weighted(queries, own.column, heads.width, weights, values, sums);
  }
  float factor[WARP_PIXELS] = {scale, scale, scale, scale};
  float one[WARP_PIXELS] = {1.0f, 1.0f, 1.0f, 1.0f};
  store_sums(sums, factor, own, heads.width, step, of.dqkv + own.row + heads.channels);
  store_sums(value_sums, one, own, heads.width, step, of.dqkv + own.row + 2 * heads.channels);
}

// The least number of blocks of a multiprocessor limits the registers, which hold the sums.
#define ATTENTION_GRADIENT(kernel, body, columns, blocks)                      \
  extern "C" __global__ void __launch_bounds__(256, blocks)                    \
      attention_##kernel##_##columns(Gradients of, Heads heads, float scale) { \
    body<columns>(of, heads, scale);                                           \
  }

ATTENTION_GRADIENT(dq, query_gradients, 2, 4)
ATTENTION_GRADIENT(dq, query_gradients, 4, 4)
ATTENTION_GRADIENT(dq, query_gradients, 8, 2)
ATTENTION_GRADIENT(dq, query_gradients, 16, 2)
ATTENTION_GRADIENT(dkv, key_gradients, 2, 4)
ATTENTION_GRADIENT(dkv, key_gradients, 4, 2)
ATTENTION_GRADIENT(dkv, key_gradients, 8, 2)
ATTENTION_GRADIENT(dkv, key_gradients, 16, 1)

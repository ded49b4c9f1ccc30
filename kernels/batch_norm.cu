// SPDX-License-Identifier: Apache-2.0
// Batch normalisation, by the moments of the rows in training, else by running averages.
//
// Maths (io.github.vae4j.backend.op.BatchNorm): y = (x - mean) / sqrt(variance + epsilon) scale + shift;
//   in training mean[c] = 1/R sum_r x, variance[c] = 1/R sum_r (x - mean)^2: two passes, so that
//   the variance is accurate for a large mean.
// Shapes: x, y (R, C); scale, shift, mean, variance (C).
// Bytes: reads 4 R C (three times in training, twice of them from the cache), writes 4 R C.
// Launch: blocks of 8 x 32, one for every 32 columns and all rows.
#include "columns.cuh"

extern "C" __global__ void __launch_bounds__(256)
    batch_norm(const float* __restrict__ x, const float* __restrict__ scale,
               const float* __restrict__ shift, float* mean, float* variance, float* __restrict__ y,
               unsigned rows, unsigned columns, float epsilon, int training) {
  __shared__ float4 sums[1][STRIP_WARPS][COLUMN_THREADS];
  __shared__ float4 squares[1][STRIP_WARPS][COLUMN_THREADS];
  Strip own = own_strip(columns);
  bool x_aligned = quads_aligned(x, columns);
  bool y_aligned = quads_aligned(y, columns);
  Quad centre;
  Quad spread;
  if (training) {
    Quad sum[1] = {{{0.0f, 0.0f, 0.0f, 0.0f}}};
    for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
      Quad value = load_quad(x + (long long)row * columns + own.column, own.count, x_aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sum[0].v[i] += value.v[i];
      }
    }
    column_sums(sum, sums);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      centre.v[i] = sum[0].v[i] / (float)rows;
      sum[0].v[i] = 0.0f;
    }
    for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
      Quad value = load_quad(x + (long long)row * columns + own.column, own.count, x_aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float distance = value.v[i] - centre.v[i];
        sum[0].v[i] = fmaf(distance, distance, sum[0].v[i]);
      }
    }
    column_sums(sum, squares);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      spread.v[i] = sum[0].v[i] / (float)rows;
    }
    if (threadIdx.y == 0) {
      store_quad(mean + own.column, centre, own.count, quads_aligned(mean, 0));
      store_quad(variance + own.column, spread, own.count, quads_aligned(variance, 0));
    }
  } else {
    centre = load_quad(mean + own.column, own.count, quads_aligned(mean, 0));
    spread = load_quad(variance + own.column, own.count, quads_aligned(variance, 0));
  }
  Quad factor = load_quad(scale + own.column, own.count, quads_aligned(scale, 0));
  Quad added = load_quad(shift + own.column, own.count, quads_aligned(shift, 0));
#pragma unroll
  for (int i = 0; i < 4; i++) {
    factor.v[i] = factor.v[i] / sqrtf(spread.v[i] + epsilon);
  }
  for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
    long long at = (long long)row * columns + own.column;
    Quad value = load_quad(x + at, own.count, x_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      value.v[i] = fmaf(value.v[i] - centre.v[i], factor.v[i], added.v[i]);
    }
    store_quad(y + at, value, own.count, y_aligned);
  }
}

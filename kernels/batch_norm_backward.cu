// SPDX-License-Identifier: Apache-2.0
// The gradients of batch normalisation.
//
// Maths (io.github.vae4j.backend.op.BatchNormBackward): s = 1 / sqrt(variance + epsilon), n = (x - mean)
//   s; dScale[c] = sum_r dy n, dShift[c] = sum_r dy; dx = scale s (dy - dShift / R - n dScale / R) in
//   training, else scale s dy.
// Shapes: x, dy, dx (R, C), dx or null; scale, mean, variance, dScale, dShift (C).
// Bytes: reads 8 R C (twice, the second time from the cache), writes 4 R C.
// Launch: blocks of 8 x 32, one for every 32 columns and all rows.
#include "columns.cuh"

extern "C" __global__ void __launch_bounds__(256)
    batch_norm_backward(const float* __restrict__ x, const float* __restrict__ scale,
                        const float* __restrict__ mean, const float* __restrict__ variance,
                        const float* __restrict__ dy, float* __restrict__ dx,
                        float* __restrict__ d_scale, float* __restrict__ d_shift, unsigned rows,
                        unsigned columns, float epsilon, int training) {
  __shared__ float4 partial[2][STRIP_WARPS][COLUMN_THREADS];
  Strip own = own_strip(columns);
  bool x_aligned = quads_aligned(x, columns);
  bool dy_aligned = quads_aligned(dy, columns);
  bool dx_aligned = quads_aligned(dx, columns);
  Quad centre = load_quad(mean + own.column, own.count, quads_aligned(mean, 0));
  Quad inverse = load_quad(variance + own.column, own.count, quads_aligned(variance, 0));
#pragma unroll
  for (int i = 0; i < 4; i++) {
    inverse.v[i] = 1.0f / sqrtf(inverse.v[i] + epsilon);
  }
  // Of dy, and of dy n.
  Quad sums[2] = {{{0.0f, 0.0f, 0.0f, 0.0f}}, {{0.0f, 0.0f, 0.0f, 0.0f}}};
  for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
    long long at = (long long)row * columns + own.column;
    Quad value = load_quad(x + at, own.count, x_aligned);
    Quad d = load_quad(dy + at, own.count, dy_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sums[0].v[i] += d.v[i];
      sums[1].v[i] = fmaf(d.v[i], (value.v[i] - centre.v[i]) * inverse.v[i], sums[1].v[i]);
    }
  }
  column_sums(sums, partial);
  if (threadIdx.y == 0) {
    store_quad(d_shift + own.column, sums[0], own.count, quads_aligned(d_shift, 0));
    store_quad(d_scale + own.column, sums[1], own.count, quads_aligned(d_scale, 0));
  }
  if (dx == nullptr) {
    return;
  }
  Quad factor = load_quad(scale + own.column, own.count, quads_aligned(scale, 0));
  float share = 1.0f / (float)rows;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    factor.v[i] *= inverse.v[i];
    sums[0].v[i] *= share;
    sums[1].v[i] *= share;
  }
  for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
    long long at = (long long)row * columns + own.column;
    Quad d = load_quad(dy + at, own.count, dy_aligned);
    // A product with 0 in place of this would spread a NaN or an infinity over the column.
    if (training) {
      Quad value = load_quad(x + at, own.count, x_aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float normal = (value.v[i] - centre.v[i]) * inverse.v[i];
        d.v[i] = d.v[i] - sums[0].v[i] - normal * sums[1].v[i];
      }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      d.v[i] *= factor.v[i];
    }
    store_quad(dx + at, d, own.count, dx_aligned);
  }
}

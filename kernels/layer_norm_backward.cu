// SPDX-License-Identifier: Apache-2.0
// The gradients of layer normalisation: of the input, row by row, and of scale and shift, by columns.
//
// Maths (io.github.vae4j.backend.op.LayerNormBackward): s = 1 / sqrt(variance + epsilon), n = (x - mean)
//   s, g = scale dy; dx = s (g - 1/C sum_c g - n 1/C sum_c g n); dScale[c] = sum_r dy n, dShift[c] =
//   sum_r dy.
// Shapes: x, dy, dx (R, C); scale, dScale, dShift (C); mean, variance (R).
// Bytes: layer_norm_dx reads 8 R C (twice, the second time from the cache), writes 4 R C;
//   layer_norm_dscale reads 8 R C, writes 8 C.
// Launch: layer_norm_dx has blocks of 128, `lanes` threads a row (a power of two up to 32), four
//   columns each at a time. layer_norm_dscale has blocks of 8 x 32, one for every 32 columns.
#include "columns.cuh"
#include "reduce.cuh"

extern "C" __global__ void __launch_bounds__(128)
    layer_norm_dx(const float* __restrict__ x, const float* __restrict__ scale,
                  const float* __restrict__ mean, const float* __restrict__ variance,
                  const float* __restrict__ dy, float* __restrict__ dx, unsigned rows,
                  unsigned columns, float epsilon, int lanes) {
  unsigned row = blockIdx.x * (128 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  // Threads without a row take part in the sums of their warp.
  unsigned end = live ? columns : 0;
  float centre = live ? mean[row] : 0.0f;
  float inverse = live ? 1.0f / sqrtf(variance[row] + epsilon) : 0.0f;
  long long start = (long long)row * columns;
  bool x_aligned = quads_aligned(x, columns);
  bool dy_aligned = quads_aligned(dy, columns);
  bool dx_aligned = quads_aligned(dx, columns);
  bool scale_aligned = quads_aligned(scale, 0);
  float sum = 0.0f;
  float normal_sum = 0.0f;
  for (unsigned column = 4 * lane; column < end; column += 4 * lanes) {
    unsigned count = columns - column;
    Quad value = load_quad(x + start + column, count, x_aligned);
    Quad d = load_quad(dy + start + column, count, dy_aligned);
    Quad factor = load_quad(scale + column, count, scale_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float g = factor.v[i] * d.v[i];
      sum += g;
      normal_sum = fmaf(g, (value.v[i] - centre) * inverse, normal_sum);
    }
  }
  sum = lane_sum(sum, lanes) / (float)columns;
  normal_sum = lane_sum(normal_sum, lanes) / (float)columns;
  for (unsigned column = 4 * lane; column < end; column += 4 * lanes) {
    unsigned count = columns - column;
    Quad value = load_quad(x + start + column, count, x_aligned);
    Quad d = load_quad(dy + start + column, count, dy_aligned);
    Quad factor = load_quad(scale + column, count, scale_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float normal = (value.v[i] - centre) * inverse;
      d.v[i] = inverse * (factor.v[i] * d.v[i] - sum - normal * normal_sum);
    }
    store_quad(dx + start + column, d, count, dx_aligned);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    layer_norm_dscale(const float* __restrict__ x, const float* __restrict__ mean,
                      const float* __restrict__ variance, const float* __restrict__ dy,
                      float* __restrict__ d_scale, float* __restrict__ d_shift, unsigned rows,
                      unsigned columns, float epsilon) {
  __shared__ float4 partial[2][STRIP_WARPS][COLUMN_THREADS];
  Strip own = own_strip(columns);
  bool x_aligned = quads_aligned(x, columns);
  bool dy_aligned = quads_aligned(dy, columns);
  // Of dy, and of dy n.
  Quad sums[2] = {{{0.0f, 0.0f, 0.0f, 0.0f}}, {{0.0f, 0.0f, 0.0f, 0.0f}}};
  for (unsigned row = own.first; row < rows; row += ROW_THREADS) {
    long long at = (long long)row * columns + own.column;
    float centre = mean[row];
    float inverse = 1.0f / sqrtf(variance[row] + epsilon);
    Quad value = load_quad(x + at, own.count, x_aligned);
    Quad d = load_quad(dy + at, own.count, dy_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sums[0].v[i] += d.v[i];
      sums[1].v[i] = fmaf(d.v[i], (value.v[i] - centre) * inverse, sums[1].v[i]);
    }
  }
  column_sums(sums, partial);
  if (threadIdx.y == 0) {
    store_quad(d_shift + own.column, sums[0], own.count, quads_aligned(d_shift, 0));
    store_quad(d_scale + own.column, sums[1], own.count, quads_aligned(d_scale, 0));
  }
}

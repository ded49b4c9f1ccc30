// SPDX-License-Identifier: Apache-2.0
// Layer normalisation: each row by its own moments.
//
// Maths (io.github.vae4j.backend.op.LayerNorm): mean[r] = 1/C sum_c x, variance[r] = 1/C sum_c (x -
//   mean)^2, y = (x - mean) / sqrt(variance + epsilon) scale + shift.
// Shapes: x, y (R, C); scale, shift (C); mean, variance (R).
// Bytes: reads 4 R C (three times, twice of them from the cache), writes 4 R C.
// Launch: blocks of 128, `lanes` threads a row (a power of two up to 32), four columns each at a time.
#include "reduce.cuh"
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(128)
    layer_norm(const float* __restrict__ x, const float* __restrict__ scale,
               const float* __restrict__ shift, float* __restrict__ mean,
               float* __restrict__ variance, float* __restrict__ y, unsigned rows, unsigned columns,
               float epsilon, int lanes) {
  unsigned row = blockIdx.x * (128 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  // Threads without a row take part in the sums of their warp.
  unsigned end = live ? columns : 0;
  const float* from = x + (long long)row * columns;
  float* to = y + (long long)row * columns;
  bool x_aligned = quads_aligned(x, columns);
  bool y_aligned = quads_aligned(y, columns);
  float sum = 0.0f;
  for (unsigned column = 4 * lane; column < end; column += 4 * lanes) {
    Quad value = load_quad(from + column, columns - column, x_aligned);
    sum += (value.v[0] + value.v[1]) + (value.v[2] + value.v[3]);
  }
  float centre = lane_sum(sum, lanes) / (float)columns;
  sum = 0.0f;
  for (unsigned column = 4 * lane; column < end; column += 4 * lanes) {
    Quad value = load_quad(from + column, columns - column, x_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float distance = column + i < columns ? value.v[i] - centre : 0.0f;
      sum = fmaf(distance, distance, sum);
    }
  }
  float spread = lane_sum(sum, lanes) / (float)columns;
  float inverse = 1.0f / sqrtf(spread + epsilon);
  if (live && lane == 0) {
    mean[row] = centre;
    variance[row] = spread;
  }
  bool scale_aligned = quads_aligned(scale, 0);
  bool shift_aligned = quads_aligned(shift, 0);
  for (unsigned column = 4 * lane; column < end; column += 4 * lanes) {
    unsigned count = columns - column;
    Quad value = load_quad(from + column, count, x_aligned);
    Quad factor = load_quad(scale + column, count, scale_aligned);
    Quad added = load_quad(shift + column, count, shift_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      value.v[i] = fmaf((value.v[i] - centre) * inverse, factor.v[i], added.v[i]);
    }
    store_quad(to + column, value, count, y_aligned);
  }
}

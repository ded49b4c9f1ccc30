// SPDX-License-Identifier: Apache-2.0
// An exponential running average, which a skipped step does not change.
//
// Maths (io.github.vae4j.backend.op.RunningAverage): average = (1 - momentum) average + momentum factor
//   value where status[0] is not 0.
// Shapes: value, average (N), status (1) float64.
// Bytes: reads 8 N, writes 4 N.
// Launch: blocks of 256, a thread owns four elements.
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(256)
    running_average(const float* __restrict__ value, float* __restrict__ average,
                    const double* __restrict__ status, long long n, float momentum, float factor) {
  if (status[0] == 0.0) {
    return;
  }
  long long at = 4 * ((long long)blockIdx.x * 256 + threadIdx.x);
  long long count = n - at;
  if (count <= 0) {
    return;
  }
  bool average_aligned = quads_aligned(average, 0);
  Quad fresh = load_quad(value + at, count, quads_aligned(value, 0));
  Quad old = load_quad(average + at, count, average_aligned);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    old.v[i] = fmaf(1.0f - momentum, old.v[i], momentum * factor * fresh.v[i]);
  }
  store_quad(average + at, old, count, average_aligned);
}

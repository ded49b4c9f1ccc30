// SPDX-License-Identifier: Apache-2.0
// Adds a buffer to another: target[i] += source[i].
//
// Shapes: source (n), target (n) float32.
// Bytes: reads 8 n, writes 4 n.
// Launch: blocks of 256, a thread owns four elements.
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(256)
    add(const float* __restrict__ source, float* __restrict__ target, long long n) {
  long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
  if (at >= n) {
    return;
  }
  bool aligned = quads_aligned(target, 0);
  Quad more = load_quad(source + at, n - at, quads_aligned(source, 0));
  Quad sum = load_quad(target + at, n - at, aligned);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    sum.v[i] += more.v[i];
  }
  store_quad(target + at, sum, n - at, aligned);
}

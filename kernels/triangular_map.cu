// SPDX-License-Identifier: Apache-2.0
// A Gaussian with a full covariance matrix from a diagonal one, by a triangular map for each row.
//
// Maths (io.github.vae4j.backend.op.TriangularMap): z_i = z0_i + sum_{j<i} A_ij z0_j; logRatio[r] +=
//   1/2 (|z0|^2 - |z|^2).
// Shapes: parameters (B, width), of which the last Z (Z - 1) / 2 columns are read; z0, z (B L, Z),
//   logRatio (B L).
// Bytes: reads 2 B Z (Z - 1) and 4 B L Z, writes 4 B L Z; A and z0 are read again from the cache.
// Launch: blocks of 128, `lanes` threads a row (a power of two up to 32), one dimension at a time.
#include "reduce.cuh"

extern "C" __global__ void __launch_bounds__(128)
    triangular_map(const float* __restrict__ parameters, const float* __restrict__ z0,
                   float* __restrict__ z, float* __restrict__ log_ratio, int rows, int samples,
                   int latent, int width, int lanes) {
  int row = blockIdx.x * (128 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  // Threads without a row take part in the sum of their warp.
  int end = live ? latent : 0;
  const float* a =
      parameters + ((long long)(row / samples) + 1) * width - (long long)latent * (latent - 1) / 2;
  const float* from = z0 + (long long)row * latent;
  float* to = z + (long long)row * latent;
  float change = 0.0f;
#pragma unroll 1
  for (int i = lane; i < end; i += lanes) {
    const float* entries = a + (long long)i * (i - 1) / 2;
    float before = from[i];
    float after = before;
#pragma unroll 1
    for (int j = 0; j < i; j++) {
      after = fmaf(entries[j], from[j], after);
    }
    to[i] = after;
    change += before * before - after * after;
  }
  change = lane_sum(change, lanes);
  if (live && lane == 0) {
    log_ratio[row] += 0.5f * change;
  }
}

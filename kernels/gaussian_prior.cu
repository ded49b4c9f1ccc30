// SPDX-License-Identifier: Apache-2.0
// A diagonal Gaussian for each row in place of the standard normal prior.
//
// Maths (io.github.vae4j.backend.op.GaussianPrior): logRatio[r] += sum_j 1/2 (z^2 - logvar - (z -
//   mu)^2 exp(-logvar)). logvar is clamped to [-30, 20].
// Shapes: z (R, Z), components (R, 2 Z), logRatio (R).
// Bytes: reads 12 R Z.
// Launch: blocks of 256, `lanes` threads a row (a power of two up to 32), four columns a thread.
#include "posterior.cuh"
#include "reduce.cuh"
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(256)
    gaussian_prior(const float* __restrict__ z, const float* __restrict__ components,
                   float* __restrict__ log_ratio, int rows, int latent, int lanes) {
  int row = blockIdx.x * (256 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  bool z_aligned = quads_aligned(z, latent);
  bool aligned = quads_aligned(components, latent);
  float sum = 0.0f;
  if (live) {
    const float* component = components + (long long)row * 2 * latent;
    for (int column = 4 * lane; column < latent; column += 4 * lanes) {
      int count = latent - column;
      Quad value = load_quad(z + (long long)row * latent + column, count, z_aligned);
      Quad mu = load_quad(component + column, count, aligned);
      Quad logvar = load_quad(component + latent + column, count, aligned);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float lv = clamp_logvar(logvar.v[i]);
        float distance = value.v[i] - mu.v[i];
        // Past the end all three are 0, and so is the term.
        sum += fmaf(-distance * distance, expf(-lv), fmaf(value.v[i], value.v[i], -lv));
      }
    }
  }
  sum = lane_sum(sum, lanes);
  if (live && lane == 0) {
    log_ratio[row] += 0.5f * sum;
  }
}

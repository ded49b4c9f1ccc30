// SPDX-License-Identifier: Apache-2.0
// The Monte-Carlo estimate of each row's KL.
//
// Maths (io.github.vae4j.backend.op.SampledKl): kl[b] = -1/L sum_l logRatio[b L + l].
// Shapes: logRatio (B L), kl (B).
// Bytes: reads 4 B L, writes 4 B.
// Launch: blocks of 128, a warp a row; sums in double, lane by lane, then by a fixed tree.
#include "reduce.cuh"

extern "C" __global__ void __launch_bounds__(128)
    sampled_kl(const float* __restrict__ log_ratio, float* __restrict__ kl, int batch,
               int samples) {
  int b = blockIdx.x * 4 + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  double sum = 0;
  if (b < batch) {
    for (int l = lane; l < samples; l += 32) {
      sum += log_ratio[(long long)b * samples + l];
    }
  }
  sum = lane_sum(sum, 32);
  if (b < batch && lane == 0) {
    kl[b] = (float)(-sum / samples);
  }
}

// SPDX-License-Identifier: Apache-2.0
// A mixture of diagonal Gaussians in place of the standard normal prior.
//
// Maths (io.github.vae4j.backend.op.MixturePrior): c_k = log pi_k + sum_j 1/2 (z^2 - logvar - (z -
//   mu)^2 exp(-logvar)); logRatio[r] += log sum_k exp(c_k); responsibilities[r, k] = exp(c_k) /
//   sum_i exp(c_i). logvar is clamped to [-30, 20].
// Shapes: z (R, Z), components (K, 2 Z), logits (K) or null, responsibilities (R, K), logRatio (R).
// Bytes: reads 4 R Z and 8 K Z (the components of a row hit the cache), writes 4 R K twice.
// Launch: blocks of 128, a warp a row. `lanes` threads (a power of two up to 32) share a component,
//   four columns a thread, so that a warp has 32 / lanes components at a time.
#include "mixture.cuh"

/** A thread's columns of sum_j (z^2 - logvar - (z - mu)^2 exp(-logvar)). */
__device__ __forceinline__ float relative(const float* z, const float* component, int latent,
                                          int lane, int lanes, bool z_aligned, bool aligned) {
  float sum = 0.0f;
  for (int column = 4 * lane; column < latent; column += 4 * lanes) {
    int count = latent - column;
    Quad value = load_quad(z + column, count, z_aligned);
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
  return sum;
}

extern "C" __global__ void __launch_bounds__(128)
    mixture_prior(const float* __restrict__ z, const float* __restrict__ components,
                  const float* __restrict__ logits, float* responsibilities,
                  float* __restrict__ log_ratio, int rows, int latent, int count, int lanes) {
  int row = blockIdx.x * 4 + (threadIdx.x >> 5);
  int warp_lane = threadIdx.x & 31;
  int lane = warp_lane & (lanes - 1);
  int group = warp_lane / lanes;
  int groups = 32 / lanes;
  bool live = row < rows;
  bool z_aligned = quads_aligned(z, latent);
  bool aligned = quads_aligned(components, latent);
  const float* own = z + (long long)row * latent;
  float* parts = responsibilities + (long long)row * count;
  float total = log_total(logits, count);
  LogSum sum = no_terms();
  for (int first = 0; first < count; first += groups) {
    int k = first + group;
    bool there = live && k < count;
    float c = 0.0f;
    if (there) {
      c = relative(own, components + (long long)k * 2 * latent, latent, lane, lanes, z_aligned,
                   aligned);
    }
    c = lane_sum(c, lanes);
    if (there) {
      c = (logits == nullptr ? 0.0f : logits[k]) - total + 0.5f * c;
      sum = merge(sum, {c, 1.0f});
      if (lane == 0) {
        parts[k] = c;
      }
    }
  }
  sum = merge_groups(sum, lanes);
  float log_sum = sum.top + logf(sum.sum);
  if (!live || lane != 0) {
    return;
  }
  // A thread only reads elements that it wrote.
  for (int k = group; k < count; k += groups) {
    parts[k] = expf(parts[k] - log_sum);
  }
  if (warp_lane == 0) {
    log_ratio[row] += log_sum;
  }
}

// SPDX-License-Identifier: Apache-2.0
// The gradient of a prior that is a diagonal Gaussian for each row.
//
// Maths (io.github.vae4j.backend.op.GaussianPriorBackward): g_r = scale beta weight[r], n = (z - mu)
//   exp(-logvar); dz += g_r (n - z); dmu = -g_r n; dlogvar = -g_r 1/2 (n (z - mu) - 1), 0 outside
//   the clamp.
// Shapes: z (R, Z), components (R, 2 Z), weight (R) or null, dz (R, Z), dComponents (R, 2 Z).
// Bytes: reads 16 R Z, writes 12 R Z.
// Launch: blocks of 128, a thread owns four columns of a row.
#include "posterior.cuh"
#include "sampled.cuh"
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(128)
    gaussian_prior_backward(const float* __restrict__ z, const float* __restrict__ components,
                            const float* __restrict__ weight, float* __restrict__ dz,
                            float* __restrict__ d_components, const double* __restrict__ control,
                            int rows, int latent, float scale) {
  int quads = (latent + 3) / 4;
  long long thread = (long long)blockIdx.x * 128 + threadIdx.x;
  long long row = thread / quads;
  if (row >= rows) {
    return;
  }
  int column = 4 * (int)(thread - row * quads);
  int left = latent - column;
  bool dz_aligned = quads_aligned(dz, latent);
  bool aligned = quads_aligned(components, latent);
  bool out_aligned = quads_aligned(d_components, latent);
  long long at = row * latent + column;
  long long mean_at = row * 2 * latent + column;
  Quad value = load_quad(z + at, left, quads_aligned(z, latent));
  Quad mu = load_quad(components + mean_at, left, aligned);
  Quad logvar = load_quad(components + mean_at + latent, left, aligned);
  Quad d = load_quad(dz + at, left, dz_aligned);
  float g = sample_weight(weight, row, scale, control);
  Quad d_mu;
  Quad d_logvar;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float distance = value.v[i] - mu.v[i];
    float n = distance * expf(-clamp_logvar(logvar.v[i]));
    d.v[i] += g * (n - value.v[i]);
    d_mu.v[i] = -g * n;
    d_logvar.v[i] = outside_clamp(logvar.v[i]) ? 0.0f : -0.5f * g * (n * distance - 1.0f);
  }
  store_quad(dz + at, d, left, dz_aligned);
  store_quad(d_components + mean_at, d_mu, left, out_aligned);
  store_quad(d_components + mean_at + latent, d_logvar, left, out_aligned);
}

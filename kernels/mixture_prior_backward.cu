// SPDX-License-Identifier: Apache-2.0
// The gradient of a mixture prior: of the samples, and of the components and their weights.
//
// Maths (io.github.vae4j.backend.op.MixturePriorBackward): g_r = scale beta weight[r], n = (z - mu)
//   exp(-logvar), r_k the responsibilities; dz += g_r (sum_k r_k n - z); dmu = -sum_r g_r r_k n;
//   dlogvar = -sum_r g_r r_k 1/2 (n (z - mu) - 1), 0 outside the clamp; dlogits = -sum_r g_r (r_k -
//   pi_k).
// Shapes: z (R, Z), components (K, 2 Z), logits (K) or null, responsibilities (R, K), weight (R) or
//   null, dz (R, Z), dComponents (K, 2 Z), dLogits (K) or null.
// Bytes: of the samples, reads 8 R Z + 4 R K + 8 K Z, writes 4 R Z; of the components, reads 4 R Z
//   and 4 R K from the cache K times, writes 8 K Z.
// Launch: mixture_prior_dz has blocks of 128, a thread owns four columns of a row.
//   mixture_prior_dcomponents has grid (K, strips of 128 columns) of 256: `lanes` threads (a power of
//   two up to 32) have four columns each of every 256 / lanes-th row, then add up in that order.
#include "mixture.cuh"
#include "sampled.cuh"

extern "C" __global__ void __launch_bounds__(128)
    mixture_prior_dz(const float* __restrict__ z, const float* __restrict__ components,
                     const float* __restrict__ responsibilities, const float* __restrict__ weight,
                     float* __restrict__ dz, const double* __restrict__ control, int rows,
                     int latent, int count, float scale) {
  int quads = (latent + 3) / 4;
  long long thread = (long long)blockIdx.x * 128 + threadIdx.x;
  long long row = thread / quads;
  if (row >= rows) {
    return;
  }
  int column = 4 * (int)(thread - row * quads);
  int left = latent - column;
  bool z_aligned = quads_aligned(z, latent);
  bool dz_aligned = quads_aligned(dz, latent);
  bool aligned = quads_aligned(components, latent);
  long long at = row * latent + column;
  Quad value = load_quad(z + at, left, z_aligned);
  Quad pull = {{0.0f, 0.0f, 0.0f, 0.0f}};
  for (int k = 0; k < count; k++) {
    float part = responsibilities[row * count + k];
    const float* component = components + (long long)k * 2 * latent + column;
    Quad mu = load_quad(component, left, aligned);
    Quad logvar = load_quad(component + latent, left, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float n = (value.v[i] - mu.v[i]) * expf(-clamp_logvar(logvar.v[i]));
      pull.v[i] = fmaf(part, n, pull.v[i]);
    }
  }
  float g = sample_weight(weight, row, scale, control);
  Quad d = load_quad(dz + at, left, dz_aligned);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    d.v[i] += g * (pull.v[i] - value.v[i]);
  }
  store_quad(dz + at, d, left, dz_aligned);
}

extern "C" __global__ void __launch_bounds__(256)
    mixture_prior_dcomponents(const float* __restrict__ z, const float* __restrict__ components,
                              const float* __restrict__ logits,
                              const float* __restrict__ responsibilities,
                              const float* __restrict__ weight, float* __restrict__ d_components,
                              float* __restrict__ d_logits, const double* __restrict__ control,
                              int rows, int latent, int count, float scale, int lanes) {
  // Four columns of the mean, four of the log variance, and the weight, of each thread.
  __shared__ float partial[9][256];
  int k = blockIdx.x;
  int lane = threadIdx.x & (lanes - 1);
  int column = 128 * blockIdx.y + 4 * lane;
  int left = latent - column;
  bool z_aligned = quads_aligned(z, latent);
  bool aligned = quads_aligned(components, latent);
  const float* component = components + (long long)k * 2 * latent + column;
  Quad mu = load_quad(component, left, aligned);
  Quad logvar = load_quad(component + latent, left, aligned);
  Quad precision;
  Quad d_mu = {{0.0f, 0.0f, 0.0f, 0.0f}};
  Quad d_logvar = {{0.0f, 0.0f, 0.0f, 0.0f}};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    precision.v[i] = expf(-clamp_logvar(logvar.v[i]));
  }
  float total = log_total(logits, count);
  float share = expf((logits == nullptr ? 0.0f : logits[k]) - total);
  float d_logit = 0.0f;
  for (int row = threadIdx.x / lanes; row < rows; row += 256 / lanes) {
    float part = responsibilities[(long long)row * count + k];
    float g = sample_weight(weight, row, scale, control);
    Quad value = load_quad(z + (long long)row * latent + column, left, z_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float distance = value.v[i] - mu.v[i];
      float n = distance * precision.v[i];
      d_mu.v[i] = fmaf(-g * part, n, d_mu.v[i]);
      d_logvar.v[i] = fmaf(-0.5f * (g * part), fmaf(n, distance, -1.0f), d_logvar.v[i]);
    }
    d_logit -= g * (part - share);
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    partial[i][threadIdx.x] = d_mu.v[i];
    partial[4 + i][threadIdx.x] = d_logvar.v[i];
  }
  partial[8][threadIdx.x] = d_logit;
  __syncthreads();
  if (threadIdx.x >= lanes) {
    return;
  }
  for (int other = threadIdx.x + lanes; other < 256; other += lanes) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      d_mu.v[i] += partial[i][other];
      d_logvar.v[i] += partial[4 + i][other];
    }
    d_logit += partial[8][other];
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    d_logvar.v[i] = outside_clamp(logvar.v[i]) ? 0.0f : d_logvar.v[i];
  }
  bool out_aligned = quads_aligned(d_components, latent);
  float* out = d_components + (long long)k * 2 * latent + column;
  store_quad(out, d_mu, left, out_aligned);
  store_quad(out + latent, d_logvar, left, out_aligned);
  if (d_logits != nullptr && column == 0) {
    d_logits[k] = d_logit;
  }
}

// The gradient of the reparameterised samples and of the KL term, eps drawn again instead of stored.
//
// Maths (io.github.vae4j.backend.op.ReparameterizeBackward): sigma = exp(logvar / 2), g = klScale
//   beta, w = weight or 1; dlogvar is 0 where logvar was outside [-30, 20].
//   ANALYTIC: dmu = sum_l dz + h mu, dlogvar = sum_l dz eps sigma / 2 + h (exp(logvar) - 1) / 2; h =
//     g mean_l w, 0 where klPerDimension[j] < freeBits, times the sign of sum klPerDimension -
//     capacity where there is one.
//   SAMPLED: s = dz + g w z / L, dmu = sum_l s, dlogvar = sum_l (s eps sigma - g w / L) / 2.
//   DOUBLY_REPARAMETERIZED: s = w groups / L (dz + g w (z - eps / sigma) / L), dmu = sum_l s,
//     dlogvar = sum_l s eps sigma / 2.
// Shapes: stats (B, 2 Z), dz (B L, Z), klPerDimension (Z) or null, weight (B L) or null, dStats (B, 2 Z).
// Bytes: reads 8 B Z + 4 B L Z, writes 8 B Z; 4 Z of klPerDimension; 4 B L of weight.
// Launch: blocks of 128, a thread owns four columns of a row and loops over its samples.
#include "control.cuh"
#include "posterior.cuh"
#include "vector.cuh"

#define ANALYTIC 0
#define SAMPLED 1

/** The slope of |kl - capacity|: every thread sums the few dimensions in the same order. */
__device__ __forceinline__ float capacity_sign(const float* kl_dimension, int latent,
                                               double capacity) {
  double excess = -capacity;
  for (int j = 0; j < latent; j++) {
    excess += kl_dimension[j];
  }
  return excess > 0 ? 1.0f : excess < 0 ? -1.0f : 0.0f;
}

extern "C" __global__ void __launch_bounds__(128)
    reparameterize_backward(const float* __restrict__ stats, const float* __restrict__ dz,
                            const float* __restrict__ kl_dimension,
                            const float* __restrict__ weights, float* __restrict__ d_stats,
                            const double* __restrict__ control, int batch, int samples, int groups,
                            int latent, unsigned long long seed, unsigned stream,
                            unsigned noise_row, float kl_scale, float free_bits, int capacity,
                            int estimator) {
  int quads = (latent + 3) / 4;
  long long thread = (long long)blockIdx.x * 128 + threadIdx.x;
  int b = (int)(thread / quads);
  if (b >= batch) {
    return;
  }
  int column = 4 * (int)(thread - (long long)b * quads);
  int count = latent - column;
  long long step = (long long)control[CONTROL_STEP];
  float scale = (float)(kl_scale * control[CONTROL_BETA]);
  if (capacity) {
    scale *= capacity_sign(kl_dimension, latent, control[CONTROL_CAPACITY]);
  }
  float one = 1.0f / (float)samples;
  bool in_aligned = quads_aligned(stats, latent);
  bool dz_aligned = quads_aligned(dz, latent);
  bool out_aligned = quads_aligned(d_stats, latent);
  long long mean_at = (long long)b * 2 * latent + column;
  Quad mu = load_quad(stats + mean_at, count, in_aligned);
  Quad logvar = load_quad(stats + mean_at + latent, count, in_aligned);
  float sigma[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    sigma[i] = expf(0.5f * clamp_logvar(logvar.v[i]));
  }
  Quad sum = {{0.0f, 0.0f, 0.0f, 0.0f}};
  Quad noisy = {{0.0f, 0.0f, 0.0f, 0.0f}};
  float weight_sum = 0.0f;
  for (int l = 0; l < samples; l++) {
    int row = b * samples + l;
    float w = weights == nullptr ? 1.0f : weights[row];
    weight_sum += w;
    float share = scale * w * one;
    float gate = w * (float)groups * one;
    float eps[4];
    philox_normals(philox(seed, stream, step, noise_row + row, column >> 2), eps);
    Quad d = load_quad(dz + (long long)row * latent + column, count, dz_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float slope = d.v[i];
      if (estimator != ANALYTIC) {
        float z = mu.v[i] + sigma[i] * eps[i];
        slope = estimator == SAMPLED ? slope + share * z
                                     : gate * (slope + share * (z - eps[i] / sigma[i]));
      }
      sum.v[i] += slope;
      noisy.v[i] += slope * eps[i];
    }
  }
  scale *= weight_sum * one;
  Quad d_mu;
  Quad d_logvar;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float slope = noisy.v[i] * sigma[i];
    d_mu.v[i] = sum.v[i];
    if (estimator == ANALYTIC) {
      bool free = free_bits > 0.0f && i < count && kl_dimension[column + i] < free_bits;
      float g = free ? 0.0f : scale;
      d_mu.v[i] += g * mu.v[i];
      slope += g * expm1f(clamp_logvar(logvar.v[i]));
    } else if (estimator == SAMPLED) {
      slope -= scale;
    }
    d_logvar.v[i] = outside_clamp(logvar.v[i]) ? 0.0f : 0.5f * slope;
  }
  store_quad(d_stats + mean_at, d_mu, count, out_aligned);
  store_quad(d_stats + mean_at + latent, d_logvar, count, out_aligned);
}

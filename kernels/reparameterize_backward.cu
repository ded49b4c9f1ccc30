// The gradient of the reparameterised samples and of the KL term, eps drawn again instead of stored.
//
// Maths (io.github.vae4j.backend.op.ReparameterizeBackward): g = klScale beta, 0 for a dimension
//   whose klPerDimension is below freeBits; dmu = sum_l dz + g mu; dlogvar = sum_l dz eps
//   exp(logvar / 2) / 2 + g (exp(logvar) - 1) / 2, and 0 where logvar was outside [-30, 20].
// Shapes: stats (B, 2 Z), dz (B L, Z), klPerDimension (Z) or null, dStats (B, 2 Z).
// Bytes: reads 8 B Z + 4 B L Z, writes 8 B Z; 4 Z of klPerDimension.
// Launch: blocks of 128, a thread owns four columns of a row and loops over its samples.
#include "control.cuh"
#include "posterior.cuh"
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(128)
    reparameterize_backward(const float* __restrict__ stats, const float* __restrict__ dz,
                            const float* __restrict__ kl_dimension, float* __restrict__ d_stats,
                            const double* __restrict__ control, int batch, int samples, int latent,
                            unsigned long long seed, unsigned stream, unsigned noise_row,
                            float kl_scale, float free_bits) {
  int quads = (latent + 3) / 4;
  long long thread = (long long)blockIdx.x * 128 + threadIdx.x;
  int b = (int)(thread / quads);
  if (b >= batch) {
    return;
  }
  int column = 4 * (int)(thread - (long long)b * quads);
  int count = latent - column;
  long long step = (long long)control[CONTROL_STEP];
  float weight = (float)(kl_scale * control[CONTROL_BETA]);
  bool in_aligned = quads_aligned(stats, latent);
  bool dz_aligned = quads_aligned(dz, latent);
  bool out_aligned = quads_aligned(d_stats, latent);
  long long mean_at = (long long)b * 2 * latent + column;
  Quad mu = load_quad(stats + mean_at, count, in_aligned);
  Quad logvar = load_quad(stats + mean_at + latent, count, in_aligned);
  Quad sum = {{0.0f, 0.0f, 0.0f, 0.0f}};
  Quad noisy = {{0.0f, 0.0f, 0.0f, 0.0f}};
  for (int l = 0; l < samples; l++) {
    int row = b * samples + l;
    float eps[4];
    philox_normals(philox(seed, stream, step, noise_row + row, column >> 2), eps);
    Quad d = load_quad(dz + (long long)row * latent + column, count, dz_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sum.v[i] += d.v[i];
      noisy.v[i] += d.v[i] * eps[i];
    }
  }
  Quad d_mu;
  Quad d_logvar;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    bool free = free_bits > 0.0f && i < count && kl_dimension[column + i] < free_bits;
    float g = free ? 0.0f : weight;
    float lv = clamp_logvar(logvar.v[i]);
    d_mu.v[i] = sum.v[i] + g * mu.v[i];
    d_logvar.v[i] = outside_clamp(logvar.v[i])
                        ? 0.0f
                        : 0.5f * (noisy.v[i] * expf(0.5f * lv) + g * expm1f(lv));
  }
  store_quad(d_stats + mean_at, d_mu, count, out_aligned);
  store_quad(d_stats + mean_at + latent, d_logvar, count, out_aligned);
}

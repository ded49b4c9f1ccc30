// SPDX-License-Identifier: Apache-2.0
// The gradient of the reparameterised samples and of the KL term; eps is drawn again, not stored.
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
// Launch: blocks of 64, `lanes` threads a row (a power of two from 2 to 32), a pair of threads for
//   four columns, which is one Philox block (posterior.cuh); a thread loops over its row's samples.
#include "control.cuh"
#include "dependent.cuh"
#include "posterior.cuh"
#include "vector.cuh"

#define THREADS 64

#define ANALYTIC 0
#define SAMPLED 1

/** The slope of |kl - capacity|: one thread of each block sums over dimensions, in order. */
__device__ __forceinline__ float capacity_sign(const float* kl_dimension, int latent,
                                               double capacity) {
  double excess = -capacity;
  for (int j = 0; j < latent; j++) {
    excess += kl_dimension[j];
  }
  return excess > 0 ? 1.0f : excess < 0 ? -1.0f : 0.0f;
}

extern "C" __global__ void __launch_bounds__(THREADS)
    reparameterize_backward(const float* stats, const float* dz, const float* kl_dimension,
                            const float* weights, float* __restrict__ d_stats,
                            const double* control, int batch, int samples, int groups, int latent,
                            unsigned long long seed, unsigned stream, unsigned noise_row,
                            float kl_scale, float free_bits, int capacity, int estimator,
                            int lanes) {
  __shared__ long long shared_step;
  __shared__ float shared_scale;
  await_predecessors();
  allow_successor();
  int b = blockIdx.x * (THREADS / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  int columns = b < batch ? latent : 0;
  bool in_aligned = quads_aligned(stats, latent);
  bool dz_aligned = pairs_aligned(dz, latent);
  bool out_aligned = quads_aligned(d_stats, latent);
  long long row_at = (long long)b * 2 * latent;
  int quad = 4 * (lane >> 1);
  // The control and the first columns are fetched at the same time.
  double control_step = threadIdx.x == 0 ? control[CONTROL_STEP] : 0.0;
  double beta = threadIdx.x == 0 ? control[CONTROL_BETA] : 0.0;
  Posterior own = load_posterior(stats + row_at, quad, columns, latent, lane, in_aligned);
  if (threadIdx.x == 0) {
    shared_step = (long long)control_step;
    float scale = (float)(kl_scale * beta);
    if (capacity) {
      scale *= capacity_sign(kl_dimension, latent, control[CONTROL_CAPACITY]);
    }
    shared_scale = scale;
  }
  __syncthreads();
  long long step = shared_step;
  float one = 1.0f / (float)samples;
  // The same number of turns for all rows of a warp, which exchange halves in each.
  for (int base = 0; base < latent; base += 2 * lanes) {
    int column = quad + 2 * (lane & 1);
    int count = columns - column;
    float sigma[2];
#pragma unroll
    for (int i = 0; i < 2; i++) {
      sigma[i] = expf(0.5f * clamp_logvar(own.logvar[i]));
    }
    float sum[2] = {0.0f, 0.0f};
    float noisy[2] = {0.0f, 0.0f};
    float weight_sum = 0.0f;
    if (count > 0) {
      for (int l = 0; l < samples; l++) {
        int row = b * samples + l;
        float w = weights == nullptr ? 1.0f : weights[row];
        weight_sum += w;
        float share = shared_scale * w * one;
        float gate = w * (float)groups * one;
        float eps[2];
        philox_normal_pair(philox(seed, stream, step, noise_row + row, quad >> 2), lane & 1, eps);
        Pair d = load_pair(dz + (long long)row * latent + column, count, dz_aligned);
#pragma unroll
        for (int i = 0; i < 2; i++) {
          float slope = d.v[i];
          if (estimator != ANALYTIC) {
            float z = fmaf(sigma[i], eps[i], own.mu[i]);
            slope = estimator == SAMPLED ? slope + share * z
                                         : gate * (slope + share * (z - eps[i] / sigma[i]));
          }
          sum[i] += slope;
          noisy[i] = fmaf(slope, eps[i], noisy[i]);
        }
      }
    }
    float scale = shared_scale * weight_sum * one;
    Posterior gradient;
#pragma unroll
    for (int i = 0; i < 2; i++) {
      float slope = noisy[i] * sigma[i];
      gradient.mu[i] = sum[i];
      if (estimator == ANALYTIC) {
        bool free = free_bits > 0.0f && i < count && kl_dimension[column + i] < free_bits;
        float g = free ? 0.0f : scale;
        gradient.mu[i] += g * own.mu[i];
        slope += g * expm1f(clamp_logvar(own.logvar[i]));
      } else if (estimator == SAMPLED) {
        slope -= scale;
      }
      gradient.logvar[i] = outside_clamp(own.logvar[i]) ? 0.0f : 0.5f * slope;
    }
    store_posterior(d_stats + row_at, gradient, quad, columns, latent, lane, out_aligned);
    quad += 2 * lanes;
    if (base + 2 * lanes < latent) {
      own = load_posterior(stats + row_at, quad, columns, latent, lane, in_aligned);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Samples of a diagonal Gaussian posterior and its KL from the standard normal, in one pass.
//
// Maths (io.github.vae4j.backend.op.Reparameterize): z = mu + exp(logvar / 2) eps; kl[b] = sum_j t,
//   t = 1/2 (exp(logvar) + mu^2 - 1 - logvar); klPerDimension[j] = 1/B sum_b t; logRatio[r] =
//   sum_j 1/2 (eps^2 + logvar - z^2). logvar is clamped to [-30, 20].
// Shapes: stats (B, 2 Z), z (B L, Z), kl (B), klPerDimension (Z) or null, logRatio (B L) or null.
// Bytes: reads 8 B L Z (the samples of a row hit the cache), writes 4 B L Z; 8 B Z more are read
//   for klPerDimension. eps is drawn from Philox and never stored.
// Launch: blocks of 64, so that a small batch has a warp on many multiprocessors. The first
//   `row_blocks` own rows of z: `lanes` threads a row (a power of two from 2 to 32), a pair of threads
//   for four columns, which is one Philox block: posterior.cuh. The rest own eight columns each of
//   klPerDimension, so that its sum needs no second launch.
#include "control.cuh"
#include "dependent.cuh"
#include "posterior.cuh"
#include "reduce.cuh"
#include "vector.cuh"

#define THREADS 64
// A block's columns of klPerDimension, which fill a sector of each row; in how many sums a column
// is added up; and how many of these a thread makes.
#define COLUMNS 8
#define COLUMN_SUMS 32
#define OWN_SUMS (COLUMNS * COLUMN_SUMS / THREADS)

/** t of one dimension; expm1 keeps the digits of exp(logvar) - 1 near 0. */
__device__ __forceinline__ float kl_term(float mu, float logvar) {
  return 0.5f * (expm1f(logvar) + mu * mu - logvar);
}

__device__ __forceinline__ void kl_per_dimension(const float* stats, float* __restrict__ out,
                                                 int batch, int latent, int block, float* partial) {
  int slot = threadIdx.x / COLUMNS;
  int own_column = threadIdx.x % COLUMNS;
  int column = COLUMNS * block + own_column;
  float sums[OWN_SUMS] = {};
  if (column < latent) {
    for (int first = slot; first < batch; first += COLUMN_SUMS) {
#pragma unroll
      for (int i = 0; i < OWN_SUMS; i++) {
        int b = first + i * (THREADS / COLUMNS);
        if (b < batch) {
          const float* row = stats + (long long)b * 2 * latent;
          sums[i] += kl_term(row[column], clamp_logvar(row[latent + column]));
        }
      }
    }
  }
#pragma unroll
  for (int i = 0; i < OWN_SUMS; i++) {
    partial[THREADS * i + threadIdx.x] = sums[i];
  }
  __syncthreads();
  if (threadIdx.x < COLUMNS && column < latent) {
    float sum = 0.0f;
    for (int i = 0; i < COLUMN_SUMS; i++) {
      sum += partial[i * COLUMNS + threadIdx.x];
    }
    out[column] = sum / (float)batch;
  }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    reparameterize(const float* stats, float* __restrict__ z, float* __restrict__ kl,
                   float* __restrict__ kl_dimension, float* __restrict__ log_ratio,
                   const double* control, int batch, int samples, int latent,
                   unsigned long long seed, unsigned stream, unsigned noise_row, int lanes,
                   int row_blocks) {
  __shared__ float partial[COLUMNS * COLUMN_SUMS];
  __shared__ long long shared_step;
  await_predecessors();
  allow_successor();
  if (blockIdx.x >= row_blocks) {
    kl_per_dimension(stats, kl_dimension, batch, latent, blockIdx.x - row_blocks, partial);
    return;
  }
  int rows = THREADS / lanes;
  int slot = threadIdx.x / lanes;
  int row = blockIdx.x * rows + slot;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < batch * samples;
  int b = row / samples;
  int columns = live ? latent : 0;
  bool in_aligned = quads_aligned(stats, latent);
  bool out_aligned = pairs_aligned(z, latent);
  const float* stats_row = stats + (long long)b * 2 * latent;
  int quad = 4 * (lane >> 1);
  // The step and the first columns are fetched at the same time.
  double control_step = threadIdx.x == 0 ? control[CONTROL_STEP] : 0.0;
  Posterior own = load_posterior(stats_row, quad, columns, latent, lane, in_aligned);
  if (threadIdx.x == 0) {
    shared_step = (long long)control_step;
  }
  __syncthreads();
  long long step = shared_step;
  float kl_sum = 0.0f;
  float ratio_sum = 0.0f;
  // The same number of turns for all rows of a warp, which exchange halves in each.
  for (int base = 0; base < latent; base += 2 * lanes) {
    int column = quad + 2 * (lane & 1);
    int count = columns - column;
    if (count > 0) {
      float eps[2];
      philox_normal_pair(philox(seed, stream, step, noise_row + row, quad >> 2), lane & 1, eps);
      Pair sample;
#pragma unroll
      for (int i = 0; i < 2; i++) {
        float lv = clamp_logvar(own.logvar[i]);
        sample.v[i] = fmaf(expf(0.5f * lv), eps[i], own.mu[i]);
        if (i < count) {
          kl_sum += kl_term(own.mu[i], lv);
          ratio_sum += 0.5f * (eps[i] * eps[i] + lv - sample.v[i] * sample.v[i]);
        }
      }
      store_pair(z + (long long)row * latent + column, sample, count, out_aligned);
    }
    quad += 2 * lanes;
    if (base + 2 * lanes < latent) {
      own = load_posterior(stats_row, quad, columns, latent, lane, in_aligned);
    }
  }
  kl_sum = lane_sum(kl_sum, lanes);
  ratio_sum = lane_sum(ratio_sum, lanes);
  // Neighbours in memory are stored together: the rows of a block by its first threads.
  if (lane == 0) {
    partial[slot] = kl_sum;
    partial[rows + slot] = ratio_sum;
  }
  __syncthreads();
  row = blockIdx.x * rows + threadIdx.x;
  if (threadIdx.x >= rows || row >= batch * samples) {
    return;
  }
  b = row / samples;
  if (row == b * samples) {
    kl[b] = partial[threadIdx.x];
  }
  if (log_ratio != nullptr) {
    log_ratio[row] = partial[rows + threadIdx.x];
  }
}

// Samples of a diagonal Gaussian posterior and its KL from the standard normal, in one pass.
//
// Maths (io.github.vae4j.backend.op.Reparameterize): z = mu + exp(logvar / 2) eps; kl[b] = sum_j t,
//   t = 1/2 (exp(logvar) + mu^2 - 1 - logvar); klPerDimension[j] = 1/B sum_b t; logRatio[r] =
//   sum_j 1/2 (eps^2 + logvar - z^2). logvar is clamped to [-30, 20].
// Shapes: stats (B, 2 Z), z (B L, Z), kl (B), klPerDimension (Z) or null, logRatio (B L) or null.
// Bytes: reads 8 B L Z (the samples of a row hit the cache), writes 4 B L Z; 8 B Z more are read
//   for klPerDimension. eps is drawn from Philox and never stored.
// Launch: blocks of 256. The first `row_blocks` own rows of z: `lanes` threads a row (a power of two
//   from 2 to 32), a pair of threads for four columns, which is one Philox block: posterior.cuh. The
//   rest own eight columns each of klPerDimension, 32 threads a column, so that its sum needs no
//   second launch.
#include "control.cuh"
#include "posterior.cuh"
#include "reduce.cuh"
#include "vector.cuh"

#define COLUMNS 8
#define COLUMN_LANES 32

/** t of one dimension; expm1 keeps the digits of exp(logvar) - 1 near 0. */
__device__ __forceinline__ float kl_term(float mu, float logvar) {
  return 0.5f * (expm1f(logvar) + mu * mu - logvar);
}

__device__ __forceinline__ void kl_per_dimension(const float* __restrict__ stats,
                                                 float* __restrict__ out, int batch, int latent,
                                                 int block, float* partial) {
  int column = COLUMNS * block + (threadIdx.x % COLUMNS);
  float sum = 0.0f;
  if (column < latent) {
    for (int b = threadIdx.x / COLUMNS; b < batch; b += COLUMN_LANES) {
      const float* row = stats + (long long)b * 2 * latent;
      sum += kl_term(row[column], clamp_logvar(row[latent + column]));
    }
  }
  partial[threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.x < COLUMNS && column < latent) {
    sum = 0.0f;
    for (int lane = 0; lane < COLUMN_LANES; lane++) {
      sum += partial[lane * COLUMNS + threadIdx.x];
    }
    out[column] = sum / (float)batch;
  }
}

extern "C" __global__ void __launch_bounds__(256)
    reparameterize(const float* __restrict__ stats, float* __restrict__ z, float* __restrict__ kl,
                   float* __restrict__ kl_dimension, float* __restrict__ log_ratio,
                   const double* __restrict__ control, int batch, int samples, int latent,
                   unsigned long long seed, unsigned stream, unsigned noise_row, int lanes,
                   int row_blocks) {
  __shared__ float partial[COLUMNS * COLUMN_LANES];
  __shared__ long long shared_step;
  if (blockIdx.x >= row_blocks) {
    kl_per_dimension(stats, kl_dimension, batch, latent, blockIdx.x - row_blocks, partial);
    return;
  }
  if (threadIdx.x == 0) {
    shared_step = (long long)control[CONTROL_STEP];
  }
  __syncthreads();
  int rows = 256 / lanes;
  int slot = threadIdx.x / lanes;
  int row = blockIdx.x * rows + slot;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < batch * samples;
  int b = row / samples;
  long long step = shared_step;
  bool in_aligned = quads_aligned(stats, latent);
  bool out_aligned = pairs_aligned(z, latent);
  const float* stats_row = stats + (long long)b * 2 * latent;
  float kl_sum = 0.0f;
  float ratio_sum = 0.0f;
  // The same number of turns for all rows of a warp, which exchange halves in each.
  for (int base = 0; base < latent; base += 2 * lanes) {
    int quad = base + 4 * (lane >> 1);
    Posterior own = load_posterior(stats_row, quad, live ? latent : 0, latent, lane, in_aligned);
    int column = quad + 2 * (lane & 1);
    int count = live ? latent - column : 0;
    if (count > 0) {
      float eps[2];
      philox_normal_pair(philox(seed, stream, step, noise_row + row, quad >> 2), lane & 1, eps);
      Pair sample;
#pragma unroll
      for (int i = 0; i < 2; i++) {
        float lv = clamp_logvar(own.logvar[i]);
        sample.v[i] = own.mu[i] + expf(0.5f * lv) * eps[i];
        if (i < count) {
          kl_sum += kl_term(own.mu[i], lv);
          ratio_sum += 0.5f * (eps[i] * eps[i] + lv - sample.v[i] * sample.v[i]);
        }
      }
      store_pair(z + (long long)row * latent + column, sample, count, out_aligned);
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

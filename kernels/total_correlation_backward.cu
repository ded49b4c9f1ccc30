// SPDX-License-Identifier: Apache-2.0
// The gradient of the total correlation with respect to the parameters of the densities.
//
// Maths (io.github.vae4j.backend.op.TotalCorrelationBackward), w and v as in total_correlation.cu:
//   dmu[j, d] += factor sum_r (w - v) (z - mu) exp(-logvar); dlogvar[j, d] += factor / 2 sum_r (w - v)
//   ((z - mu)^2 exp(-logvar) - 1), not where logvar was outside [-30, 20]; factor = scale / (B L).
// Shapes: stats (B, 2 Z), z (B L, Z), joint (B L), marginal (B L, Z), dStats (B, 2 Z).
// Bytes: reads 16 B Z and, from the cache, 8 B L Z + 4 B L a block; writes 8 B Z.
// Launch: grid (rows / 8, strips of 64 columns) of 256, one warp per row of stats, which is
//   compared with 32 samples at a time from shared memory: a lane has one of them for the joint
//   density, then one or two columns.
#include "density.cuh"

/** A strip of the block's own densities, and of the samples and their marginals, transposed. */
struct Strips {
  Density own[ROWS * COLUMNS];
  float z[COLUMNS * STRIDE];
  float marginal[COLUMNS * STRIDE];
};

/** Fills the strip that begins at `column` for samples from `first` on. */
__device__ __forceinline__ void stage(const Batch& batch, const float* __restrict__ marginal,
                                      int first, int column, Strips* strips) {
  int columns = min(COLUMNS, batch.latent - column);
  int samples = batch.batch * batch.samples;
  __syncthreads();
  for (int at = threadIdx.x; at < ROWS * columns; at += 256) {
    int row = at / columns;
    int d = at - row * columns;
    int j = blockIdx.x * ROWS + row;
    Density made = {0.0f, 0.0f, 0.0f};
    if (j < batch.batch) {
      const float* mu = batch.stats + (long long)j * 2 * batch.latent + column + d;
      made = density(mu[0], mu[batch.latent]);
    }
    strips->own[row * COLUMNS + d] = made;
  }
  for (int at = threadIdx.x; at < OTHERS * columns; at += 256) {
    int row = at / columns;
    int d = at - row * columns;
    bool there = first + row < samples;
    long long from = (long long)(first + row) * batch.latent + column + d;
    strips->z[d * STRIDE + row] = there ? batch.z[from] : 0.0f;
    strips->marginal[d * STRIDE + row] = there ? marginal[from] : 0.0f;
  }
  __syncthreads();
}

extern "C" __global__ void __launch_bounds__(256, 4)
    total_correlation_backward(const float* __restrict__ stats, const float* __restrict__ codes,
                               const float* __restrict__ joint, const float* __restrict__ marginal,
                               float* __restrict__ d_stats, int rows, int row_samples, int latent,
                               float log_own, float log_other, float factor) {
  Batch batch = {stats, codes, rows, row_samples, latent, log_own, log_other};
  __shared__ Strips strips;
  int warp = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  int row = blockIdx.x * ROWS + warp;
  int own_column = blockIdx.y * COLUMNS;
  int own_columns = min(COLUMNS, batch.latent - own_column);
  int samples = batch.batch * batch.samples;
  float mean[2] = {0.0f, 0.0f};
  float spread[2] = {0.0f, 0.0f};
  for (int first = 0; first < samples; first += OTHERS) {
    bool own = (first + lane) / batch.samples == row;
    float weight = own ? batch.log_own : batch.log_other;
    float term = first + lane < samples ? weight - joint[first + lane] : 0.0f;
    for (int column = 0; column < batch.latent; column += COLUMNS) {
      stage(batch, marginal, first, column, &strips);
      int columns = min(COLUMNS, batch.latent - column);
#pragma unroll 4
      for (int d = 0; d < columns; d++) {
        term += strips.own[warp * COLUMNS + d].log(strips.z[d * STRIDE + lane]);
      }
    }
    if (batch.latent > COLUMNS) {
      stage(batch, marginal, first, own_column, &strips);
    }
    float share = expf(term);
    int others = min(OTHERS, samples - first);
#pragma unroll 2
    for (int other = 0; other < others; other++) {
      float of_joint = __shfl_sync(0xFFFFFFFFu, share, other);
      float log_weight = __shfl_sync(0xFFFFFFFFu, weight, other);
#pragma unroll
      for (int i = 0; i < 2; i++) {
        int d = lane + 32 * i;
        if (d < own_columns) {
          Density q = strips.own[warp * COLUMNS + d];
          float z = strips.z[d * STRIDE + other];
          float log_share = log_weight + q.log(z) - strips.marginal[d * STRIDE + other];
          float excess = of_joint - expf(log_share);
          float pull = (z - q.mu) * q.precision;
          mean[i] = fmaf(excess, pull, mean[i]);
          spread[i] = fmaf(excess, fmaf(z - q.mu, pull, -1.0f), spread[i]);
        }
      }
    }
  }
  if (row >= batch.batch) {
    return;
  }
#pragma unroll
  for (int i = 0; i < 2; i++) {
    int d = lane + 32 * i;
    if (d < own_columns) {
      long long at = (long long)row * 2 * batch.latent + own_column + d;
      d_stats[at] += factor * mean[i];
      if (!outside_clamp(batch.stats[at + batch.latent])) {
        d_stats[at + batch.latent] += 0.5f * factor * spread[i];
      }
    }
  }
}

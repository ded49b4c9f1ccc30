// SPDX-License-Identifier: Apache-2.0
// The total correlation of q(z), estimated from a batch, and its gradient with respect to the
// samples.
//
// Maths (io.github.vae4j.backend.op.TotalCorrelation): joint[r] = log sum_j a prod_d q[r, j, d];
//   marginal[r, d] = log sum_j a q[r, j, d]; log a = log_own where j = r / L, else log_other;
//   penalty[0] = scale / R sum_r (joint[r] - sum_d marginal[r, d]), R = B L; dz += scale / R sum_j (w -
//   v) (mu - z) exp(-logvar), w = a prod_d q / exp(joint), v = a q / exp(marginal).
// Shapes: stats (B, 2 Z), z (B L, Z), dz (B L, Z), joint (B L), marginal (B L, Z), penalty (1);
//   partial (blocks) float64 and counter (1) scratch.
// Bytes: reads 8 R Z and, from the cache, twice 8 B Z a block; writes 8 R Z + 4 R.
// Launch: grid (samples / 8, strips of 64 columns) of 256, one warp per sample, which is compared
//   with 32 rows at a time from shared memory: a lane has one of them for the joint density, then
//   one or two columns for the marginals. Twice: for the sums, then for the gradient. The last
//   block adds up the blocks' sums in order.
#include "density.cuh"
#include "reduce.cuh"

/** A strip of the block's own samples, and of the rows' densities, transposed. */
struct Strips {
  float z[ROWS * COLUMNS];
  float mu[COLUMNS * STRIDE];
  float precision[COLUMNS * STRIDE];
  float offset[COLUMNS * STRIDE];

  __device__ __forceinline__ Density at(int d, int other) const {
    int at = d * STRIDE + other;
    return {mu[at], precision[at], offset[at]};
  }
};

/** Fills the strip that begins at `column` for rows of stats from `first` on. */
__device__ __forceinline__ void stage(const Batch& batch, int first, int column, Strips* strips) {
  int columns = min(COLUMNS, batch.latent - column);
  int rows = batch.batch * batch.samples;
  __syncthreads();
  for (int at = threadIdx.x; at < ROWS * columns; at += 256) {
    int row = at / columns;
    int d = at - row * columns;
    int sample = blockIdx.x * ROWS + row;
    strips->z[row * COLUMNS + d] =
        sample < rows ? batch.z[(long long)sample * batch.latent + column + d] : 0.0f;
  }
  for (int at = threadIdx.x; at < OTHERS * columns; at += 256) {
    int row = at / columns;
    int d = at - row * columns;
    Density made = {0.0f, 0.0f, 0.0f};
    if (first + row < batch.batch) {
      const float* mu = batch.stats + (long long)(first + row) * 2 * batch.latent + column + d;
      made = density(mu[0], mu[batch.latent]);
    }
    strips->mu[d * STRIDE + row] = made.mu;
    strips->precision[d * STRIDE + row] = made.precision;
    strips->offset[d * STRIDE + row] = made.offset;
  }
  __syncthreads();
}

/** log a + log q of a warp's sample for a lane's row; the block's own strip is staged afterwards. */
__device__ __forceinline__ float joint_term(const Batch& batch, int first, int own, bool staged,
                                            Strips* strips) {
  int warp = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  float sum = first + lane == own ? batch.log_own : batch.log_other;
  for (int column = 0; column < batch.latent; column += COLUMNS) {
    if (!staged) {
      stage(batch, first, column, strips);
    }
    int columns = min(COLUMNS, batch.latent - column);
#pragma unroll 4
    for (int d = 0; d < columns; d++) {
      sum += strips->at(d, lane).log(strips->z[warp * COLUMNS + d]);
    }
  }
  if (batch.latent > COLUMNS) {
    stage(batch, first, blockIdx.y * COLUMNS, strips);
  }
  return sum;
}

extern "C" __global__ void __launch_bounds__(256, 4)
    total_correlation(const float* __restrict__ stats, const float* __restrict__ z,
                      float* __restrict__ dz, float* __restrict__ joint,
                      float* __restrict__ marginal, float* __restrict__ penalty, double* partial,
                      unsigned* counter, int rows, int samples, int latent, float log_own,
                      float log_other, float factor, double mean_scale) {
  Batch batch = {stats, z, rows, samples, latent, log_own, log_other};
  __shared__ Strips strips;
  __shared__ double warps[8];
  __shared__ bool last;
  int warp = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  int sample = blockIdx.x * ROWS + warp;
  int own = sample / batch.samples;
  int own_column = blockIdx.y * COLUMNS;
  int own_columns = min(COLUMNS, batch.latent - own_column);
  bool live = sample < batch.batch * batch.samples;
  LogSum joint_sum = no_terms();
  LogSum marginal_sum[2] = {no_terms(), no_terms()};
  for (int first = 0; first < batch.batch; first += OTHERS) {
    float term = joint_term(batch, first, own, false, &strips);
    if (first + lane < batch.batch) {
      joint_sum.add(term);
    }
    int others = min(OTHERS, batch.batch - first);
#pragma unroll 2
    for (int other = 0; other < others; other++) {
      float weight = first + other == own ? batch.log_own : batch.log_other;
#pragma unroll
      for (int i = 0; i < 2; i++) {
        int d = lane + 32 * i;
        if (d < own_columns) {
          marginal_sum[i].add(weight + strips.at(d, other).log(strips.z[warp * COLUMNS + d]));
        }
      }
    }
  }
  float log_joint = merge_lanes(joint_sum).value();
  float log_marginal[2] = {0.0f, 0.0f};
  float slope[2] = {0.0f, 0.0f};
#pragma unroll
  for (int i = 0; i < 2; i++) {
    if (lane + 32 * i < own_columns) {
      log_marginal[i] = marginal_sum[i].value();
    }
  }
  // One strip of at most 32 rows is still there.
  bool staged = batch.latent <= COLUMNS && batch.batch <= OTHERS;
  for (int first = 0; first < batch.batch; first += OTHERS) {
    float term = joint_term(batch, first, own, staged, &strips);
    float share = expf(term - log_joint);
    int others = min(OTHERS, batch.batch - first);
#pragma unroll 2
    for (int other = 0; other < others; other++) {
      float weight = first + other == own ? batch.log_own : batch.log_other;
      float of_joint = __shfl_sync(0xFFFFFFFFu, share, other);
#pragma unroll
      for (int i = 0; i < 2; i++) {
        int d = lane + 32 * i;
        if (d < own_columns) {
          Density q = strips.at(d, other);
          float value = strips.z[warp * COLUMNS + d];
          float excess = of_joint - expf(weight + q.log(value) - log_marginal[i]);
          slope[i] = fmaf(excess, (q.mu - value) * q.precision, slope[i]);
        }
      }
    }
  }
  double sum = 0;
  if (live) {
    if (lane == 0 && blockIdx.y == 0) {
      joint[sample] = log_joint;
      sum = (double)log_joint;
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
      int d = lane + 32 * i;
      if (d < own_columns) {
        long long at = (long long)sample * batch.latent + own_column + d;
        marginal[at] = log_marginal[i];
        dz[at] += factor * slope[i];
        sum -= (double)log_marginal[i];
      }
    }
  }
  sum = row_sum(sum, 256, warps);
  unsigned blocks = gridDim.x * gridDim.y;
  if (threadIdx.x == 0) {
    partial[blockIdx.y * gridDim.x + blockIdx.x] = sum;
  }
  if (!last_block(counter, blocks, &last)) {
    return;
  }
  sum = 0;
  for (unsigned block = threadIdx.x; block < blocks; block += 256) {
    sum += __ldcg(partial + block);
  }
  sum = row_sum(sum, 256, warps);
  if (threadIdx.x == 0) {
    penalty[0] = (float)(mean_scale * sum);
  }
}

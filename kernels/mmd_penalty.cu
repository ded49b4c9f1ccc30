// SPDX-License-Identifier: Apache-2.0
// The squared maximum mean discrepancy of samples of q(z) from draws of the prior, and its gradient.
//
// Maths (io.github.vae4j.backend.op.MmdPenalty): k(x, y) = C / (C + |x - y|^2); penalty[0] = scale /
//   R^2 sum_ij (k(z_i, z_j) + k(p_i, p_j) - 2 k(z_i, p_j)); dz_i += factor sum_j (k(z_i, z_j)^2 (z_i -
//   z_j) - k(z_i, p_j)^2 (z_i - p_j)), factor = -4 scale / (C R^2).
// Shapes: z (R, Z), dz (R, Z), penalty (1); partial (blocks in x) float64 and counter (1) scratch.
// Bytes: reads 8 R Z and, from the cache, 4 R Z a block; writes 4 R Z. p is drawn again by every
//   block and never stored.
// Launch: grid (rows / 8, strips of 64 columns) of 256, one warp per row, which is compared with 32
//   others at a time from shared memory: a lane has one of them for the distances, then one or two
//   columns for the gradient. Each strip computes the distances anew; the first one sums the
//   kernels, in double, and the last block adds the blocks' sums in order.
#include "control.cuh"
#include "philox.cuh"
#include "reduce.cuh"

#define ROWS 8
#define COLUMNS 64
#define OTHERS 32
#define STRIDE (OTHERS + 1)

/** The prior's coordinates. */
struct Draws {
  unsigned long long seed;
  long long step;
  unsigned stream;
};

/** One strip of columns of the block's own rows, and of others, transposed. */
struct Strips {
  float codes[ROWS * COLUMNS];
  float prior[ROWS * COLUMNS];
  float others[COLUMNS * STRIDE];
};

/** Draws `count` rows from `first` on; element (row, column) goes to row * by_row + column * by_column. */
__device__ __forceinline__ void draw(const Draws& draws, int first, int count, int column,
                                     int columns, float* out, int by_row, int by_column) {
  int quads = (columns + 3) / 4;
  for (int at = threadIdx.x; at < count * quads; at += 256) {
    int row = at / quads;
    int quad = at - row * quads;
    PhiloxWords words =
        philox(draws.seed, draws.stream, draws.step, first + row, column / 4 + quad);
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float normal[2];
      philox_normal_pair(words, half == 1, normal);
      int at_column = 4 * quad + 2 * half;
      out[row * by_row + at_column * by_column] = normal[0];
      out[row * by_row + (at_column + 1) * by_column] = normal[1];
    }
  }
}

/** Copies rows of z in the same way, 0 beyond the last. */
__device__ __forceinline__ void copy(const float* __restrict__ z, int rows, int latent, int first,
                                     int count, int column, int columns, float* out, int by_row,
                                     int by_column) {
  for (int at = threadIdx.x; at < count * columns; at += 256) {
    int row = at / columns;
    int d = at - row * columns;
    out[row * by_row + d * by_column] =
        first + row < rows ? z[(long long)(first + row) * latent + column + d] : 0.0f;
  }
}

extern "C" __global__ void __launch_bounds__(256)
    mmd_penalty(const float* __restrict__ z, float* __restrict__ dz, float* __restrict__ penalty,
                const double* __restrict__ control, double* partial, unsigned* counter, int rows,
                int latent, unsigned long long seed, unsigned stream, float kernel_scale,
                float factor, double mean_scale) {
  __shared__ Strips strips;
  __shared__ double warps[8];
  __shared__ bool last;
  int warp = threadIdx.x >> 5;
  int lane = threadIdx.x & 31;
  int first_row = blockIdx.x * ROWS;
  int row = first_row + warp;
  int own_column = blockIdx.y * COLUMNS;
  int own_columns = min(COLUMNS, latent - own_column);
  bool one_strip = latent <= COLUMNS;
  Draws draws = {seed, (long long)control[CONTROL_STEP], stream};
  double sum = 0;
  float slope[2] = {0.0f, 0.0f};
  bool staged = false;
  for (int against_prior = 0; against_prior < 2; against_prior++) {
    for (int first = 0; first < rows; first += OTHERS) {
      float code_distance = 0.0f;
      float prior_distance = 0.0f;
      // All strips for the distances; the own one again for the gradient, if it is not the only one.
      for (int column = 0; column < latent + (one_strip ? 0 : COLUMNS); column += COLUMNS) {
        bool again = column >= latent;
        int from = again ? own_column : column;
        int columns = min(COLUMNS, latent - from);
        __syncthreads();
        if (!one_strip || !staged) {
          copy(z, rows, latent, first_row, ROWS, from, columns, strips.codes, COLUMNS, 1);
          draw(draws, first_row, ROWS, from, columns, strips.prior, COLUMNS, 1);
          staged = true;
        }
        if (against_prior) {
          draw(draws, first, OTHERS, from, columns, strips.others, 1, STRIDE);
        } else {
          copy(z, rows, latent, first, OTHERS, from, columns, strips.others, 1, STRIDE);
        }
        __syncthreads();
        if (again) {
          break;
        }
#pragma unroll 4
        for (int d = 0; d < columns; d++) {
          float other = strips.others[d * STRIDE + lane];
          float code = strips.codes[warp * COLUMNS + d] - other;
          float drawn = strips.prior[warp * COLUMNS + d] - other;
          code_distance = fmaf(code, code, code_distance);
          prior_distance = fmaf(drawn, drawn, prior_distance);
        }
      }
      bool there = first + lane < rows;
      float k = there ? kernel_scale / (kernel_scale + code_distance) : 0.0f;
      if (against_prior) {
        float between = there ? kernel_scale / (kernel_scale + prior_distance) : 0.0f;
        sum += (double)between - 2.0 * (double)k;
      } else {
        sum += (double)k;
      }
      float square = against_prior ? -k * k : k * k;
#pragma unroll 2
      for (int other = 0; other < OTHERS; other++) {
        float weight = __shfl_sync(0xFFFFFFFFu, square, other);
#pragma unroll
        for (int i = 0; i < 2; i++) {
          int d = lane + 32 * i;
          if (d < own_columns) {
            float difference = strips.codes[warp * COLUMNS + d] - strips.others[d * STRIDE + other];
            slope[i] = fmaf(weight, difference, slope[i]);
          }
        }
      }
    }
  }
  if (row < rows) {
#pragma unroll
    for (int i = 0; i < 2; i++) {
      int d = lane + 32 * i;
      if (d < own_columns) {
        dz[(long long)row * latent + own_column + d] += factor * slope[i];
      }
    }
  }
  sum = row_sum(row < rows ? sum : 0.0, 256, warps);
  if (threadIdx.x == 0 && blockIdx.y == 0) {
    partial[blockIdx.x] = sum;
  }
  if (!last_block(counter, gridDim.x * gridDim.y, &last)) {
    return;
  }
  sum = 0;
  for (int block = threadIdx.x; block < gridDim.x; block += 256) {
    sum += __ldcg(partial + block);
  }
  sum = row_sum(sum, 256, warps);
  if (threadIdx.x == 0) {
    penalty[0] = (float)(mean_scale * sum);
  }
}

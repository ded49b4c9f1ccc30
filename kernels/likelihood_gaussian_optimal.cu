// SPDX-License-Identifier: Apache-2.0
// Gaussian with one log variance for all. If a gradient is computed,
// likelihood_gaussian_optimal_variance first sets it to the batch's optimum, for one block of
// columns of any likelihood.
//
// Maths (io.github.vae4j.likelihood.GaussianOptimal): shared = log(sum_r w[r] sum_d (x - mean)^2 /
//   sum_r w[r] sum_d 1) over observed features, clamped; unchanged if that is not finite;
//   dShared = 0.
// Shapes: as in likelihood.cuh, pointers at the block's first column; shared and dShared (1); sums
//   (2, B L) and counter (1) scratch.
// Bytes: reads 8 B L D, 4 B L D of the mask; 32 a row of sums.
// Launch: as in likelihood.cuh. A row's threads sum it, the last block adds the rows' sums in
//   order.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_gaussian_optimal, Features<GaussianOptimal>)

/** The sum of n values that other blocks wrote, in a fixed order; for all threads of a block. */
__device__ __forceinline__ double block_sum(const double* values, int n, double* partial) {
  double sum = 0;
  for (int i = threadIdx.x; i < n; i += 256) {
    sum += __ldcg(values + i);
  }
  __syncthreads();
  return row_sum(sum, 256, partial);
}

extern "C" __global__ void __launch_bounds__(256) likelihood_gaussian_optimal_variance(
    const float* __restrict__ means, const float* __restrict__ x, const float* __restrict__ mask,
    const float* __restrict__ weights, float* __restrict__ shared, float* __restrict__ d_shared,
    double* sums, unsigned* counter, int rows, int samples, int rows_per_weight, int features,
    int width, int count, int lanes) {
  __shared__ double partial[8];
  __shared__ bool last;
  int row = blockIdx.x * (256 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  double squares = 0;
  double observed = 0;
  float weight = live && weights != nullptr ? weights[row / rows_per_weight] : 1.0f;
  if (live && weight != 0.0f) {
    const float* own = means + (long long)row * width;
    long long x_at = (long long)(row / samples) * features;
    for (int d = lane; d < count; d += lanes) {
      if (mask == nullptr || mask[x_at + d] != 0.0f) {
        double error = x[x_at + d] - own[d];
        squares = fma(error, error, squares);
        observed += 1.0;
      }
    }
  }
  squares = row_sum(squares, lanes, partial);
  __syncthreads();
  observed = row_sum(observed, lanes, partial);
  if (live && lane == 0) {
    sums[row] = weight * squares;
    sums[rows + row] = weight * observed;
  }
  if (!last_block(counter, gridDim.x, &last)) {
    return;
  }
  squares = block_sum(sums, rows, partial);
  observed = block_sum(sums + rows, rows, partial);
  if (threadIdx.x == 0) {
    float log_variance = clamp_logvar((float)log(squares / observed));
    // Clamped, so finite unless it is not a number.
    if (log_variance == log_variance) {
      *shared = log_variance;
    }
    *d_shared = 0.0f;
  }
}

// SPDX-License-Identifier: Apache-2.0
// A bound for each row from several samples, and the weight of each sample in its gradient.
//
// Maths (io.github.vae4j.backend.op.SampleWeights): log w = beta logRatio - nll, in groups of K = L /
//   groups; s = 1 - alpha; bound[b] = mean over groups of (logsumexp of s log w - log K) / s;
//   weight[r] = K softmax of s log w over the group, times rowWeight[b]. alpha = 1: the mean, and 1.
// Shapes: nll (B L), logRatio (B L), rowWeight (B) or null, weight (B L), bound (B).
// Bytes: reads 8 B L (again from cache), writes 4 B L + 4 B; 4 B of rowWeight.
// Launch: blocks of 128, a warp a row, its groups one after the other; sums in double, lane by lane,
//   then by a fixed tree.
#include "control.cuh"
#include "reduce.cuh"

struct Samples {
  const float* nll;
  const float* log_ratio;
  double beta;
  double order;

  __device__ __forceinline__ double log_weight(long long at) const {
    return beta * (double)log_ratio[at] - (double)nll[at];
  }
};

/** The larger of two; NaN if one is. */
__device__ __forceinline__ double larger(double a, double b) { return a != a || a > b ? a : b; }

/** The logsumexp of order * log w over `size` samples from `first` on, in all lanes of a warp. */
__device__ __forceinline__ double log_sum(const Samples& samples, long long first, int size,
                                          int lane) {
  double top = __longlong_as_double(0xFFF0000000000000LL);
  for (int i = lane; i < size; i += 32) {
    top = larger(top, samples.order * samples.log_weight(first + i));
  }
  for (int offset = 16; offset > 0; offset >>= 1) {
    top = larger(top, __shfl_xor_sync(0xFFFFFFFFu, top, offset));
  }
  double sum = 0;
#pragma unroll 1
  for (int i = lane; i < size; i += 32) {
    sum += exp(samples.order * samples.log_weight(first + i) - top);
  }
  return top + log(lane_sum(sum, 32));
}

/** The mean of log w over `size` samples from `first` on, in all lanes of a warp. */
__device__ __forceinline__ double mean(const Samples& samples, long long first, int size,
                                       int lane) {
  double sum = 0;
  for (int i = lane; i < size; i += 32) {
    sum += samples.log_weight(first + i);
  }
  return lane_sum(sum, 32) / size;
}

extern "C" __global__ void __launch_bounds__(128)
    sample_weights(const float* __restrict__ nll, const float* __restrict__ log_ratio,
                   const float* __restrict__ row_weight, float* __restrict__ weight,
                   float* __restrict__ bound, const double* __restrict__ control, int batch,
                   int samples, int groups, double order) {
  int b = blockIdx.x * 4 + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  if (b >= batch) {
    return;
  }
  Samples own = {nll, log_ratio, control[CONTROL_BETA], order};
  float row = row_weight == nullptr ? 1.0f : row_weight[b];
  int size = samples / groups;
  double sum = 0;
#pragma unroll 1
  for (int group = 0; group < groups; group++) {
    long long first = (long long)b * samples + (long long)group * size;
    if (order == 0) {
      sum += mean(own, first, size, lane);
      for (int i = lane; i < size; i += 32) {
        weight[first + i] = row;
      }
    } else {
      double log_total = log_sum(own, first, size, lane);
      sum += (log_total - log((double)size)) / order;
#pragma unroll 1
      for (int i = lane; i < size; i += 32) {
        weight[first + i] =
            row * (float)(size * exp(order * own.log_weight(first + i) - log_total));
      }
    }
  }
  if (lane == 0) {
    bound[b] = (float)(sum / groups);
  }
}

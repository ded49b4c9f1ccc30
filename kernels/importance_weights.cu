// SPDX-License-Identifier: Apache-2.0
// Adds a chunk of samples to a streaming logsumexp of the importance weights.
//
// Maths (io.github.vae4j.backend.op.ImportanceWeights): log w[b, l] = logRatio[b L + l] - nll[b L +
//   l]; state[b] = (m, sum exp(log w - m), sum exp(2 (log w - m))), m the largest so far. A weight of
//   0 (log w = -infinity) adds nothing.
// Shapes: nll (B L), logRatio (B L), state (B, 3) float64.
// Bytes: reads 8 B L (twice, the second time from cache), 24 B of state read and written.
// Launch: blocks of 128, a warp a row; sums in double, lane by lane, then by a fixed tree.
#include "reduce.cuh"

__device__ __forceinline__ double log_weight(const float* nll, const float* log_ratio,
                                             long long at) {
  return (double)log_ratio[at] - (double)nll[at];
}

/** The larger of two; NaN if one is. */
__device__ __forceinline__ double larger(double a, double b) { return a != a || a > b ? a : b; }

extern "C" __global__ void __launch_bounds__(128)
    importance_weights(const float* __restrict__ nll, const float* __restrict__ log_ratio,
                       double* __restrict__ state, int batch, int samples) {
  int b = blockIdx.x * 4 + (threadIdx.x >> 5);
  int lane = threadIdx.x & 31;
  bool live = b < batch;
  const double none = __longlong_as_double(0xFFF0000000000000LL);
  long long base = (long long)b * samples;
  double before = live ? state[3LL * b] : none;
  double top = before;
  if (live) {
    for (int l = lane; l < samples; l += 32) {
      top = larger(top, log_weight(nll, log_ratio, base + l));
    }
  }
  for (int offset = 16; offset > 0; offset >>= 1) {
    top = larger(top, __shfl_xor_sync(0xFFFFFFFFu, top, offset));
  }
  double sum = 0;
  double squares = 0;
  if (live) {
    for (int l = lane; l < samples; l += 32) {
      double log_w = log_weight(nll, log_ratio, base + l);
      if (log_w != none) {
        double w = exp(log_w - top);
        sum += w;
        squares += w * w;
      }
    }
  }
  sum = lane_sum(sum, 32);
  squares = lane_sum(squares, 32);
  if (live && lane == 0) {
    double decay = before == none ? 0.0 : exp(before - top);
    state[3LL * b] = top;
    state[3LL * b + 1] = state[3LL * b + 1] * decay + sum;
    state[3LL * b + 2] = state[3LL * b + 2] * decay * decay + squares;
  }
}

// SPDX-License-Identifier: Apache-2.0
// Writes a step's metrics into the ring, by one block of 256.
#pragma once

#include "control.cuh"
#include "reduce.cuh"

/** The operands of recordMetrics. */
struct Metrics {
  const float* nll;
  const float* kl;
  const float* bound;
  const float* penalty;
  double* ring;
  double* status;
  long long rows;
  long long batch;
  long long penalties;
  long long slots;
  double most_norm;
};

__device__ __forceinline__ double own_sum(const float* values, long long count) {
  double sum = 0;
  for (long long i = threadIdx.x; i < count; i += 256) {
    sum += values[i];
  }
  return sum;
}

/** A thread's terms of the sums over nll, kl and bound, which block_sums adds. */
__device__ __forceinline__ void own_sums(const Metrics& metrics, double* sums) {
  sums[0] = own_sum(metrics.nll, metrics.rows);
  sums[1] = own_sum(metrics.kl, metrics.batch);
  sums[2] = metrics.bound == nullptr ? 0.0 : own_sum(metrics.bound, metrics.batch);
}

/** Records the step, by one thread; true if its numbers are finite and its norm is in range. */
__device__ __forceinline__ bool record(const Metrics& metrics, const double* sums, double norm,
                                       long long step) {
  double mean_nll = sums[0] / (double)metrics.rows;
  double mean_kl = sums[1] / (double)metrics.batch;
  double mean_bound =
      metrics.bound == nullptr ? -mean_nll - mean_kl : sums[2] / (double)metrics.batch;
  double penalty = 0;
#pragma unroll 1
  for (long long i = 0; i < metrics.penalties; i++) {
    penalty += (double)metrics.penalty[i];
  }
  bool ok = isfinite(mean_nll) && isfinite(mean_kl) && isfinite(mean_bound) && isfinite(penalty) &&
            isfinite(norm) && norm <= metrics.most_norm;
  double* slot = metrics.ring + 6 * (step % metrics.slots);
  slot[0] = mean_nll;
  slot[1] = mean_kl;
  slot[2] = norm;
  slot[3] = ok ? 1.0 : 0.0;
  slot[4] = mean_bound;
  slot[5] = penalty;
  metrics.status[0] = ok ? 1.0 : 0.0;
  return ok;
}

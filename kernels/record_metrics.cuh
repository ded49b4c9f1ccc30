// One step's numbers into the ring, by one block of 256.
#pragma once

#include "control.cuh"
#include "reduce.cuh"

__device__ __forceinline__ double mean(const float* values, long long count, double* partial) {
  double sum = 0;
  for (long long i = threadIdx.x; i < count; i += 256) {
    sum += values[i];
  }
  return row_sum(sum, 256, partial) / (double)count;
}

/** What a step's metrics are made of and where they go. */
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
};

/** Records the step; true, in thread 0, where all its numbers are finite. */
__device__ __forceinline__ bool record(const Metrics& metrics, double norm, long long step,
                                       double* nll_warps, double* kl_warps, double* bound_warps) {
  double mean_nll = mean(metrics.nll, metrics.rows, nll_warps);
  double mean_kl = mean(metrics.kl, metrics.batch, kl_warps);
  double mean_bound = metrics.bound == nullptr ? -mean_nll - mean_kl
                                               : mean(metrics.bound, metrics.batch, bound_warps);
  double penalty = 0;
#pragma unroll 1
  for (long long i = 0; i < metrics.penalties; i++) {
    penalty += (double)metrics.penalty[i];
  }
  bool ok = isfinite(mean_nll) && isfinite(mean_kl) && isfinite(mean_bound) &&
            isfinite(penalty) && isfinite(norm);
  if (threadIdx.x == 0) {
    double* slot = metrics.ring + 6 * (step % metrics.slots);
    slot[0] = mean_nll;
    slot[1] = mean_kl;
    slot[2] = norm;
    slot[3] = ok ? 1.0 : 0.0;
    slot[4] = mean_bound;
    slot[5] = penalty;
    metrics.status[0] = ok ? 1.0 : 0.0;
  }
  return ok;
}

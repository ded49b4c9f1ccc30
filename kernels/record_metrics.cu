// SPDX-License-Identifier: Apache-2.0
// Writes a step's metrics into a ring that the host reads once per window of steps.
//
// Maths (io.github.vae4j.backend.op.RecordMetrics): ring[step mod slots] = (mean of nll, mean of kl,
//   norm, ok, mean of bound or - mean of nll - mean of kl, sum of penalty or 0); status[0] = ok; ok is 1
//   where the others are finite and norm is at most most_norm, else 0.
// Shapes: nll (rows), kl (batch), bound (batch) or null, penalty (penalties) or null, norm (1), ring
//   (slots, 6), status (1); all but nll, kl, bound and penalty float64.
// Bytes: reads 4 (rows + 2 batch + penalties), writes 56.
// Launch: one block of 256; sums in double by a fixed tree.
#include "record_metrics.cuh"

extern "C" __global__ void __launch_bounds__(256)
    record_metrics(Metrics metrics, const double* __restrict__ norm,
                   const double* __restrict__ control) {
  __shared__ double partial[3][8];
  double sums[3];
  own_sums(metrics, sums);
  block_sums(sums, partial);
  if (threadIdx.x == 0) {
    record(metrics, sums, norm[0], (long long)control[CONTROL_STEP]);
  }
}

// One step's numbers into a ring that the host reads now and then.
//
// Maths (io.github.vae4j.backend.op.RecordMetrics): ring[step mod slots] = (mean of nll, mean of kl,
//   norm, ok); status[0] = ok; ok is 1 where all three are finite, else 0.
// Shapes: nll (rows), kl (batch), norm (1), ring (slots, 4), status (1); all but nll and kl float64.
// Bytes: reads 4 (rows + batch), writes 40.
// Launch: one block of 256; sums in double by a fixed tree.
#include "record_metrics.cuh"

extern "C" __global__ void __launch_bounds__(256)
    record_metrics(Metrics metrics, const double* __restrict__ norm,
                   const double* __restrict__ control) {
  __shared__ double nll_warps[8];
  __shared__ double kl_warps[8];
  record(metrics, norm[0], (long long)control[CONTROL_STEP], nll_warps, kl_warps);
}

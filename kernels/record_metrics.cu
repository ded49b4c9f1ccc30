// One step's numbers into a ring that the host reads now and then.
//
// Maths (io.github.vae4j.backend.op.RecordMetrics): ring[step mod slots] = (mean of nll, mean of kl,
//   norm, ok, mean of bound or - mean of nll - mean of kl); status[0] = ok; ok is 1 where the others
//   are finite, else 0.
// Shapes: nll (rows), kl (batch), bound (batch) or null, norm (1), ring (slots, 5), status (1); all
//   but nll, kl and bound float64.
// Bytes: reads 4 (rows + 2 batch), writes 48.
// Launch: one block of 256; sums in double by a fixed tree.
#include "control.cuh"
#include "reduce.cuh"

__device__ __forceinline__ double mean(const float* values, long long count, double* partial) {
  double sum = 0;
  for (long long i = threadIdx.x; i < count; i += 256) {
    sum += values[i];
  }
  return row_sum(sum, 256, partial) / (double)count;
}

extern "C" __global__ void __launch_bounds__(256)
    record_metrics(const float* __restrict__ nll, const float* __restrict__ kl,
                   const float* __restrict__ bound, const double* __restrict__ norm,
                   double* __restrict__ ring, double* __restrict__ status,
                   const double* __restrict__ control, long long rows, long long batch,
                   int slots) {
  __shared__ double nll_warps[8];
  __shared__ double kl_warps[8];
  __shared__ double bound_warps[8];
  double mean_nll = mean(nll, rows, nll_warps);
  double mean_kl = mean(kl, batch, kl_warps);
  double mean_bound =
      bound == nullptr ? -mean_nll - mean_kl : mean(bound, batch, bound_warps);
  if (threadIdx.x == 0) {
    bool finite = isfinite(mean_nll) && isfinite(mean_kl) && isfinite(mean_bound);
    double ok = finite && isfinite(norm[0]) ? 1.0 : 0.0;
    double* slot = ring + 5 * ((long long)control[CONTROL_STEP] % slots);
    slot[0] = mean_nll;
    slot[1] = mean_kl;
    slot[2] = norm[0];
    slot[3] = ok;
    slot[4] = mean_bound;
    status[0] = ok;
  }
}

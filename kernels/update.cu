// The end of a training step in one launch: the gradients' norm, the metrics, Adam.
//
// Maths: global_norm.cu, record_metrics.cu and adam.cu, to the bit: the same chunks, the same sums.
// Shapes: theirs; partial (norm_chunks) float64, and one Update, zeroed, as scratch.
// Bytes: reads 20 n, writes 12 n; the average adds 4 n to both. The gradients are read twice, the
//   second time from the second-level cache where they fit.
// Launch: up to 1024 blocks of 256. Nothing needs all of them to be resident, as a cooperative launch
//   would: work is claimed from a counter, so that a block waits only for chunks that running blocks
//   have claimed (the argument of Merrill and Garland, "Single-pass Parallel Prefix Scan with
//   Decoupled Look-back", NVIDIA 2016). The block that ends the last chunk of the norm records the
//   metrics and hands out the factors of the step; the last to leave makes the counters 0 again.
#include "adam.cuh"
#include "global_norm.cuh"
#include "record_metrics.cuh"

/** What the blocks share. */
struct Update {
  unsigned norm_claimed;
  unsigned norm_done;
  unsigned ready;
  unsigned update_claimed;
  unsigned left;
  AdamFactors factors;
};

/** The next piece of work, the same in all threads of the block. */
__device__ __forceinline__ unsigned claim(unsigned* counter, unsigned* shared) {
  __syncthreads();
  if (threadIdx.x == 0) {
    *shared = atomicAdd(counter, 1u);
  }
  __syncthreads();
  return *shared;
}

extern "C" __global__ void __launch_bounds__(256)
    update(AdamArenas arenas, Metrics metrics, AdamSettings settings, double* norm, double* state,
           const double* __restrict__ control, double* partial, Update* update,
           unsigned norm_chunks) {
  __shared__ double warps[8];
  __shared__ double nll_warps[8];
  __shared__ double kl_warps[8];
  __shared__ double bound_warps[8];
  __shared__ unsigned shared;
  __shared__ AdamFactors factors;
  unsigned chunk = claim(&update->norm_claimed, &shared);
  while (chunk < norm_chunks) {
    double sum = norm_chunk(arenas.gradients, arenas.n, chunk, norm_chunks, warps);
    if (threadIdx.x == 0) {
      partial[chunk] = sum;
      __threadfence();
    }
    if (claim(&update->norm_done, &shared) == norm_chunks - 1) {
      __threadfence();
      double total = norm_of_chunks(partial, norm_chunks, warps);
      bool ok = record(metrics, total, (long long)control[CONTROL_STEP], nll_warps, kl_warps,
                       bound_warps);
      if (threadIdx.x == 0) {
        norm[0] = total;
        update->factors =
            adam_factors(settings, state[0], control[CONTROL_LEARNING_RATE], total, ok);
        count_step(state, ok);
        __threadfence();
        atomicExch(&update->ready, 1u);
      }
    }
    chunk = claim(&update->norm_claimed, &shared);
  }
  if (threadIdx.x == 0) {
    while (*(volatile unsigned*)&update->ready == 0u) {
    }
    __threadfence();
    factors = update->factors;
  }
  __syncthreads();
  AdamFactors f = factors;
  if (f.apply) {
    chunk = claim(&update->update_claimed, &shared);
    while (1024LL * chunk < arenas.n) {
      adam_quad(arenas, settings, f, 4 * (256LL * chunk + threadIdx.x));
      chunk = claim(&update->update_claimed, &shared);
    }
  }
  if (threadIdx.x == 0) {
    __threadfence();
    if (atomicInc(&update->left, gridDim.x - 1) == gridDim.x - 1) {
      __threadfence();
      update->norm_claimed = 0;
      update->norm_done = 0;
      update->ready = 0;
      update->update_claimed = 0;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// The end of a training step in one launch: the gradients' norm, the metrics, Adam.
//
// Maths: global_norm.cu, record_metrics.cu and adam.cu, to the bit: the same chunks, the same sums.
// Shapes: theirs; partial (norm_chunks) float64, and one Update, zeroed, as scratch.
// Bytes: reads 20 n, writes 12 n; the average adds 4 n to both. The gradients are read twice, the
//   second time from the second-level cache where they fit.
// Launch: blocks of 256, a thread owns four elements. Unlike in a cooperative launch, the blocks
//   need not all be resident: they claim chunks of the norm from a counter, so that a block waits
//   only for chunks that running blocks have claimed (the argument of Merrill and Garland,
//   "Single-pass Parallel Prefix Scan with Decoupled Look-back", NVIDIA 2016). The block that
//   completes the last chunk records the metrics and distributes the factors of the step, each in a
//   word with a flag, so that a reader needs neither a fence nor a second load. The other blocks
//   have by then loaded the elements that they update. The last block that reads the factors resets
//   the counters and the words to 0.
#include "adam.cuh"
#include "dependent.cuh"
#include "global_norm.cuh"
#include "order.cuh"
#include "record_metrics.cuh"

// Blocks on a multiprocessor; Turing's has 1024 threads. An H100 then holds 660 blocks at once, more
// than the 638 of the 784-400-20 net.
#define RESIDENT (__CUDA_ARCH__ >= 800 ? 5 : 4)

#define FACTORS 5
#define APPLY 1
#define SKIP 2

/** The memory shared by the blocks: each counter, and each polled word, on a line of its own. */
struct Update {
  alignas(128) unsigned norm_claimed;
  alignas(128) unsigned norm_done;
  alignas(128) unsigned left;
  /** The flag APPLY or SKIP, 0 before the factor is set, then the factor's bits. */
  alignas(128) unsigned long long factors[FACTORS];
};

static_assert(sizeof(Update) == 512, "OptimizerPlans allocates this many bytes");

/** Distributes the factors; by one thread. */
__device__ __forceinline__ void publish(Update* update, const AdamFactors& f) {
  float values[FACTORS] = {f.clip, f.rate, f.decay, f.l2, f.inverse_correction2};
  unsigned long long tag = (unsigned long long)(f.apply ? APPLY : SKIP) << 32;
#pragma unroll
  for (int i = 0; i < FACTORS; i++) {
    store_relaxed(&update->factors[i], tag | __float_as_uint(values[i]));
  }
}

/** Waits for the factors; by one warp, each of whose threads gets one (or the first again). */
__device__ __forceinline__ unsigned long long await(const Update* update) {
  const unsigned long long* own = &update->factors[threadIdx.x < FACTORS ? threadIdx.x : 0];
  unsigned long long word = load_relaxed(own);
  while (!__all_sync(0xFFFFFFFFu, word != 0)) {
    __nanosleep(64);
    word = load_relaxed(own);
  }
  return word;
}

extern "C" __global__ void __launch_bounds__(256, RESIDENT)
    update(AdamArenas arenas, Metrics metrics, AdamSettings settings, double* norm, double* state,
           const double* __restrict__ control, double* partial, Update* update,
           unsigned norm_chunks) {
  __shared__ double warps[8];
  __shared__ double sum_warps[4][8];
  __shared__ AdamFactors factors;
  __shared__ unsigned next;
  __shared__ bool last;
  __shared__ unsigned words[FACTORS];
  __shared__ bool apply;
  allow_successor();
  if (threadIdx.x == 0) {
    next = atomicAdd(&update->norm_claimed, 1u);
  }
  __syncthreads();
  unsigned chunk = next;
  while (chunk < norm_chunks) {
    // Read before this chunk is counted, because the block that completes the last chunk changes
    // it.
    double taken = threadIdx.x == 32 ? state[0] : 0.0;
    double sum = norm_chunk(arenas.gradients, arenas.n, chunk, norm_chunks, warps);
    if (threadIdx.x == 0) {
      partial[chunk] = sum;
      next = atomicAdd(&update->norm_claimed, 1u);
      fence_acq_rel();
      last = atomicAdd(&update->norm_done, 1u) == norm_chunks - 1;
      if (last) {
        fence_acq_rel();
      }
    } else if (threadIdx.x == 32) {
      // While thread 0 waits for memory; only the last block's are used.
      factors = step_factors(settings, taken, control[CONTROL_LEARNING_RATE]);
    }
    __syncthreads();
    if (last) {
      double sums[4];
      own_sums(metrics, sums);
      sums[3] = own_chunk(partial, norm_chunks);
      block_sums(sums, sum_warps);
      if (threadIdx.x == 0) {
        double total = sqrt(sums[3]);
        AdamFactors f = factors;
        f.clip = clip_factor(settings, total);
        f.apply = record(metrics, sums, total, (long long)control[CONTROL_STEP]);
        publish(update, f);
        norm[0] = total;
        count_step(state, f.apply);
      }
    }
    chunk = next;
    // `next`, `last` and `warps` are read by all before they are written again.
    __syncthreads();
  }
  bool aligned = arenas_aligned(arenas);
  long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
  AdamQuad quad = load_adam(arenas, at, aligned);
  if (threadIdx.x < 32) {
    unsigned long long word = await(update);
    if (threadIdx.x < FACTORS) {
      words[threadIdx.x] = (unsigned)word;
    }
    if (threadIdx.x == 0) {
      apply = (word >> 32) == APPLY;
    }
  }
  __syncthreads();
  unsigned left = 0;
  if (threadIdx.x == 0) {
    // The fence orders this block's accesses to the counters and the words before the count.
    fence_acq_rel();
    left = atomicInc(&update->left, gridDim.x - 1);
  }
  if (apply) {
    AdamFactors f = {__uint_as_float(words[0]), __uint_as_float(words[1]),
                     __uint_as_float(words[2]), __uint_as_float(words[3]),
                     __uint_as_float(words[4]), 1};
    step_adam(arenas, settings, f, quad, at, aligned);
  }
  if (threadIdx.x == 0 && left == gridDim.x - 1) {
    fence_acq_rel();
    update->norm_claimed = 0;
    update->norm_done = 0;
#pragma unroll
    for (int i = 0; i < FACTORS; i++) {
      update->factors[i] = 0;
    }
  }
}

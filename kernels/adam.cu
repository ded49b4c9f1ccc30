// SPDX-License-Identifier: Apache-2.0
// One Adam or AdamW step over all parameters, with clipping and a moving average. If status[0] is
// 0, only the counters of skipped steps change.
//
// Maths: io.github.vae4j.backend.op.AdamUpdate. The factors that are common to all elements (bias
//   corrections, lr, clip factor) are computed in double by one thread per block.
// Shapes: parameters, gradients, m, v (n), average (n) or null, float32; norm (1), status (1),
//   state (3), float64; counter (1) scratch.
// Bytes: reads 16 n, writes 12 n; the average adds 4 n to both.
// Launch: blocks of 256, a thread owns four elements. The last block that reads the state updates
//   it.
#include "adam.cuh"
#include "order.cuh"

extern "C" __global__ void __launch_bounds__(256)
    adam(AdamArenas arenas, const double* __restrict__ norm, const double* __restrict__ status,
         double* state, const double* __restrict__ control, unsigned* counter,
         AdamSettings settings) {
  __shared__ AdamFactors shared;
  if (threadIdx.x == 0) {
    bool apply = status[0] != 0.0;
    AdamFactors factors = step_factors(settings, state[0], control[CONTROL_LEARNING_RATE]);
    factors.clip = clip_factor(settings, norm[0]);
    factors.apply = apply;
    shared = factors;
    // The state was read before it is counted, and is counted after all have read it.
    fence_acq_rel();
    if (atomicInc(counter, gridDim.x - 1) == gridDim.x - 1) {
      fence_acq_rel();
      count_step(state, apply);
    }
  }
  __syncthreads();
  AdamFactors f = shared;
  if (f.apply) {
    long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
    bool aligned = arenas_aligned(arenas);
    step_adam(arenas, settings, f, load_adam(arenas, at, aligned), at, aligned);
  }
}

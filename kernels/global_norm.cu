// SPDX-License-Identifier: Apache-2.0
// The Euclidean norm of all gradients, in double: norm[0] = sqrt(sum g^2).
//
// Maths: io.github.vae4j.backend.op.GlobalNorm.
// Shapes: gradients (n), norm (1) float64; partial (blocks) float64 and counter (1) scratch.
// Bytes: reads 4 n; 16 a block of partial sums.
// Launch: up to 256 blocks of 256, a number that depends on n alone. A block sums its quads; the last
//   block adds the blocks' sums in order.
#include "global_norm.cuh"

extern "C" __global__ void __launch_bounds__(256)
    global_norm(const float* __restrict__ gradients, double* __restrict__ norm, double* partial,
                unsigned* counter, long long n) {
  __shared__ double warps[8];
  __shared__ bool last;
  double sum = norm_chunk(gradients, n, blockIdx.x, gridDim.x, warps);
  if (threadIdx.x == 0) {
    partial[blockIdx.x] = sum;
  }
  if (!last_block(counter, gridDim.x, &last)) {
    return;
  }
  double total = row_sum(own_chunk(partial, gridDim.x), 256, warps);
  if (threadIdx.x == 0) {
    norm[0] = sqrt(total);
  }
}

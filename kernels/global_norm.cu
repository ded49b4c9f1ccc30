// The Euclidean norm of all gradients, in double: norm[0] = sqrt(sum g^2).
//
// Maths: io.github.vae4j.backend.op.GlobalNorm.
// Shapes: gradients (n), norm (1) float64; partial (blocks) float64 and counter (1) scratch.
// Bytes: reads 4 n; 16 a block of partial sums.
// Launch: up to 256 blocks of 256, a number that depends on n alone. A block sums its quads; the last
//   block adds the blocks' sums in order.
#include "reduce.cuh"
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(256)
    global_norm(const float* __restrict__ gradients, double* __restrict__ norm, double* partial,
                unsigned* counter, long long n) {
  __shared__ double warps[8];
  __shared__ bool last;
  bool aligned = quads_aligned(gradients, 0);
  double sum = 0;
  long long stride = 4LL * 256 * gridDim.x;
  for (long long at = 4LL * (256LL * blockIdx.x + threadIdx.x); at < n; at += stride) {
    Quad g = load_quad(gradients + at, n - at, aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sum += (double)g.v[i] * (double)g.v[i];
    }
  }
  sum = row_sum(sum, 256, warps);
  if (threadIdx.x == 0) {
    partial[blockIdx.x] = sum;
  }
  if (!last_block(counter, gridDim.x, &last)) {
    return;
  }
  sum = threadIdx.x < gridDim.x ? __ldcg(partial + threadIdx.x) : 0.0;
  sum = row_sum(sum, 256, warps);
  if (threadIdx.x == 0) {
    norm[0] = sqrt(sum);
  }
}

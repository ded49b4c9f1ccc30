// SPDX-License-Identifier: Apache-2.0
// The end of a dense layer where cuBLASLt has no epilogue for it: y = activation(v), v = xW + bias.
//
// Maths: io.github.vae4j.backend.Activation.
// Shapes: y (B, O) holds xW on entry and y on exit; bias (O); preactivation (B, O) receives v, or null.
// Bytes: reads and writes 4 B O (writes twice that where v is kept); 4 O of bias.
// Launch: blocks of 32 x 8 threads, a thread owns four columns of a row, a block 128 columns of 8
//   rows; grid (O / 128, B / 8), rows beyond the grid's 65 535 limit in a loop.
#include "activation.cuh"
#include "vector.cuh"

template <typename Activation>
__device__ __forceinline__ void bias_activation(float* y, const float* __restrict__ bias,
                                                float* __restrict__ preactivation, int rows,
                                                int columns) {
  int column = 4 * (32 * blockIdx.x + threadIdx.x);
  int count = columns - column;
  if (count <= 0) {
    return;
  }
  bool y_aligned = quads_aligned(y, columns);
  bool v_aligned = quads_aligned(preactivation, columns);
  Quad b = load_quad(bias + column, count, quads_aligned(bias, 0));
  for (int row = 8 * blockIdx.y + threadIdx.y; row < rows; row += 8 * gridDim.y) {
    long long at = (long long)row * columns + column;
    Quad v = load_quad(y + at, count, y_aligned);
    Quad out;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      v.v[i] += b.v[i];
      out.v[i] = Activation::apply(v.v[i]);
    }
    if (preactivation != nullptr) {
      store_quad(preactivation + at, v, count, v_aligned);
    }
    store_quad(y + at, out, count, y_aligned);
  }
}

#define KERNEL(name, functor)                                                            \
  extern "C" __global__ void __launch_bounds__(256)                                      \
      bias_activation_##name(float* y, const float* __restrict__ bias,                   \
                             float* __restrict__ preactivation, int rows, int columns) { \
    bias_activation<functor>(y, bias, preactivation, rows, columns);                     \
  }
FOR_EACH_ACTIVATION(KERNEL)

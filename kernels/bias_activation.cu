// SPDX-License-Identifier: Apache-2.0
// The end of a dense layer where cuBLASLt has no epilogue for it: y = activation(v), v = xW + bias.
//
// Maths: io.github.vae4j.backend.Activation.
// Shapes: y (B, O) holds xW on entry and y on exit; bias (O); preactivation (B, O) receives v, or null.
// Bytes: reads and writes 4 B O (writes twice that where v is kept); 4 O of bias a row, from the
//   cache, or a block (few).
// Launch: blocks of 32 x 8 threads, a thread owns four columns of a row, a block 128 columns of 8
//   rows; grid (O / 128, B / 8), rows beyond the grid's 65 535 limit in a loop.
//   bias_activation_few, for O < 128, as channels are: blocks of 256 threads, a thread owns four
//   values of y as a flat array; grid B O / 1024, at most 1,056, the rest in a loop.
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

#define FEW 128

/** Four biases from a column on, of rows of `columns`. */
__device__ __forceinline__ Quad biases_from(const float* bias, int column, int columns) {
  if ((columns & 3) == 0) {
    float4 f = *reinterpret_cast<const float4*>(bias + column);
    return {{f.x, f.y, f.z, f.w}};
  }
  Quad quad;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    quad.v[i] = bias[column];
    column = column + 1 == columns ? 0 : column + 1;
  }
  return quad;
}

template <typename Activation>
__device__ __forceinline__ void bias_activation_few(float* y, const float* __restrict__ bias,
                                                    float* __restrict__ preactivation, int rows,
                                                    int columns) {
  __shared__ __align__(16) float biases[FEW];
  if (threadIdx.x < columns) {
    biases[threadIdx.x] = bias[threadIdx.x];
  }
  __syncthreads();
  bool y_aligned = quads_aligned(y, 0);
  bool v_aligned = quads_aligned(preactivation, 0);
  long long total = (long long)rows * columns;
  long long step = 4LL * 256 * gridDim.x;
  for (long long at = 4LL * (256 * blockIdx.x + threadIdx.x); at < total; at += step) {
    Quad b = biases_from(biases, (int)(at % columns), columns);
    Quad v = load_quad(y + at, total - at, y_aligned);
    Quad out;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      v.v[i] += b.v[i];
      out.v[i] = Activation::apply(v.v[i]);
    }
    if (preactivation != nullptr) {
      store_quad(preactivation + at, v, total - at, v_aligned);
    }
    store_quad(y + at, out, total - at, y_aligned);
  }
}

#define KERNEL(name, functor)                                                                \
  extern "C" __global__ void __launch_bounds__(256)                                          \
      bias_activation_##name(float* y, const float* __restrict__ bias,                       \
                             float* __restrict__ preactivation, int rows, int columns) {     \
    bias_activation<functor>(y, bias, preactivation, rows, columns);                         \
  }                                                                                          \
  extern "C" __global__ void __launch_bounds__(256)                                          \
      bias_activation_few_##name(float* y, const float* __restrict__ bias,                   \
                                 float* __restrict__ preactivation, int rows, int columns) { \
    bias_activation_few<functor>(y, bias, preactivation, rows, columns);                     \
  }
FOR_EACH_ACTIVATION(KERNEL)

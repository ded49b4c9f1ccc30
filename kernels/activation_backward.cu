// SPDX-License-Identifier: Apache-2.0
// The gradient of a dense layer's activation and of its bias in one pass over the output gradient.
//
// Maths: dv = dy * activation'(y or v), in place; dBias[o] = sum over rows of dv[b, o].
// Shapes: y (B, O), dy (B, O), dBias (O); partial (chunks, O) and counters (ceil(O / 128)) scratch.
// Bytes: reads 8 B O, writes 4 B O (identity: reads 4 B O, writes none); 8 chunks O of partial sums.
// Launch: blocks of 32 x 8 threads, a thread owns four columns; grid (O / 128, chunks), a block sums
//   `chunk_rows` rows of its 128 columns in shared memory. The last block of a column strip adds the
//   chunks' sums. The order of both sums depends only on B and O.
#include "activation.cuh"
#include "reduce.cuh"
#include "vector.cuh"

#define ROW_LANES 8

/** Adds the row lanes' sums in order; the result is valid where threadIdx.y is 0. */
__device__ __forceinline__ Quad sum_row_lanes(const Quad& own, float4 (*lanes)[32]) {
  lanes[threadIdx.y][threadIdx.x] = make_float4(own.v[0], own.v[1], own.v[2], own.v[3]);
  __syncthreads();
  Quad sum = {{0.0f, 0.0f, 0.0f, 0.0f}};
  if (threadIdx.y == 0) {
#pragma unroll
    for (int lane = 0; lane < ROW_LANES; lane++) {
      float4 f = lanes[lane][threadIdx.x];
      sum.v[0] += f.x;
      sum.v[1] += f.y;
      sum.v[2] += f.z;
      sum.v[3] += f.w;
    }
  }
  return sum;
}

template <typename Activation, bool kIdentity>
__device__ __forceinline__ void activation_backward(const float* __restrict__ y, float* dy,
                                                    float* __restrict__ d_bias, float* partial,
                                                    unsigned* counters, int rows, int columns,
                                                    int chunk_rows) {
  __shared__ float4 lanes[ROW_LANES][32];
  __shared__ bool last;
  int column = 4 * (32 * blockIdx.x + threadIdx.x);
  int count = columns - column;
  bool y_aligned = quads_aligned(y, columns);
  bool dy_aligned = quads_aligned(dy, columns);
  Quad sum = {{0.0f, 0.0f, 0.0f, 0.0f}};
  if (count > 0) {
    int first = blockIdx.y * chunk_rows;
    int end = min(rows, first + chunk_rows);
    for (int row = first + threadIdx.y; row < end; row += ROW_LANES) {
      long long at = (long long)row * columns + column;
      Quad dv = load_quad(dy + at, count, dy_aligned);
      if (!kIdentity) {
        Quad given = load_quad(y + at, count, y_aligned);
#pragma unroll
        for (int i = 0; i < 4; i++) {
          dv.v[i] *= Activation::derivative(given.v[i]);
        }
        store_quad(dy + at, dv, count, dy_aligned);
      }
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sum.v[i] += dv.v[i];
      }
    }
  }
  Quad total = sum_row_lanes(sum, lanes);
  bool owner = threadIdx.y == 0 && count > 0;
  if (gridDim.y == 1) {
    if (owner) {
      store_quad(d_bias + column, total, count, quads_aligned(d_bias, 0));
    }
    return;
  }
  bool partial_aligned = quads_aligned(partial, columns);
  if (owner) {
    store_quad(partial + (long long)blockIdx.y * columns + column, total, count, partial_aligned);
  }
  if (!last_block(counters + blockIdx.x, gridDim.y, &last)) {
    return;
  }
  sum = {{0.0f, 0.0f, 0.0f, 0.0f}};
  for (int chunk = threadIdx.y; chunk < gridDim.y; chunk += ROW_LANES) {
    Quad other = load_quad_of_other_block(partial + (long long)chunk * columns + column, count,
                                          partial_aligned);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      sum.v[i] += other.v[i];
    }
  }
  total = sum_row_lanes(sum, lanes);
  if (owner) {
    store_quad(d_bias + column, total, count, quads_aligned(d_bias, 0));
  }
}

template <typename Activation>
struct IsIdentity {
  static constexpr bool value = false;
};
template <>
struct IsIdentity<Identity> {
  static constexpr bool value = true;
};

#define KERNEL(name, functor)                                                                  \
  extern "C" __global__ void __launch_bounds__(256) activation_backward_##name(                \
      const float* __restrict__ y, float* dy, float* __restrict__ d_bias, float* partial,      \
      unsigned* counters, int rows, int columns, int chunk_rows) {                             \
    activation_backward<functor, IsIdentity<functor>::value>(y, dy, d_bias, partial, counters, \
                                                             rows, columns, chunk_rows);       \
  }
FOR_EACH_ACTIVATION(KERNEL)

// SPDX-License-Identifier: Apache-2.0
// Pooling: the greatest value of each window, or the average.
//
// Maths (io.github.vae4j.backend.op.Pool): y[n, p, q, c] = max over the window of x, NaN if there is
//   one; or the sum over the window, divided by K L.
// Shapes: x (N, H, W, C), y (N, P, Q, C); windows (K, L).
// Bytes: reads 4 N H W C (each value by the threads of all its windows, from the cache), writes
//   4 N P Q C.
// Launch: blocks of 256, a thread owns V = 4 or 1 values of y.
#include "pool.cuh"

template <int V, bool kAverage>
__device__ __forceinline__ void pool(const float* __restrict__ x, float* __restrict__ y,
                                     unsigned threads, const PoolShape& shape) {
  unsigned thread = own_thread();
  if (thread >= threads) {
    return;
  }
  unsigned width = shape.horizontal.input;
  unsigned channels = shape.channels;
  Pixel at = own_pixel<V>(thread, shape.horizontal.output, channels);
  unsigned n = at.row / shape.vertical.output;
  Range rows = inputs_of(shape.vertical, at.row - n * shape.vertical.output);
  Range columns = inputs_of(shape.horizontal, at.column);
  unsigned image = pixel_at(n * shape.vertical.input, 0, at.channel, width, channels);
  Channels<V> value = {};
  if (!kAverage) {
    value = load_channels<V>(x + image + pixel_at(rows.first, columns.first, 0, width, channels));
  }
  for (unsigned h = rows.first; h < rows.end; h++) {
    for (unsigned w = columns.first; w < columns.end; w++) {
      Channels<V> given = load_channels<V>(x + image + pixel_at(h, w, 0, width, channels));
#pragma unroll
      for (int i = 0; i < V; i++) {
        if (kAverage) {
          value.v[i] += given.v[i];
        } else if (exceeds(given.v[i], value.v[i])) {
          value.v[i] = given.v[i];
        }
      }
    }
  }
  if (kAverage) {
    float size = (float)shape.vertical.kernel * (float)shape.horizontal.kernel;
#pragma unroll
    for (int i = 0; i < V; i++) {
      value.v[i] /= size;
    }
  }
  store_channels<V>(y + thread * V, value);
}

#define KERNELS(V)                                                                             \
  extern "C" __global__ void __launch_bounds__(256, 4) pool_maximum_##V(                       \
      const float* __restrict__ x, float* __restrict__ y, unsigned threads, PoolShape shape) { \
    pool<V, false>(x, y, threads, shape);                                                      \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(256, 4) pool_average_##V(                       \
      const float* __restrict__ x, float* __restrict__ y, unsigned threads, PoolShape shape) { \
    pool<V, true>(x, y, threads, shape);                                                       \
  }
KERNELS(1)
KERNELS(4)

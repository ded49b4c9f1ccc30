// SPDX-License-Identifier: Apache-2.0
// The gradient of pooling, by the inputs: each looks at the windows that it is in.
//
// Maths (io.github.vae4j.backend.op.PoolBackward): dx[n, h, w, c] = sum over the windows (p, q) with
//   (h, w), in their order, of dy[n, p, q, c] / (K L); of the maximum: of dy where (h, w) is the
//   window's first greatest value, by x.
// Shapes: x, dx (N, H, W, C), dy (N, P, Q, C); windows (K, L).
// Bytes: reads 4 N P Q C (each value by the threads of all its inputs, from the cache), of the
//   maximum also 4 N H W C (K L values a window and input, from the cache); writes 4 N H W C.
// Launch: blocks of 256, a thread owns V = 4 or 1 values of dx.
#include "pool.cuh"

template <int V>
__device__ __forceinline__ void pool_average_backward(const float* __restrict__ dy,
                                                      float* __restrict__ dx, unsigned threads,
                                                      const PoolShape& shape) {
  unsigned thread = own_thread();
  if (thread >= threads) {
    return;
  }
  unsigned channels = shape.channels;
  Pixel at = own_pixel<V>(thread, shape.horizontal.input, channels);
  unsigned n = at.row / shape.vertical.input;
  Range rows = windows_of(shape.vertical, at.row - n * shape.vertical.input);
  Range columns = windows_of(shape.horizontal, at.column);
  unsigned gradient =
      pixel_at(n * shape.vertical.output, 0, at.channel, shape.horizontal.output, channels);
  Channels<V> sum = {};
  for (unsigned p = rows.first; p < rows.end; p++) {
    for (unsigned q = columns.first; q < columns.end; q++) {
      Channels<V> d =
          load_channels<V>(dy + gradient + pixel_at(p, q, 0, shape.horizontal.output, channels));
#pragma unroll
      for (int i = 0; i < V; i++) {
        sum.v[i] += d.v[i];
      }
    }
  }
  float size = (float)shape.vertical.kernel * (float)shape.horizontal.kernel;
#pragma unroll
  for (int i = 0; i < V; i++) {
    sum.v[i] /= size;
  }
  store_channels<V>(dx + thread * V, sum);
}

/** The pixel of the first greatest value of a window, in each channel. */
template <int V>
struct Greatest {
  unsigned pixel[V];
};

template <int V>
__device__ __forceinline__ Greatest<V> greatest_of(const float* __restrict__ x, unsigned image,
                                                   const Range& rows, const Range& columns,
                                                   unsigned width, unsigned channels) {
  Channels<V> greatest =
      load_channels<V>(x + image + pixel_at(rows.first, columns.first, 0, width, channels));
  Greatest<V> found;
#pragma unroll
  for (int i = 0; i < V; i++) {
    found.pixel[i] = rows.first * width + columns.first;
  }
#pragma unroll 1
  for (unsigned row = rows.first; row < rows.end; row++) {
#pragma unroll 1
    for (unsigned column = columns.first; column < columns.end; column++) {
      unsigned pixel = row * width + column;
      Channels<V> given = load_channels<V>(x + image + pixel * channels);
#pragma unroll
      for (int i = 0; i < V; i++) {
        if (exceeds(given.v[i], greatest.v[i])) {
          greatest.v[i] = given.v[i];
          found.pixel[i] = pixel;
        }
      }
    }
  }
  return found;
}

template <int V>
__device__ __forceinline__ void pool_maximum_backward(const float* __restrict__ x,
                                                      const float* __restrict__ dy,
                                                      float* __restrict__ dx, unsigned threads,
                                                      const PoolShape& shape) {
  unsigned thread = own_thread();
  if (thread >= threads) {
    return;
  }
  unsigned width = shape.horizontal.input;
  unsigned channels = shape.channels;
  Pixel at = own_pixel<V>(thread, width, channels);
  unsigned n = at.row / shape.vertical.input;
  unsigned h = at.row - n * shape.vertical.input;
  unsigned own = h * width + at.column;
  Range rows = windows_of(shape.vertical, h);
  Range columns = windows_of(shape.horizontal, at.column);
  unsigned image = pixel_at(n * shape.vertical.input, 0, at.channel, width, channels);
  unsigned gradient =
      pixel_at(n * shape.vertical.output, 0, at.channel, shape.horizontal.output, channels);
  Channels<V> sum = {};
#pragma unroll 1
  for (unsigned p = rows.first; p < rows.end; p++) {
#pragma unroll 1
    for (unsigned q = columns.first; q < columns.end; q++) {
      Greatest<V> greatest = greatest_of<V>(x, image, inputs_of(shape.vertical, p),
                                            inputs_of(shape.horizontal, q), width, channels);
      Channels<V> d =
          load_channels<V>(dy + gradient + pixel_at(p, q, 0, shape.horizontal.output, channels));
#pragma unroll
      for (int i = 0; i < V; i++) {
        sum.v[i] += greatest.pixel[i] == own ? d.v[i] : 0.0f;
      }
    }
  }
  store_channels<V>(dx + thread * V, sum);
}

#define KERNELS(V)                                                                           \
  extern "C" __global__ void __launch_bounds__(256, 4)                                       \
      pool_maximum_backward_##V(const float* __restrict__ x, const float* __restrict__ dy,   \
                                float* __restrict__ dx, unsigned threads, PoolShape shape) { \
    pool_maximum_backward<V>(x, dy, dx, threads, shape);                                     \
  }                                                                                          \
  extern "C" __global__ void __launch_bounds__(256, 4)                                       \
      pool_average_backward_##V(const float* __restrict__ x, const float* __restrict__ dy,   \
                                float* __restrict__ dx, unsigned threads, PoolShape shape) { \
    pool_average_backward<V>(dy, dx, threads, shape);                                        \
  }
KERNELS(1)
KERNELS(4)

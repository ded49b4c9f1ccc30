// SPDX-License-Identifier: Apache-2.0
// Enlarges images by whole factors F and G.
//
// Maths (io.github.vae4j.backend.op.Upsample): nearest y[n, p, q, c] = x[n, p / F, q / G, c]; bilinear
//   by upsample.cuh in both dimensions.
// Shapes: x (N, H, W, C), y (N, P, Q, C), P = F H, Q = G W.
// Bytes: reads 4 N H W C (each value by F G threads, bilinear 4 F G, from the cache), writes
//   4 N P Q C.
// Launch: blocks of 256, a thread owns V = 4 or 1 values of y.
#include "pixels.cuh"
#include "upsample.cuh"

template <int V>
__device__ __forceinline__ void upsample_nearest(const float* __restrict__ x, float* __restrict__ y,
                                                 unsigned threads, unsigned width,
                                                 unsigned channels, unsigned vertical,
                                                 unsigned horizontal) {
  unsigned thread = own_thread();
  if (thread >= threads) {
    return;
  }
  Pixel at = own_pixel<V>(thread, width * horizontal, channels);
  // n P + p over F is n H + p / F, as P = F H.
  store_channels<V>(y + thread * V,
                    load_channels<V>(x + pixel_at(at.row / vertical, at.column / horizontal,
                                                  at.channel, width, channels)));
}

/** The value at `weight` between two; a value of weight 0 has no part in it, infinite or not. */
__device__ __forceinline__ float interpolated(float first, float second, float weight) {
  return weight == 0.0f ? first : (1.0f - weight) * first + weight * second;
}

template <int V>
__device__ __forceinline__ void upsample_bilinear(const float* __restrict__ x,
                                                  float* __restrict__ y, unsigned threads,
                                                  unsigned height, unsigned width,
                                                  unsigned channels, unsigned vertical,
                                                  unsigned horizontal) {
  unsigned thread = own_thread();
  if (thread >= threads) {
    return;
  }
  Pixel at = own_pixel<V>(thread, width * horizontal, channels);
  unsigned n = at.row / (height * vertical);
  Between rows = between(at.row - n * height * vertical, vertical, height);
  Between columns = between(at.column, horizontal, width);
  unsigned image = pixel_at(n * height, 0, at.channel, width, channels);
  Channels<V> corner[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    corner[i] =
        load_channels<V>(x + image +
                         pixel_at(i < 2 ? rows.first : rows.second,
                                  i % 2 == 0 ? columns.first : columns.second, 0, width, channels));
  }
  Channels<V> value;
#pragma unroll
  for (int i = 0; i < V; i++) {
    float above = interpolated(corner[0].v[i], corner[1].v[i], columns.weight);
    float below = interpolated(corner[2].v[i], corner[3].v[i], columns.weight);
    value.v[i] = interpolated(above, below, rows.weight);
  }
  store_channels<V>(y + thread * V, value);
}

#define KERNELS(V)                                                                           \
  extern "C" __global__ void __launch_bounds__(256) upsample_nearest_##V(                    \
      const float* __restrict__ x, float* __restrict__ y, unsigned threads, unsigned height, \
      unsigned width, unsigned channels, unsigned vertical, unsigned horizontal) {           \
    upsample_nearest<V>(x, y, threads, width, channels, vertical, horizontal);               \
  }                                                                                          \
  extern "C" __global__ void __launch_bounds__(256) upsample_bilinear_##V(                   \
      const float* __restrict__ x, float* __restrict__ y, unsigned threads, unsigned height, \
      unsigned width, unsigned channels, unsigned vertical, unsigned horizontal) {           \
    upsample_bilinear<V>(x, y, threads, height, width, channels, vertical, horizontal);      \
  }
KERNELS(1)
KERNELS(4)

// SPDX-License-Identifier: Apache-2.0
// The gradient of an enlargement: each input's sum over the outputs that it has a weight in.
//
// Maths (io.github.vae4j.backend.op.UpsampleBackward): dx[n, h, w, c] = sum_{p, q} weight(p, h)
//   weight(q, w) dy[n, p, q, c], row by row; nearest: the sum over p / F = h, q / G = w.
// Shapes: dx (N, H, W, C), dy (N, P, Q, C), P = F H, Q = G W.
// Bytes: reads 4 N P Q C (bilinear each value by four threads, from the cache), writes 4 N H W C.
// Launch: blocks of 256, a thread owns V = 4 or 1 values of dx.
#include "pixels.cuh"
#include "upsample.cuh"

template <int V, bool kBilinear>
__device__ __forceinline__ void upsample_backward(const float* __restrict__ dy,
                                                  float* __restrict__ dx, unsigned threads,
                                                  unsigned height, unsigned width,
                                                  unsigned channels, unsigned vertical,
                                                  unsigned horizontal) {
  unsigned thread = own_thread();
  if (thread >= threads) {
    return;
  }
  Pixel at = own_pixel<V>(thread, width, channels);
  unsigned n = at.row / height;
  unsigned h = at.row - n * height;
  Outputs rows = {h * vertical, h * vertical + vertical};
  Outputs columns = {at.column * horizontal, at.column * horizontal + horizontal};
  if (kBilinear) {
    rows = outputs_of(h, vertical, height);
    columns = outputs_of(at.column, horizontal, width);
  }
  unsigned line = width * horizontal;
  unsigned image = pixel_at(n * height * vertical, 0, at.channel, line, channels);
  Channels<V> sum = {};
#pragma unroll 1
  for (unsigned p = rows.first; p < rows.end; p++) {
    float share = kBilinear ? weight_of(between(p, vertical, height), h) : 1.0f;
#pragma unroll 2
    for (unsigned q = columns.first; q < columns.end; q++) {
      Channels<V> d = load_channels<V>(dy + image + pixel_at(p, q, 0, line, channels));
      float weight = kBilinear ? share * weight_of(between(q, horizontal, width), at.column) : 1.0f;
#pragma unroll
      for (int i = 0; i < V; i++) {
        sum.v[i] = kBilinear ? fmaf(weight, d.v[i], sum.v[i]) : sum.v[i] + d.v[i];
      }
    }
  }
  store_channels<V>(dx + thread * V, sum);
}

#define KERNELS(V)                                                                               \
  extern "C" __global__ void __launch_bounds__(256) upsample_nearest_backward_##V(               \
      const float* __restrict__ dy, float* __restrict__ dx, unsigned threads, unsigned height,   \
      unsigned width, unsigned channels, unsigned vertical, unsigned horizontal) {               \
    upsample_backward<V, false>(dy, dx, threads, height, width, channels, vertical, horizontal); \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(256) upsample_bilinear_backward_##V(              \
      const float* __restrict__ dy, float* __restrict__ dx, unsigned threads, unsigned height,   \
      unsigned width, unsigned channels, unsigned vertical, unsigned horizontal) {               \
    upsample_backward<V, true>(dy, dx, threads, height, width, channels, vertical, horizontal);  \
  }
KERNELS(1)
KERNELS(4)

// SPDX-License-Identifier: Apache-2.0
// A normalising flow of planar maps, with parameters for each row.
//
// Maths (io.github.vae4j.backend.op.PlanarFlow): for each map z = z + v h, h = tanh(w.z + b), v = u +
//   c w; logRatio[r] += sum log(h^2 + (1 - h^2) p) + 1/2 (|z0|^2 - |z|^2).
// Shapes: parameters (B, width), of which the last T (2 Z + 1) columns are read; z0, z (B L, Z), tanh
//   (B L, T), logRatio (B L).
// Bytes: reads 4 B T (2 Z + 1) and 4 B L Z, writes 4 B L (Z + T); z is read and written once a map,
//   from the cache.
// Launch: blocks of 128, `lanes` threads a row (a power of two up to 32), one column at a time, since
//   a map's parameters are 2 Z + 1 floats and lie at no multiple of 16 bytes. The loops over columns
//   are not unrolled: a lane has one or two of them.
#include "planar.cuh"

extern "C" __global__ void __launch_bounds__(128)
    planar_flow(const float* __restrict__ parameters, const float* __restrict__ z0, float* z,
                float* __restrict__ tanh_out, float* __restrict__ log_ratio, int rows, int samples,
                int latent, int layers, int width, int lanes) {
  int row = blockIdx.x * (128 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = row < rows;
  // Threads without a row take part in the sums of their warp.
  int end = live ? latent : 0;
  int per_layer = 2 * latent + 1;
  const float* map_row =
      parameters + ((long long)(row / samples) + 1) * width - (long long)layers * per_layer;
  const float* from = z0 + (long long)row * latent;
  float* to = z + (long long)row * latent;
  float change = 0.0f;
#pragma unroll 1
  for (int j = lane; j < end; j += lanes) {
    float y = from[j];
    to[j] = y;
    change += y * y;
  }
  float log_det = 0.0f;
  for (int t = 0; t < layers; t++) {
    const float* u = map_row + (long long)t * per_layer;
    const float* w = u + latent;
    float product = 0.0f;
    float square = 0.0f;
    float a = 0.0f;
#pragma unroll 1
    for (int j = lane; j < end; j += lanes) {
      product = fmaf(w[j], u[j], product);
      square = fmaf(w[j], w[j], square);
      a = fmaf(w[j], to[j], a);
    }
    product = lane_sum(product, lanes);
    square = lane_sum(square, lanes);
    a = lane_sum(a, lanes);
    Planar map = planar(product, square);
    float h = tanhf(a + (live ? w[latent] : 0.0f));
    log_det += logf(determinant(map, h));
#pragma unroll 1
    for (int j = lane; j < end; j += lanes) {
      to[j] = fmaf(fmaf(map.c, w[j], u[j]), h, to[j]);
    }
    if (live && lane == 0) {
      tanh_out[(long long)row * layers + t] = h;
    }
  }
#pragma unroll 1
  for (int j = lane; j < end; j += lanes) {
    change -= to[j] * to[j];
  }
  change = lane_sum(change, lanes);
  if (live && lane == 0) {
    log_ratio[row] += log_det + 0.5f * change;
  }
}

// SPDX-License-Identifier: Apache-2.0
// The gradient of a normalising flow of planar maps; y - v h inverts a map, so that the forward
// pass only stores h.
//
// Maths: io.github.vae4j.backend.op.PlanarFlowBackward.
// Shapes: parameters, dParameters (B, width), of which the last T (2 Z + 1) columns are used; z, dz (B
//   L, Z), tanh (B L, T), weight (B L) or null; y (B, Z) scratch.
// Bytes: reads 4 B T (2 Z + 1) and 8 B L Z + 4 B L T, writes 4 B T (2 Z + 1) and 4 B L Z; y, dz and
//   dParameters are read and written once a map and sample, from the cache.
// Launch: blocks of 128, `lanes` threads a row of the batch (a power of two up to 32), which takes the
//   row's samples one after the other. The loops over columns are
//   not unrolled: a lane has one or two of them, and registers would spill.
#include "planar.cuh"
#include "sampled.cuh"

extern "C" __global__ void __launch_bounds__(128)
    planar_flow_backward(const float* __restrict__ parameters, const float* __restrict__ z,
                         const float* __restrict__ tanh_kept, const float* __restrict__ weight,
                         float* dz, float* d_parameters, float* y_scratch,
                         const double* __restrict__ control, int batch, int samples, int latent,
                         int layers, int width, float scale, int lanes) {
  int b = blockIdx.x * (128 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = b < batch;
  // Threads without a row take part in the sums of their warp.
  int end = live ? latent : 0;
  int per_layer = 2 * latent + 1;
  long long first = ((long long)b + 1) * width - (long long)layers * per_layer;
  float* y = y_scratch + (long long)b * latent;
  for (int l = 0; l < samples; l++) {
    long long row = (long long)b * samples + l;
    float g = live ? sample_weight(weight, row, scale, control) : 0.0f;
    float* d = dz + row * latent;
#pragma unroll 1
    for (int j = lane; j < end; j += lanes) {
      y[j] = z[row * latent + j];
      d[j] += g * y[j];
    }
    for (int t = layers - 1; t >= 0; t--) {
      const float* u = parameters + first + (long long)t * per_layer;
      const float* w = u + latent;
      float product = 0.0f;
      float square = 0.0f;
      float along_u = 0.0f;
      float along_w = 0.0f;
#pragma unroll 1
      for (int j = lane; j < end; j += lanes) {
        product = fmaf(w[j], u[j], product);
        square = fmaf(w[j], w[j], square);
        along_u = fmaf(u[j], d[j], along_u);
        along_w = fmaf(w[j], d[j], along_w);
      }
      product = lane_sum(product, lanes);
      square = lane_sum(square, lanes);
      along_u = lane_sum(along_u, lanes);
      along_w = lane_sum(along_w, lanes);
      if (!live) {
        continue;
      }
      Planar map = planar(product, square);
      float h = tanh_kept[row * layers + t];
      float flat = 1.0f - h * h;
      float det = determinant(map, h);
      float along_v = along_u + map.c * along_w;
      float da = flat * (along_v - 2.0f * h * g * (1.0f - map.p) / det);
      float dc = map.bent ? h * along_w * map.inverse : 0.0f;
      float ds = dc * (map.slope - 1.0f) - g * flat / det * map.slope;
      float* du = d_parameters + first + (long long)t * per_layer;
      float* dw = du + latent;
#pragma unroll 1
      for (int j = lane; j < end; j += lanes) {
        y[j] = fmaf(-fmaf(map.c, w[j], u[j]), h, y[j]);
        float to_u = h * d[j] + ds * w[j];
        float to_w = da * y[j] + map.c * h * d[j] + ds * u[j] - 2.0f * map.c * dc * w[j];
        du[j] = l == 0 ? to_u : du[j] + to_u;
        dw[j] = l == 0 ? to_w : dw[j] + to_w;
        d[j] = fmaf(da, w[j], d[j]);
      }
      if (lane == 0) {
        dw[latent] = l == 0 ? da : dw[latent] + da;
      }
    }
#pragma unroll 1
    for (int j = lane; j < end; j += lanes) {
      d[j] -= g * y[j];
    }
  }
}

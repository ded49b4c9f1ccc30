// SPDX-License-Identifier: Apache-2.0
// The gradient of a triangular map.
//
// Maths (io.github.vae4j.backend.op.TriangularMapBackward): G = dz + g_r z; dA_ij = sum over a row's
//   samples of G_i z0_j; dz0_j = G_j + sum_{i>j} A_ij G_i - g_r z0_j.
// Shapes: parameters, dParameters (B, width), of which the last Z (Z - 1) / 2 columns are used; z0, z,
//   dz (B L, Z), weight (B L) or null.
// Bytes: reads 2 B Z (Z - 1) and 12 B L Z, writes 2 B Z (Z - 1) and 4 B L Z; the triangle and the row
//   are read and written once a sample, from the cache.
// Launch: blocks of 128, `lanes` threads a row of the batch (a power of two up to 32), which takes the
//   row's samples one after the other. The loops over columns are not unrolled: registers would spill.
#include "sampled.cuh"

extern "C" __global__ void __launch_bounds__(128)
    triangular_map_backward(const float* __restrict__ parameters, const float* __restrict__ z0,
                            const float* __restrict__ z, const float* __restrict__ weight,
                            float* dz, float* d_parameters, const double* __restrict__ control,
                            int batch, int samples, int latent, int width, float scale, int lanes) {
  int b = blockIdx.x * (128 / lanes) + threadIdx.x / lanes;
  int lane = threadIdx.x & (lanes - 1);
  bool live = b < batch;
  long long first = ((long long)b + 1) * width - (long long)latent * (latent - 1) / 2;
  const float* a = parameters + first;
  float* da = d_parameters + first;
  for (int l = 0; l < samples; l++) {
    long long row = (long long)b * samples + l;
    float g = live ? sample_weight(weight, row, scale, control) : 0.0f;
    const float* before = z0 + row * latent;
    float* d = dz + row * latent;
#pragma unroll 1
    for (int j = lane; live && j < latent; j += lanes) {
      d[j] += g * z[row * latent + j];
    }
    // The other threads of the row read the writes of one thread.
    __syncwarp();
#pragma unroll 1
    for (int i = 1; live && i < latent; i++) {
      long long entry = (long long)i * (i - 1) / 2;
#pragma unroll 1
      for (int j = lane; j < i; j += lanes) {
        float term = d[i] * before[j];
        da[entry + j] = l == 0 ? term : da[entry + j] + term;
      }
    }
    // A column needs those after it, so that columns are replaced from the first on.
#pragma unroll 1
    for (int start = 0; start < latent; start += lanes) {
      int j = start + lane;
      float sum = 0.0f;
      if (live && j < latent) {
        sum = d[j] - g * before[j];
#pragma unroll 1
        for (int i = j + 1; i < latent; i++) {
          sum = fmaf(a[(long long)i * (i - 1) / 2 + j], d[i], sum);
        }
      }
      __syncwarp();
      if (live && j < latent) {
        d[j] = sum;
      }
    }
  }
}

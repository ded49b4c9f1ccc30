// SPDX-License-Identifier: Apache-2.0
// A triangular linear map: io.github.vae4j.backend.op.TriangularMap and TriangularMapBackward have
// the mathematics.
#pragma once

#include "prior.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

void triangular_map(const TriangularArgs& args, int64_t begin, int64_t end) {
  int latent = args.latent;
  for (int64_t r = begin * args.samples; r < end * args.samples; r++) {
    const float* a = args.parameters + r / args.samples * args.width;
    const float* z0 = args.z0 + r * latent;
    float* z = args.z + r * latent;
    float change = 0;
    for (int i = 0; i < latent; i++) {
      float sum = z0[i];
#pragma omp simd reduction(+ : sum)
      for (int j = 0; j < i; j++) sum += a[j] * z0[j];
      z[i] = sum;
      change += z0[i] * z0[i] - sum * sum;
      a += i;
    }
    args.log_ratio[r] += 0.5f * change;
  }
}

void triangular_map_backward(const TriangularBackwardArgs& args, int64_t begin, int64_t end) {
  int latent = args.latent;
  int64_t entries = static_cast<int64_t>(latent) * (latent - 1) / 2;
  for (int64_t b = begin; b < end; b++) {
    float* sums = args.dparameters + b * args.width;
    for (int64_t i = 0; i < entries; i++) sums[i] = 0;
    for (int64_t r = b * args.samples; r < (b + 1) * args.samples; r++) {
      const float* z0 = args.z0 + r * latent;
      const float* z = args.z + r * latent;
      const float* a = args.parameters + b * args.width;
      float* da = sums;
      float* dz = args.dz + r * latent;
      float g = sample_weight(args.weight, r, args.scale);
#pragma omp simd
      for (int j = 0; j < latent; j++) dz[j] += g * z[j];
      // Row i only adds to the gradients of columns before it, so that column i still has the
      // gradient of z.
      for (int i = 0; i < latent; i++) {
        float gradient = dz[i];
#pragma omp simd
        for (int j = 0; j < i; j++) {
          da[j] += gradient * z0[j];
          dz[j] += a[j] * gradient;
        }
        a += i;
        da += i;
      }
#pragma omp simd
      for (int j = 0; j < latent; j++) dz[j] -= g * z0[j];
    }
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

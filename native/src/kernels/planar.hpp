// SPDX-License-Identifier: Apache-2.0
// Planar maps: io.github.vae4j.backend.op.PlanarFlow and PlanarFlowBackward have the mathematics.
#pragma once

#include "prior.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

constexpr float kMinProduct = -30.0f;
constexpr float kMinSquare = 1e-30f;

// One map of one row: the address of its parameters, and the values that depend only on them.
struct Planar {
  const float* u;
  const float* w;
  float b;
  float p;        // 1 + w.v
  float slope;    // dp / d(w.u)
  float inverse;  // 1 / |w|^2, or 0 where |w|^2 is nearly 0
  float c;        // v = u + c w
  bool bent;
};

inline Planar planar(const float* parameters, int latent) {
  const float* u = parameters;
  const float* w = parameters + latent;
  float product = 0;
  float square = 0;
#pragma omp simd reduction(+ : product, square)
  for (int j = 0; j < latent; j++) {
    product += w[j] * u[j];
    square += w[j] * w[j];
  }
  float inverse = square < kMinSquare ? 0.0f : 1.0f / square;
  // Not product < 0, so that a NaN is kept.
  if (!(product < 0.0f)) return {u, w, w[latent], 1.0f + product, 1.0f, inverse, 0.0f, false};
  // p - 1, which is accurate where the product is small.
  float step = expm1(at_least(product, kMinProduct));
  float p = exp(at_least(product, kMinProduct));
  float slope = product < kMinProduct ? 0.0f : p;
  return {u, w, w[latent], p, slope, inverse, (step - product) * inverse, true};
}

inline float determinant(const Planar& map, float h) { return h * h + (1.0f - h * h) * map.p; }

void planar_flow(const PlanarArgs& args, int64_t begin, int64_t end) {
  int latent = args.latent;
  for (int64_t r = begin * args.samples; r < end * args.samples; r++) {
    const float* parameters = args.parameters + r / args.samples * args.width;
    const float* z0 = args.z0 + r * latent;
    float* z = args.z + r * latent;
    float before = 0;
#pragma omp simd reduction(+ : before)
    for (int j = 0; j < latent; j++) {
      z[j] = z0[j];
      before += z0[j] * z0[j];
    }
    float log_det = 0;
    for (int t = 0; t < args.layers; t++) {
      Planar map = planar(parameters + static_cast<int64_t>(t) * (2 * latent + 1), latent);
      float a = 0;
#pragma omp simd reduction(+ : a)
      for (int j = 0; j < latent; j++) a += map.w[j] * z[j];
      float h = tanh(a + map.b);
      args.tanh[r * args.layers + t] = h;
      log_det += log(determinant(map, h));
#pragma omp simd
      for (int j = 0; j < latent; j++) z[j] += (map.u[j] + map.c * map.w[j]) * h;
    }
    float after = 0;
#pragma omp simd reduction(+ : after)
    for (int j = 0; j < latent; j++) after += z[j] * z[j];
    args.log_ratio[r] += log_det + 0.5f * (before - after);
  }
}

// Computes y and its gradient from the result of a map; d is the gradient of log det.
inline void planar_backward(const Planar& map, float h, float d, int latent, float* y, float* dz,
                            float* dparameters) {
  float along_w = 0;
  float along_u = 0;
#pragma omp simd reduction(+ : along_w, along_u)
  for (int j = 0; j < latent; j++) {
    y[j] -= (map.u[j] + map.c * map.w[j]) * h;
    along_w += map.w[j] * dz[j];
    along_u += map.u[j] * dz[j];
  }
  float flat = 1.0f - h * h;
  float det = determinant(map, h);
  float along_v = along_u + map.c * along_w;
  float da = flat * (along_v + 2.0f * h * d * (1.0f - map.p) / det);
  float dc = map.bent ? h * along_w * map.inverse : 0.0f;
  float ds = d * flat / det * map.slope + dc * (map.slope - 1.0f);
  float* du = dparameters;
  float* dw = dparameters + latent;
#pragma omp simd
  for (int j = 0; j < latent; j++) {
    du[j] += h * dz[j] + ds * map.w[j];
    dw[j] += da * y[j] + map.c * h * dz[j] + ds * map.u[j] - 2.0f * map.c * dc * map.w[j];
    dz[j] += da * map.w[j];
  }
  dw[latent] += da;
}

void planar_flow_backward(const PlanarBackwardArgs& args, int64_t begin, int64_t end) {
  int latent = args.latent;
  int64_t layer = 2 * latent + 1;
  for (int64_t b = begin; b < end; b++) {
    const float* parameters = args.parameters + b * args.width;
    float* dparameters = args.dparameters + b * args.width;
    float* y = args.y + b * latent;
    for (int64_t i = 0; i < args.layers * layer; i++) dparameters[i] = 0;
    for (int64_t r = b * args.samples; r < (b + 1) * args.samples; r++) {
      const float* z = args.z + r * latent;
      float* dz = args.dz + r * latent;
      float g = sample_weight(args.weight, r, args.scale);
#pragma omp simd
      for (int j = 0; j < latent; j++) {
        y[j] = z[j];
        dz[j] += g * z[j];
      }
      for (int t = args.layers - 1; t >= 0; t--) {
        Planar map = planar(parameters + t * layer, latent);
        planar_backward(map, args.tanh[r * args.layers + t], -g, latent, y, dz,
                        dparameters + t * layer);
      }
#pragma omp simd
      for (int j = 0; j < latent; j++) dz[j] -= g * y[j];
    }
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

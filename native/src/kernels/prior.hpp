// SPDX-License-Identifier: Apache-2.0
// Priors other than the standard normal: io.github.vae4j.backend.op.MixturePrior and GaussianPrior
// have the mathematics.
#pragma once

#include "reparameterize.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

inline float sample_weight(const float* weight, int64_t row, float scale) {
  return weight == nullptr ? scale : scale * weight[row];
}

void prepare_mixture(const Mixture& mixture) {
  int latent = mixture.latent;
  for (int k = 0; k < mixture.count; k++) {
    const float* logvar = mixture.components + (static_cast<int64_t>(k) * 2 + 1) * latent;
    float* precision = mixture.precisions + static_cast<int64_t>(k) * latent;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int j = 0; j < latent; j++) {
      float s = clamp(logvar[j], kMinLogvar, kMaxLogvar);
      precision[j] = exp(-s);
      sum += s;
    }
    mixture.offsets[k] -= 0.5f * sum;
  }
}

void mixture_prior(const MixtureArgs& args, int64_t begin, int64_t end) {
  const Mixture& mixture = args.mixture;
  int latent = mixture.latent;
  int count = mixture.count;
  for (int64_t r = begin; r < end; r++) {
    const float* z = args.z + r * latent;
    float* part = args.responsibilities + r * count;
    float most = -__builtin_inff();
    for (int k = 0; k < count; k++) {
      const float* mu = mixture.components + static_cast<int64_t>(k) * 2 * latent;
      const float* precision = mixture.precisions + static_cast<int64_t>(k) * latent;
      float sum = 0;
#pragma omp simd reduction(+ : sum)
      for (int j = 0; j < latent; j++) {
        float distance = z[j] - mu[j];
        // The difference of each dimension is computed first: it can be small when the squares are
        // large.
        sum += z[j] * z[j] - distance * distance * precision[j];
      }
      part[k] = mixture.offsets[k] + 0.5f * sum;
      most = part[k] > most ? part[k] : most;
    }
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (int k = 0; k < count; k++) {
      part[k] = exp(part[k] - most);
      total += part[k];
    }
    float inverse = 1.0f / total;
#pragma omp simd
    for (int k = 0; k < count; k++) part[k] *= inverse;
    args.log_ratio[r] += most + log(total);
  }
}

void mixture_prior_dz(const MixtureBackwardArgs& args, int64_t begin, int64_t end) {
  const Mixture& mixture = args.mixture;
  int latent = mixture.latent;
  for (int64_t r = begin; r < end; r++) {
    const float* z = args.z + r * latent;
    const float* part = args.responsibilities + r * mixture.count;
    float* dz = args.dz + r * latent;
    float g = sample_weight(args.weight, r, args.scale);
#pragma omp simd
    for (int j = 0; j < latent; j++) dz[j] -= g * z[j];
    for (int k = 0; k < mixture.count; k++) {
      // Most components have responsibility 0 for most rows.
      if (part[k] == 0.0f) continue;
      const float* mu = mixture.components + static_cast<int64_t>(k) * 2 * latent;
      const float* precision = mixture.precisions + static_cast<int64_t>(k) * latent;
      float factor = g * part[k];
#pragma omp simd
      for (int j = 0; j < latent; j++) dz[j] += factor * ((z[j] - mu[j]) * precision[j]);
    }
  }
}

void mixture_prior_dcomponent(const MixtureBackwardArgs& args, int k) {
  const Mixture& mixture = args.mixture;
  int latent = mixture.latent;
  const float* mu = mixture.components + static_cast<int64_t>(k) * 2 * latent;
  const float* logvar = mu + latent;
  const float* precision = mixture.precisions + static_cast<int64_t>(k) * latent;
  float* dmu = args.dcomponents + static_cast<int64_t>(k) * 2 * latent;
  float* dlogvar = dmu + latent;
  for (int j = 0; j < 2 * latent; j++) dmu[j] = 0;
  for (int64_t r = 0; r < args.rows; r++) {
    float part = args.responsibilities[r * mixture.count + k];
    if (part == 0.0f) continue;
    const float* z = args.z + r * latent;
    float factor = sample_weight(args.weight, r, args.scale) * part;
#pragma omp simd
    for (int j = 0; j < latent; j++) {
      float distance = z[j] - mu[j];
      float n = distance * precision[j];
      dmu[j] -= factor * n;
      dlogvar[j] -= 0.5f * factor * (n * distance - 1.0f);
    }
  }
#pragma omp simd
  for (int j = 0; j < latent; j++) {
    bool clamped = logvar[j] < kMinLogvar || logvar[j] > kMaxLogvar;
    dlogvar[j] = clamped ? 0.0f : dlogvar[j];
  }
}

void gaussian_prior(const GaussianPriorArgs& args, int64_t begin, int64_t end) {
  int latent = args.latent;
  for (int64_t r = begin; r < end; r++) {
    const float* z = args.z + r * latent;
    const float* mu = args.components + r * 2 * latent;
    const float* logvar = mu + latent;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int j = 0; j < latent; j++) {
      float s = clamp(logvar[j], kMinLogvar, kMaxLogvar);
      float distance = z[j] - mu[j];
      sum += z[j] * z[j] - s - distance * distance * exp(-s);
    }
    args.log_ratio[r] += 0.5f * sum;
  }
}

void gaussian_prior_backward(const GaussianPriorBackwardArgs& args, int64_t begin, int64_t end) {
  int latent = args.latent;
  for (int64_t r = begin; r < end; r++) {
    const float* z = args.z + r * latent;
    const float* mu = args.components + r * 2 * latent;
    const float* logvar = mu + latent;
    float* dz = args.dz + r * latent;
    float* dmu = args.dcomponents + r * 2 * latent;
    float* dlogvar = dmu + latent;
    float g = sample_weight(args.weight, r, args.scale);
#pragma omp simd
    for (int j = 0; j < latent; j++) {
      float s = clamp(logvar[j], kMinLogvar, kMaxLogvar);
      bool clamped = logvar[j] < kMinLogvar || logvar[j] > kMaxLogvar;
      float distance = z[j] - mu[j];
      float n = distance * exp(-s);
      float slope = -0.5f * g * (n * distance - 1.0f);
      dz[j] += g * (n - z[j]);
      dmu[j] = -g * n;
      dlogvar[j] = clamped ? 0.0f : slope;
    }
  }
}

void add(const float* source, float* target, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) target[i] += source[i];
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

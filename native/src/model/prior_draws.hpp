// SPDX-License-Identifier: Apache-2.0
// The host's part of draws from a prior; io.github.vae4j.infer.PriorSampler is the specification:
// the noise of row i is at (PRIOR, step 0, row i), its component at step 1, its second stochastic
// layer at step 2.
#pragma once

#include "model/draws.hpp"
#include "model/posterior_codes.hpp"

namespace vae4j {

constexpr uint64_t kComponentStep = 1;
constexpr uint64_t kTopStep = 2;

// Weights of a mixture's components, not normalised: exp(logits), or 1 for each where logits is
// null.
inline void component_weights(const float* logits, int count, double* weights) {
  double most = -numeric::kInfinity;
  for (int k = 0; logits && k < count; k++) most = numeric::larger(most, logits[k]);
  for (int k = 0; k < count; k++) weights[k] = logits ? numeric::exp(logits[k] - most) : 1;
}

// The component of row i.
inline int draw_component(const double* weights, int count, uint64_t seed, uint32_t i) {
  double total = 0;
  for (int k = 0; k < count; k++) total += weights[k];
  double left = philox_uniform(seed, Stream::kPrior, kComponentStep, i, 0) * total;
  for (int k = 0; k < count - 1; k++) {
    left -= weights[k];
    if (left < 0) return k;
  }
  return count - 1;
}

// Row i of standard normals at a step, times a temperature: of the standard normal prior at step 0,
// of a second stochastic layer at kTopStep.
inline void draw_standard(uint64_t seed, uint64_t step, uint32_t i, double temperature, int latent,
                          float* z) {
  for (int j = 0; j < latent; j++) {
    z[j] = static_cast<float>(
        temperature * philox_normal(seed, Stream::kPrior, step, i, static_cast<uint32_t>(j)));
  }
}

// Row i of the Gaussian with the means and log variances component[0, 2 latent).
inline void draw_gaussian(const float* component, uint64_t seed, uint32_t i, double temperature,
                          int latent, float* z) {
  for (int j = 0; j < latent; j++) {
    double logvar = clamp_logvar(component[latent + j]);
    double noise =
        temperature * philox_normal(seed, Stream::kPrior, 0, i, static_cast<uint32_t>(j));
    z[j] = static_cast<float>(component[j] + numeric::exp(logvar / 2) * noise);
  }
}

}  // namespace vae4j

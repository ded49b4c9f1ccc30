// SPDX-License-Identifier: Apache-2.0
// Codes of rows from an encoder's head; io.github.vae4j.infer.PosteriorCodes is the specification.
#pragma once

#include "model/numeric.hpp"

namespace vae4j {

// A row of the head has `columns` values: latent means, latent log variances, then those of the
// family, which end the row. mean and logvar receive latent values each. The functions return the
// entropy in nats, NaN if it has no closed form.
double diagonal_code(const float* head, int latent, float* mean, float* logvar);

// The marginal means and variances; the triangle's latent (latent - 1) / 2 entries end the row.
double full_covariance_code(const float* head, int columns, int latent, float* mean, float* logvar);

// The image of the mean under planar maps, and the Gaussian's log variances; 2 latent + 1
// parameters of each of the maps end the row.
double planar_code(const float* head, int columns, int latent, int maps, float* mean,
                   float* logvar);

// A log variance within [-30, 20], as Reparameterize clamps it.
inline double clamp_logvar(double logvar) {
  return numeric::smaller(numeric::larger(logvar, -30), 20);
}

}  // namespace vae4j

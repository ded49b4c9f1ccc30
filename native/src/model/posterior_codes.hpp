// SPDX-License-Identifier: Apache-2.0
// Codes of rows from an encoder's head; io.github.vae4j.infer.PosteriorCodes is the specification.
#pragma once

#include <string>

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

// Reads codes from rows of the encoder's head, by the family of the posterior: "planar:3".
class PosteriorHead {
 public:
  // Fails with VAE4J_INVALID_ARGUMENT if the family has other columns.
  PosteriorHead(const std::string& posterior, int columns, int latent);

  void read(const float* head, float* mean, float* logvar) const {
    family_->read(*this, head, mean, logvar);
  }

 private:
  struct Family {
    const char* name;
    int64_t (*columns)(int64_t latent, int64_t maps);
    void (*read)(const PosteriorHead& own, const float* head, float* mean, float* logvar);
  };

  static const Family kFamilies[3];

  int columns_;
  int latent_;
  int maps_ = 0;
  const Family* family_;
};

// A log variance within [-30, 20], as Reparameterize clamps it.
inline double clamp_logvar(double logvar) {
  return numeric::smaller(numeric::larger(logvar, -30), 20);
}

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
#include "model/posterior_codes.hpp"

#include <charconv>
#include <cstddef>
#include <iterator>

#include "error.hpp"

namespace vae4j {
namespace {

constexpr double kMinProduct = -30;   // PlanarFlow.MIN_PRODUCT
constexpr double kMinSquare = 1e-30;  // PlanarFlow.MIN_SQUARE

void planar_map(const float* u, int latent, float* z) {
  const float* w = u + latent;
  double product = 0;
  double square = 0;
  double a = u[2 * static_cast<size_t>(latent)];
  for (int j = 0; j < latent; j++) {
    product += static_cast<double>(w[j]) * u[j];
    square += static_cast<double>(w[j]) * w[j];
    a += static_cast<double>(w[j]) * z[j];
  }
  bool bent = product < 0 && square >= kMinSquare;
  double step = numeric::expm1(numeric::larger(product, kMinProduct));
  double c = bent ? (step - product) / square : 0;
  double h = numeric::tanh(a);
  for (int j = 0; j < latent; j++) z[j] += static_cast<float>((u[j] + c * w[j]) * h);
}

}  // namespace

double diagonal_code(const float* head, int latent, float* mean, float* logvar) {
  double constant = numeric::log(2 * numeric::kPi) + 1;
  double entropy = 0;
  for (int j = 0; j < latent; j++) {
    mean[j] = head[j];
    logvar[j] = head[latent + j];
    entropy += (constant + clamp_logvar(logvar[j])) / 2;
  }
  return entropy;
}

double full_covariance_code(const float* head, int columns, int latent, float* mean,
                            float* logvar) {
  double entropy = diagonal_code(head, latent, mean, logvar);
  const float* entries = head + columns - static_cast<ptrdiff_t>(latent) * (latent - 1) / 2;
  for (int i = 0; i < latent; i++) {
    double center = head[i];
    double variance = numeric::exp(clamp_logvar(head[latent + i]));
    for (int j = 0; j < i; j++) {
      double entry = *entries++;
      center += entry * head[j];
      variance += entry * entry * numeric::exp(clamp_logvar(head[latent + j]));
    }
    mean[i] = static_cast<float>(center);
    logvar[i] = static_cast<float>(numeric::log(variance));
  }
  return entropy;
}

double planar_code(const float* head, int columns, int latent, int maps, float* mean,
                   float* logvar) {
  diagonal_code(head, latent, mean, logvar);
  ptrdiff_t each = 2 * static_cast<ptrdiff_t>(latent) + 1;
  for (int map = 0; map < maps; map++)
    planar_map(head + columns - (maps - map) * each, latent, mean);
  return numeric::kNan;
}

PosteriorHead::PosteriorHead(const std::string& posterior, int columns, int latent)
    : columns_(columns), latent_(latent) {
  size_t end = posterior.find(':');
  std::string name = posterior.substr(0, end);
  family_ = &find_named(kFamilies, static_cast<int>(std::size(kFamilies)), "model", "posterior",
                        name.c_str());
  if (end != std::string::npos) {
    std::from_chars(posterior.data() + end + 1, posterior.data() + posterior.size(), maps_);
  }
  if (maps_ < 0 || maps_ > columns_ || family_->columns(latent_, maps_) != columns_) {
    throw Error(VAE4J_INVALID_ARGUMENT, "head is not that of " + posterior);
  }
}

const PosteriorHead::Family PosteriorHead::kFamilies[3] = {
    {"diagonal", [](int64_t latent, int64_t) { return 2 * latent; },
     [](const PosteriorHead& own, const float* head, float* mean, float* logvar) {
       diagonal_code(head, own.latent_, mean, logvar);
     }},
    {"full", [](int64_t latent, int64_t) { return 2 * latent + latent * (latent - 1) / 2; },
     [](const PosteriorHead& own, const float* head, float* mean, float* logvar) {
       full_covariance_code(head, own.columns_, own.latent_, mean, logvar);
     }},
    {"planar", [](int64_t latent, int64_t maps) { return 2 * latent + maps * (2 * latent + 1); },
     [](const PosteriorHead& own, const float* head, float* mean, float* logvar) {
       planar_code(head, own.columns_, own.latent_, own.maps_, mean, logvar);
     }}};

}  // namespace vae4j

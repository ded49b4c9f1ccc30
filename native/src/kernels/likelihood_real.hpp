// SPDX-License-Identifier: Apache-2.0
// Models of real values. io.github.vae4j.likelihood has the mathematics of each.
#pragma once

#include "elements64.hpp"
#include "likelihood_features.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274178;

// Logarithms are clamped to this range before they are exponentiated; outside it their gradient is
// 0.
constexpr float kMinLog = -30.0f;
constexpr float kMaxLog = 20.0f;

VAE4J_INLINE float clamp_log(float given) { return clamp(given, kMinLog, kMaxLog); }

template <class Value>
VAE4J_INLINE Value inside_clamp(float given, Value gradient) {
  return given < kMinLog || given > kMaxLog ? 0 : gradient;
}

// -1, 0 or 1; NaN gives NaN.
VAE4J_INLINE float sign(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }

// x is normal around p with standard deviation sigma.
struct Gaussian {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 1;

  float inverse_sigma;
  float log_normalizer;

  Gaussian(const double* constants, const float*)
      : inverse_sigma(static_cast<float>(1 / constants[0])),
        log_normalizer(static_cast<float>(log(constants[0]) + kHalfLogTwoPi)) {}

  VAE4J_INLINE float operator()(const float (&p)[1], float x, float (&gradient)[1]) const {
    float deviation = (x - p[0]) * inverse_sigma;
    gradient[0] = -deviation * inverse_sigma;
    return 0.5f * deviation * deviation + log_normalizer;
  }
};

// x is normal with mean p[0] and log variance p[1].
struct GaussianLearned {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  GaussianLearned(const double*, const float*) {}

  VAE4J_INLINE float operator()(const float (&p)[2], float x, float (&gradient)[2]) const {
    float logvar = clamp_log(p[1]);
    float precision = exp(-logvar);
    float residual = x - p[0];
    float square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = inside_clamp(p[1], 0.5f * (1.0f - square));
    return 0.5f * (logvar + square) + static_cast<float>(kHalfLogTwoPi);
  }
};

// x is normal with mean p[0] and one log variance for all.
struct GaussianShared {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 1;
  static constexpr int kConstants = 0;

  float precision;
  float half_slope;  // of the log variance: 0 outside the clamp
  float log_normalizer;

  GaussianShared(const double*, const float* shared)
      : precision(exp(-clamp_log(*shared))),
        half_slope(inside_clamp(*shared, 0.5f)),
        log_normalizer(0.5f * clamp_log(*shared) + static_cast<float>(kHalfLogTwoPi)) {}

  VAE4J_INLINE float operator()(const float (&p)[1], float x, float (&gradient)[2]) const {
    float residual = x - p[0];
    float square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = half_slope * (1.0f - square);
    return 0.5f * square + log_normalizer;
  }
};

// The sum of squared errors of a row's observed features and their number.
template <bool kMask>
void squared_errors(const LikelihoodRow& row, int columns, double* squares, double* count) {
  const float* means = row.parameters;
  const float* x = row.x;
  const float* mask = row.mask;
  double sum = 0;
  double observed = 0;
#pragma omp simd reduction(+ : sum, observed)
  for (int d = 0; d < columns; d++) {
    uint32_t here = observed_bits<kMask>(mask, d);
    double error = keep(here, static_cast<double>(x[d]) - means[d]);
    sum += error * error;
    observed += keep(here, 1.0);
  }
  *squares = sum;
  *count = observed;
}

void squared_errors(const LikelihoodArgs& args, int64_t index, double* squares, double* count) {
  LikelihoodRow row(args, index, false);
  if (row.mask == nullptr) {
    squared_errors<false>(row, args.columns, squares, count);
  } else {
    squared_errors<true>(row, args.columns, squares, count);
  }
}

// x is Laplace around p.
struct Laplace {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 1;

  float inverse_scale;
  float log_normalizer;

  Laplace(const double* constants, const float*)
      : inverse_scale(static_cast<float>(1 / constants[0])),
        log_normalizer(static_cast<float>(log(2 * constants[0]))) {}

  VAE4J_INLINE float operator()(const float (&p)[1], float x, float (&gradient)[1]) const {
    float residual = x - p[0];
    gradient[0] = -sign(residual) * inverse_scale;
    return absolute(residual) * inverse_scale + log_normalizer;
  }
};

// x is Laplace around p[0] with log scale p[1].
struct LaplaceLearned {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  LaplaceLearned(const double*, const float*) {}

  VAE4J_INLINE float operator()(const float (&p)[2], float x, float (&gradient)[2]) const {
    float log_scale = clamp_log(p[1]);
    float inverse = exp(-log_scale);
    float residual = x - p[0];
    float deviation = absolute(residual) * inverse;
    gradient[0] = -sign(residual) * inverse;
    gradient[1] = inside_clamp(p[1], 1.0f - deviation);
    return deviation + log_scale + 0.69314718f;
  }
};

// x is Student's t around p[0] with log scale p[1].
struct StudentT {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 1;

  float nu;
  float log_normalizer;

  StudentT(const double* constants, const float*)
      : nu(static_cast<float>(constants[0])),
        log_normalizer(static_cast<float>(kHalfLogTwoPi - rising(constants[0] / 2, 0.5).log)) {}

  VAE4J_INLINE float operator()(const float (&p)[2], float x, float (&gradient)[2]) const {
    float log_scale = clamp_log(p[1]);
    float inverse = exp(-log_scale);
    float deviation = (x - p[0]) * inverse;
    float square = deviation * deviation;
    float pull = (nu + 1.0f) / (nu + square);
    gradient[0] = -pull * deviation * inverse;
    gradient[1] = inside_clamp(p[1], 1.0f - pull * square);
    return 0.5f * (nu + 1.0f) * log1p_positive(square / nu) + log_scale + log_normalizer;
  }
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

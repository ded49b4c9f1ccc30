// SPDX-License-Identifier: Apache-2.0
// Models of counts, in double: see elements64.hpp. io.github.vae4j.likelihood has the mathematics
// of each.
#pragma once

#include "likelihood_real.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// x has the rate exp(p).
struct Poisson {
  using Value = double;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  Poisson(const double*, const float*) {}

  VAE4J_INLINE double operator()(const float (&p)[1], float x, double (&gradient)[1]) const {
    double log_rate = at_most(p[0], kMaxLog);
    double rate = exp(log_rate);
    gradient[0] = p[0] > kMaxLog ? 0.0 : rate - x;
    return (rate - x * log_rate) + log_factorial(x);
  }
};

// x has log mean p[0] and log inverse dispersion p[1].
struct NegativeBinomial {
  using Value = double;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  NegativeBinomial(const double*, const float*) {}

  VAE4J_INLINE double operator()(const float (&p)[2], float x, double (&gradient)[2]) const {
    double log_mean = p[0];
    double log_theta = clamp_log(p[1]);
    double theta = exp(log_theta);
    double count = x;
    SoftplusPair odds = softplus_and_sigmoid(log_mean - log_theta);
    double expected = (theta + count) * odds.sigmoid;
    Rising ratio = rising(theta, count);
    gradient[0] = expected - count;
    gradient[1] = inside_clamp(p[1], theta * (odds.value - ratio.psi) + (count - expected));
    return (theta + count) * odds.value - count * log_mean - ratio.log + log_factorial(count);
  }
};

// x is 0 with probability sigmoid(p[2]), else negative binomial.
struct ZeroInflatedNegativeBinomial {
  using Value = double;
  static constexpr int kParameters = 3;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  NegativeBinomial counts;

  ZeroInflatedNegativeBinomial(const double* constants, const float* shared)
      : counts(constants, shared) {}

  VAE4J_INLINE double operator()(const float (&p)[3], float x, double (&gradient)[3]) const {
    const float counted[2] = {p[0], p[1]};
    double slope[2];
    double nll = counts(counted, x, slope);
    double logit = p[2];
    SoftplusPair inflation = softplus_and_sigmoid(logit);
    SoftplusPair both = softplus_and_sigmoid(logit + nll);
    bool zero = x == 0.0f;
    double share = zero ? softplus_and_sigmoid(-(logit + nll)).sigmoid : 1.0;
    gradient[0] = share * slope[0];
    gradient[1] = share * slope[1];
    gradient[2] = inflation.sigmoid - (zero ? both.sigmoid : 0.0);
    return (inflation.value + nll) - (zero ? both.value : 0.0);
  }
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

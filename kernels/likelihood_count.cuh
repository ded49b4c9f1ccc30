// SPDX-License-Identifier: Apache-2.0
// Models of counts, in float64 (see gamma.cuh): functors as in likelihood_real.cuh, a feature a
// thread. The classes of the same names in io.github.vae4j.likelihood specify the mathematics of
// each.
#pragma once

#include "gamma.cuh"
#include "likelihood.cuh"
#include "posterior.cuh"

/** log(1 + exp(x)), its derivative sigmoid(x), and sigmoid(-x), from one exponential. */
struct LogOdds {
  double softplus;
  double yes;
  double no;

  __device__ __forceinline__ explicit LogOdds(double x) {
    double t = exp(-fabs(x));
    double larger = 1.0 / (1.0 + t);
    softplus = (x < 0.0 ? 0.0 : x) + log1p(t);
    yes = x < 0.0 ? t * larger : larger;
    no = x < 0.0 ? larger : t * larger;
  }
};

/** x has the rate exp(p), p clamped above. */
struct Poisson {
  using Value = double;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;

  __device__ __forceinline__ Poisson(const Constants&, const float*) {}

  __device__ __forceinline__ double nll(const float (&p)[1], float x, double (&gradient)[1]) const {
    double log_rate = p[0] > MAX_LOGVAR ? MAX_LOGVAR : p[0];
    double rate = exp(log_rate);
    gradient[0] = p[0] > MAX_LOGVAR ? 0.0 : rate - x;
    return (rate - x * log_rate) + log_factorial(x);
  }
};

/** x has log mean p[0] and log inverse dispersion p[1]. */
struct NegativeBinomial {
  using Value = double;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;

  __device__ __forceinline__ NegativeBinomial(const Constants&, const float*) {}

  __device__ __forceinline__ double nll(const float (&p)[2], float x, double (&gradient)[2]) const {
    double log_theta = clamp_logvar(p[1]);
    double theta = exp(log_theta);
    double count = x;
    double constant = log_factorial(count) - log_rising(theta, count);
    double psi = digamma_rising(theta, count);
    LogOdds odds(p[0] - log_theta);
    double expected = (theta + count) * odds.yes;
    gradient[0] = expected - count;
    gradient[1] = outside_clamp(p[1]) ? 0.0 : theta * (odds.softplus - psi) + (count - expected);
    return (theta + count) * odds.softplus - count * p[0] + constant;
  }
};

/** x is 0 with probability sigmoid(p[2]), else negative binomial. */
struct ZeroInflatedNegativeBinomial {
  using Value = double;
  static constexpr int kParameters = 3;
  static constexpr int kShared = 0;

  NegativeBinomial counts;

  __device__ __forceinline__ ZeroInflatedNegativeBinomial(const Constants& constants,
                                                          const float* shared)
      : counts(constants, shared) {}

  __device__ __forceinline__ double nll(const float (&p)[3], float x, double (&gradient)[3]) const {
    const float counted[2] = {p[0], p[1]};
    double slopes[2];
    double value = counts.nll(counted, x, slopes);
    double share = 1.0;
    double joint = 0.0;
    gradient[2] = 0.0;
    if (x == 0.0f) {
      LogOdds both(p[2] + value);
      share = both.no;
      joint = both.softplus;
      gradient[2] = -both.yes;
    }
    LogOdds inflation(p[2]);
    gradient[0] = share * slopes[0];
    gradient[1] = share * slopes[1];
    gradient[2] += inflation.yes;
    value += inflation.softplus - joint;
    return value;
  }
};

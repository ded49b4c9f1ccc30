// SPDX-License-Identifier: Apache-2.0
// Models of values between 0 and 1. io.github.vae4j.likelihood has the mathematics of each.
#pragma once

#include "likelihood_real.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// x is 1 with probability sigmoid(p).
struct Bernoulli {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  Bernoulli(const double*, const float*) {}

  VAE4J_INLINE float operator()(const float (&p)[1], float x, float (&gradient)[1]) const {
    float logit = p[0];
    float t = exp(-absolute(logit));
    // One division gives both 1 / (1 + t), the larger probability, and t / (2 + t).
    float inverse = 1.0f / ((1.0f + t) * (2.0f + t));
    float larger = (2.0f + t) * inverse;
    float one = logit >= 0.0f ? larger : t * larger;
    gradient[0] = one - x;
    return (at_least(logit, 0.0f) - x * logit) + twice_atanh(t * (1.0f + t) * inverse);
  }
};

// x in [0, 1] has a density proportional to exp(p x).
struct ContinuousBernoulli {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 0;

  ContinuousBernoulli(const double*, const float*) {}

  VAE4J_INLINE float operator()(const float (&p)[1], float x, float (&gradient)[1]) const {
    float logit = p[0];
    // (1 - exp(-a)) / a tends to 1 at 0 and is 1 to the last bit long before a could be 0.
    float size = at_least(absolute(logit), 1e-20f);
    gradient[0] = mean(logit) - x;
    return log(-expm1(-size) / size) + (at_least(logit, 0.0f) - logit * x);
  }

  // 1 / (1 - exp(-l)) - 1 / l, near 0 by its series, where the two cancel.
  static VAE4J_INLINE float mean(float logit) {
    float square = logit * logit;
    float p = -1.0f / 1209600;
    p = p * square + 1.0f / 30240;
    p = p * square - 1.0f / 720;
    p = p * square + 1.0f / 12;
    float series = p * logit + 0.5f;
    bool near = absolute(logit) < 0.5f;
    float divisor = near ? 1.0f : logit;
    float closed = -1.0f / expm1(-divisor) - 1.0f / divisor;
    return near ? series : closed;
  }
};

// x is a logistic variable with mean p[0] and log scale p[1], rounded to one of n levels.
struct DiscretizedLogistic {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;
  static constexpr int kConstants = 1;

  double last;  // the last level's number

  DiscretizedLogistic(const double* constants, const float*) : last(constants[0] - 1) {}

  VAE4J_INLINE float operator()(const float (&p)[2], float x, float (&gradient)[2]) const {
    double scaled = x * last;
    double level = (scaled + kRound64) - kRound64;
    // In steps from the mean, and in double: a bin may be far narrower than the mean's last bit.
    double center = level - p[0] * last;
    float inverse = exp(-clamp_log(p[1]));
    float width = inverse / static_cast<float>(last);
    float above = static_cast<float>(center + 0.5) * width;
    float below = static_cast<float>(center - 0.5) * width;
    float step = static_cast<float>(level);
    bool not_first = step > 0.0f;
    bool not_last = step < static_cast<float>(last);
    // softplus(-above), softplus(below) and their slopes.
    float t_above = exp(-absolute(above));
    float t_below = exp(-absolute(below));
    float tail_above = (above < 0.0f ? 1.0f : t_above) / (1.0f + t_above);
    float tail_below = (below < 0.0f ? t_below : 1.0f) / (1.0f + t_below);
    float cost_above = at_least(-above, 0.0f) + log1p_unit(t_above);
    float cost_below = at_least(below, 0.0f) + log1p_unit(t_below);
    float gap = -expm1(-width);                 // 1 - exp(-width)
    float narrow = width * (1.0f - gap) / gap;  // width / (exp(width) - 1)
    tail_above = not_last ? tail_above : 0.0f;
    tail_below = not_first ? tail_below : 0.0f;
    bool inner = not_first && not_last;
    gradient[0] = (tail_above - tail_below) * inverse;
    gradient[1] =
        inside_clamp(p[1], (above * tail_above - below * tail_below) + (inner ? narrow : 0.0f));
    return ((not_last ? cost_above : 0.0f) + (not_first ? cost_below : 0.0f)) -
           (inner ? log(gap) : 0.0f);
  }
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

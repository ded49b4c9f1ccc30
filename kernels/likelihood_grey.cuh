// SPDX-License-Identifier: Apache-2.0
// Models of values between 0 and 1, in float32: functors as in likelihood_real.cuh. The classes of
// the same names in io.github.vae4j.likelihood specify the mathematics of each.
#pragma once

#include "activation.cuh"
#include "likelihood.cuh"
#include "posterior.cuh"

/** x is 1 with probability sigmoid(p). */
struct Bernoulli {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;

  __device__ __forceinline__ Bernoulli(const Constants&, const float*) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float l = p[0];
    float e = expf(-fabsf(l));
    gradient[0] = (l >= 0.0f ? 1.0f : e) / (1.0f + e) - x;
    return (l < 0.0f ? 0.0f : l) - x * l + log1pf(e);
  }
};

/** x in [0, 1] has a density proportional to exp(p x). */
struct ContinuousBernoulli {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;

  __device__ __forceinline__ ContinuousBernoulli(const Constants&, const float*) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float l = p[0];
    // (1 - exp(-a)) / a tends to 1 at 0 and is 1 to the last bit long before a could be 0.
    float size = fabsf(l) < 1e-20f ? 1e-20f : fabsf(l);
    gradient[0] = mean(l) - x;
    return logf(-expm1f(-size) / size) + ((l < 0.0f ? 0.0f : l) - l * x);
  }

 private:
  /** 1 / (1 - exp(-l)) - 1 / l, near 0 by its series, where the two cancel. */
  static __device__ __forceinline__ float mean(float l) {
    if (fabsf(l) < 0.5f) {
      float s = l * l;
      return 0.5f + l * (1.0f / 12 + s * (-1.0f / 720 + s * (1.0f / 30240 - s / 1209600)));
    }
    return -1.0f / expm1f(-l) - 1.0f / l;
  }
};

/** x is logistic with mean p[0] and log scale p[1], rounded to one of n levels, constant 0. */
struct DiscretizedLogistic {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;

  float last;  // the last level's number

  __device__ __forceinline__ DiscretizedLogistic(const Constants& constants, const float*)
      : last(constants.value[0] - 1.0f) {}

  __device__ __forceinline__ float nll(const float (&p)[2], float x, float (&gradient)[2]) const {
    float level = rintf(x * last);
    float inverse = expf(-clamp_logvar(p[1]));
    float width = inverse / last;
    // Edge less mean in steps, rounded once: a bin may be far narrower than the mean's last bit.
    float above = fmaf(-p[0], last, level + 0.5f) * width;
    float below = fmaf(-p[0], last, level - 0.5f) * width;
    float value = 0.0f;
    float d_mean = 0.0f;
    float d_log_scale = 0.0f;
    if (level < last) {
      float tail = sigmoid(-above);
      value += Softplus::apply(-above);
      d_mean += tail;
      d_log_scale += above * tail;
    }
    if (level > 0.0f) {
      float tail = sigmoid(below);
      value += Softplus::apply(below);
      d_mean -= tail;
      d_log_scale -= below * tail;
    }
    if (level > 0.0f && level < last) {
      value -= logf(-expm1f(-width));
      d_log_scale += width / expm1f(width);
    }
    gradient[0] = d_mean * inverse;
    gradient[1] = outside_clamp(p[1]) ? 0.0f : d_log_scale;
    return value;
  }
};

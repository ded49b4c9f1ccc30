// SPDX-License-Identifier: Apache-2.0
// Models of real values, in float32. A functor is made from its constants and shared parameter,
// takes the parameters p of a feature and x, and returns the nll with its gradient, the shared
// parameter's last. The classes of the same names in io.github.vae4j.likelihood specify the
// mathematics of each.
#pragma once

#include "gamma.cuh"
#include "likelihood.cuh"
#include "posterior.cuh"

// 1/2 log(2 pi).
#define HALF_LOG_TWO_PI 0.91893853320467274f

/** x is normal around p with standard deviation sigma, constant 0. */
struct Gaussian {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;

  float inverse;
  float offset;

  __device__ __forceinline__ Gaussian(const Constants& constants, const float*)
      : inverse(1.0f / constants.value[0]), offset(logf(constants.value[0]) + HALF_LOG_TWO_PI) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float deviation = (p[0] - x) * inverse;
    gradient[0] = deviation * inverse;
    return 0.5f * deviation * deviation + offset;
  }
};

/** x is normal with mean p[0] and log variance p[1]. */
struct GaussianLearned {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;

  __device__ __forceinline__ GaussianLearned(const Constants&, const float*) {}

  __device__ __forceinline__ float nll(const float (&p)[2], float x, float (&gradient)[2]) const {
    float logvar = clamp_logvar(p[1]);
    float residual = x - p[0];
    float precision = expf(-logvar);
    float square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = outside_clamp(p[1]) ? 0.0f : 0.5f * (1.0f - square);
    return 0.5f * (logvar + square) + HALF_LOG_TWO_PI;
  }
};

/** x is normal around p with one log variance for all, whose gradient is gradient[1]. */
struct GaussianShared {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 1;

  float precision;
  float offset;
  float half;

  __device__ __forceinline__ GaussianShared(const Constants&, const float* shared)
      : precision(expf(-clamp_logvar(*shared))),
        offset(0.5f * clamp_logvar(*shared) + HALF_LOG_TWO_PI),
        half(outside_clamp(*shared) ? 0.0f : 0.5f) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[2]) const {
    float residual = x - p[0];
    float square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = half * (1.0f - square);
    return 0.5f * square + offset;
  }
};

/** The same where the log variance is at its optimum and has no gradient. */
struct GaussianOptimal {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;

  GaussianShared at_optimum;

  __device__ __forceinline__ GaussianOptimal(const Constants& constants, const float* shared)
      : at_optimum(constants, shared) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float slopes[2];
    float value = at_optimum.nll(p, x, slopes);
    gradient[0] = slopes[0];
    return value;
  }
};

/** -1, 0 or 1; NaN gives NaN. */
__device__ __forceinline__ float sign(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }

/** x is Laplace around p with the scale constant 0. */
struct Laplace {
  using Value = float;
  static constexpr int kParameters = 1;
  static constexpr int kShared = 0;

  float inverse;
  float offset;

  __device__ __forceinline__ Laplace(const Constants& constants, const float*)
      : inverse(1.0f / constants.value[0]), offset(logf(2.0f * constants.value[0])) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float residual = x - p[0];
    gradient[0] = -sign(residual) * inverse;
    return fabsf(residual) * inverse + offset;
  }
};

/** x is Laplace around p[0] with log scale p[1]. */
struct LaplaceLearned {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;

  __device__ __forceinline__ LaplaceLearned(const Constants&, const float*) {}

  __device__ __forceinline__ float nll(const float (&p)[2], float x, float (&gradient)[2]) const {
    float log_scale = clamp_logvar(p[1]);
    float inverse = expf(-log_scale);
    float residual = x - p[0];
    float deviation = fabsf(residual) * inverse;
    gradient[0] = -sign(residual) * inverse;
    gradient[1] = outside_clamp(p[1]) ? 0.0f : 1.0f - deviation;
    // 0.69314718 = log 2.
    return deviation + log_scale + 0.69314718055994531f;
  }
};

/** x is Student's t around p[0] with log scale p[1] and degrees of freedom constant 0. */
struct StudentT {
  using Value = float;
  static constexpr int kParameters = 2;
  static constexpr int kShared = 0;

  float nu;
  float offset;

  __device__ __forceinline__ StudentT(const Constants& constants, const float*)
      : nu(constants.value[0]),
        offset(HALF_LOG_TWO_PI - log_rising_half(0.5f * constants.value[0])) {}

  __device__ __forceinline__ float nll(const float (&p)[2], float x, float (&gradient)[2]) const {
    float log_scale = clamp_logvar(p[1]);
    float inverse = expf(-log_scale);
    float deviation = (x - p[0]) * inverse;
    float square = deviation * deviation;
    float pull = (nu + 1.0f) / (nu + square);
    gradient[0] = -pull * deviation * inverse;
    gradient[1] = outside_clamp(p[1]) ? 0.0f : 1.0f - pull * square;
    return 0.5f * (nu + 1.0f) * log1pf(square / nu) + log_scale + offset;
  }
};

// Gaussian with one fixed standard deviation s (constant 0): nll = 1/2 ((x - m) / s)^2 + log s +
// 1/2 log(2 pi), d nll / d m = (m - x) / s^2. The oracle is io.github.vae4j.likelihood.Gaussian.
// Shapes, bytes and launch: likelihood.cuh, P = 1.
#include "likelihood.cuh"

struct Gaussian {
  static constexpr int kParameters = 1;

  float inverse;
  float offset;

  __device__ __forceinline__ explicit Gaussian(const Constants& constants)
      : inverse(1.0f / constants.value[0]),
        // 0.91893853 = 1/2 log(2 pi).
        offset(logf(constants.value[0]) + 0.91893853320467274f) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float deviation = (p[0] - x) * inverse;
    gradient[0] = deviation * inverse;
    return 0.5f * deviation * deviation + offset;
  }
};

LIKELIHOOD_KERNEL(likelihood_gaussian, Gaussian)

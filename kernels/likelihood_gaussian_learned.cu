// Gaussian with a learned mean and log variance per feature: with s the log variance clamped to
// [-30, 20] and r = x - mean: nll = 1/2 (s + r^2 exp(-s) + log(2 pi)), d mean = -r exp(-s),
// d logvar = 1/2 (1 - r^2 exp(-s)), 0 outside the clamp. The oracle is
// io.github.vae4j.likelihood.GaussianLearned. Shapes, bytes and launch: likelihood.cuh, P = 2.
#include "likelihood.cuh"
#include "posterior.cuh"

struct GaussianLearned {
  static constexpr int kParameters = 2;

  __device__ __forceinline__ explicit GaussianLearned(const Constants&) {}

  __device__ __forceinline__ float nll(const float (&p)[2], float x, float (&gradient)[2]) const {
    float logvar = clamp_logvar(p[1]);
    float residual = x - p[0];
    float precision = expf(-logvar);
    float square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = outside_clamp(p[1]) ? 0.0f : 0.5f * (1.0f - square);
    // 1.8378771 = log(2 pi).
    return 0.5f * (logvar + square + 1.8378770664093453f);
  }
};

LIKELIHOOD_KERNEL(likelihood_gaussian_learned, GaussianLearned)

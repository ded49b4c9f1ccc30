// Bernoulli with logits: nll = max(l, 0) - x l + log(1 + exp(-|l|)), d nll / d l = sigmoid(l) - x.
// The oracle is io.github.vae4j.likelihood.Bernoulli. Shapes, bytes and launch: likelihood.cuh, P = 1.
#include "likelihood.cuh"

struct Bernoulli {
  static constexpr int kParameters = 1;

  __device__ __forceinline__ explicit Bernoulli(const Constants&) {}

  __device__ __forceinline__ float nll(const float (&p)[1], float x, float (&gradient)[1]) const {
    float l = p[0];
    float e = expf(-fabsf(l));
    gradient[0] = (l >= 0.0f ? 1.0f : e) / (1.0f + e) - x;
    return (l < 0.0f ? 0.0f : l) - x * l + log1pf(e);
  }
};

LIKELIHOOD_KERNEL(likelihood_bernoulli, Bernoulli)

// Negative log-likelihood and gradient in one pass. A likelihood is a small functor: it is made
// from its constants, takes P parameters of one feature and x, and returns the nll and P
// gradients. To add one: the functor and one line in kLikelihoods.
#pragma once

#include "elements.hpp"
#include "kernels.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274178;

// x is 1 with probability sigmoid(p).
struct Bernoulli {
  static constexpr int kParameters = 1;
  static constexpr int kConstants = 0;

  explicit Bernoulli(const double*) {}

  float operator()(const float (&p)[1], float x, float (&gradient)[1]) const {
    float logit = p[0];
    float t = exp(-absolute(logit));
    // One division serves both 1 / (1 + t), the larger probability, and t / (2 + t).
    float inverse = 1.0f / ((1.0f + t) * (2.0f + t));
    float larger = (2.0f + t) * inverse;
    float one = logit >= 0.0f ? larger : t * larger;
    gradient[0] = one - x;
    return (at_least(logit, 0.0f) - x * logit) + twice_atanh(t * (1.0f + t) * inverse);
  }
};

// x is normal around p with standard deviation sigma.
struct Gaussian {
  static constexpr int kParameters = 1;
  static constexpr int kConstants = 1;

  float inverse_sigma;
  float log_normalizer;

  explicit Gaussian(const double* constants)
      : inverse_sigma(static_cast<float>(1 / constants[0])),
        log_normalizer(static_cast<float>(__builtin_log(constants[0]) + kHalfLogTwoPi)) {}

  float operator()(const float (&p)[1], float x, float (&gradient)[1]) const {
    float deviation = (x - p[0]) * inverse_sigma;
    gradient[0] = -deviation * inverse_sigma;
    return 0.5f * deviation * deviation + log_normalizer;
  }
};

// x is normal with mean p[0] and log variance p[1].
struct GaussianLearned {
  static constexpr int kParameters = 2;
  static constexpr int kConstants = 0;

  explicit GaussianLearned(const double*) {}

  float operator()(const float (&p)[2], float x, float (&gradient)[2]) const {
    float logvar = clamp(p[1], -30.0f, 20.0f);
    bool clamped = p[1] < -30.0f || p[1] > 20.0f;
    float precision = exp(-logvar);
    float residual = x - p[0];
    float square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = clamped ? 0.0f : 0.5f * (1.0f - square);
    return 0.5f * (logvar + square) + static_cast<float>(kHalfLogTwoPi);
  }
};

// Features are summed in float within blocks of this many, in double across blocks.
constexpr int kFeatureBlock = 1024;

template <class Likelihood, bool kGradient>
float likelihood_block(const Likelihood& likelihood, const LikelihoodArgs& args,
                       const float* parameters, const float* x, float* gradient, int begin,
                       int end) {
  constexpr int kP = Likelihood::kParameters;
  int features = args.features;
  float scale = args.scale;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int d = begin; d < end; d++) {
    float p[kP];
    float g[kP];
    for (int k = 0; k < kP; k++) p[k] = parameters[k * static_cast<int64_t>(features) + d];
    sum += likelihood(p, x[d], g);
    if (kGradient) {
      for (int k = 0; k < kP; k++) gradient[k * static_cast<int64_t>(features) + d] = scale * g[k];
    }
  }
  return sum;
}

template <class Likelihood>
void likelihood_rows(const LikelihoodArgs& args, int64_t begin, int64_t end) {
  Likelihood likelihood(args.constants);
  int features = args.features;
  int64_t width = static_cast<int64_t>(Likelihood::kParameters) * features;
  for (int64_t row = begin; row < end; row++) {
    const float* parameters = args.parameters + row * width;
    const float* x = args.x + row / args.samples * features;
    float* gradient = args.gradient == nullptr ? nullptr : args.gradient + row * width;
    double sum = 0;
    for (int d = 0; d < features; d += kFeatureBlock) {
      int stop = features - d < kFeatureBlock ? features : d + kFeatureBlock;
      sum += gradient == nullptr
                 ? likelihood_block<Likelihood, false>(likelihood, args, parameters, x, gradient,
                                                       d, stop)
                 : likelihood_block<Likelihood, true>(likelihood, args, parameters, x, gradient,
                                                      d, stop);
    }
    args.nll[row] = static_cast<float>(sum);
  }
}

template <class Likelihood>
constexpr LikelihoodKernel likelihood_kernel(const char* name) {
  return {name, Likelihood::kConstants, likelihood_rows<Likelihood>};
}

constexpr LikelihoodKernel kLikelihoods[] = {
    likelihood_kernel<Bernoulli>("bernoulli"),
    likelihood_kernel<Gaussian>("gaussian"),
    likelihood_kernel<GaussianLearned>("gaussian-learned"),
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

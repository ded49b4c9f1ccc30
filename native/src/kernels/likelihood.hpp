// SPDX-License-Identifier: Apache-2.0
// Negative log-likelihood and gradient in one pass. A new model is a functor beside those of its
// kind, and one line here.
#pragma once

#include "likelihood_count.hpp"
#include "likelihood_grey.hpp"
#include "likelihood_many.hpp"
#include "likelihood_real.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

constexpr LikelihoodKernel kLikelihoods[] = {
    feature_kernel<Bernoulli>("bernoulli"),
    feature_kernel<ContinuousBernoulli>("continuous-bernoulli"),
    feature_kernel<Gaussian>("gaussian"),
    feature_kernel<GaussianLearned>("gaussian-learned"),
    feature_kernel<GaussianShared>("gaussian-shared"),
    {"gaussian-optimal", 0, 1, feature_parameters<GaussianShared>, feature_row<GaussianShared>,
     squared_errors, feature_tile<GaussianShared>},
    feature_kernel<Laplace>("laplace"),
    feature_kernel<LaplaceLearned>("laplace-learned"),
    feature_kernel<StudentT>("student-t"),
    {"categorical", 1, 0, categorical_parameters, categorical_row, nullptr, categorical_tile},
    feature_kernel<DiscretizedLogistic>("discretized-logistic"),
    {"discretized-logistic-mixture", 2, 0, mixture_parameters, mixture_row, nullptr, nullptr},
    feature_kernel<Poisson>("poisson"),
    feature_kernel<NegativeBinomial>("negative-binomial"),
    feature_kernel<ZeroInflatedNegativeBinomial>("zero-inflated-negative-binomial"),
    {"multinomial", 1, 0, multinomial_parameters, multinomial_row, nullptr, multinomial_tile},
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

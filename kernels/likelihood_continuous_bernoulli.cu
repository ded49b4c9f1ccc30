// SPDX-License-Identifier: Apache-2.0
// Continuous Bernoulli with logits: nll = log((exp(l) - 1) / l) - l x.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_grey.cuh"

LIKELIHOOD_KERNELS(likelihood_continuous_bernoulli, Features<ContinuousBernoulli>)

// SPDX-License-Identifier: Apache-2.0
// Bernoulli with logits: nll = max(l, 0) - x l + log(1 + exp(-|l|)).
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_grey.cuh"

LIKELIHOOD_KERNELS(likelihood_bernoulli, Features<Bernoulli>)

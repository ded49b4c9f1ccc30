// SPDX-License-Identifier: Apache-2.0
// Gaussian with a mean and a log variance v a feature: nll = 1/2 (v + (x - m)^2 exp(-v) + log(2
// pi)).
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_gaussian_learned, Features<GaussianLearned>)

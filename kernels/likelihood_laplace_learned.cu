// SPDX-License-Identifier: Apache-2.0
// Laplace with a mean and a log scale s a feature: nll = |x - m| exp(-s) + s + log 2.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_laplace_learned, Features<LaplaceLearned>)

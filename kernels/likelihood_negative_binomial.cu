// SPDX-License-Identifier: Apache-2.0
// Counts with a log mean and a log inverse dispersion a feature.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_count.cuh"

LIKELIHOOD_KERNELS(likelihood_negative_binomial, Features<NegativeBinomial>)

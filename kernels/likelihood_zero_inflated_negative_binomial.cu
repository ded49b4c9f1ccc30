// SPDX-License-Identifier: Apache-2.0
// Negative binomial counts with more zeros: a logit of one, too, a feature.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_count.cuh"

LIKELIHOOD_KERNELS(likelihood_zero_inflated_negative_binomial,
                   Features<ZeroInflatedNegativeBinomial>)

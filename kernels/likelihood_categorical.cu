// SPDX-License-Identifier: Apache-2.0
// Levels with a logit each: nll = logsumexp(l) - l[x].
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_many.cuh"

LIKELIHOOD_KERNELS(likelihood_categorical, Categorical)

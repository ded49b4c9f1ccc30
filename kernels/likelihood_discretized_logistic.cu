// SPDX-License-Identifier: Apache-2.0
// A logistic variable rounded to levels: nll = -log(S(a) - S(b)), a and b the edges of the level of
// x.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_grey.cuh"

LIKELIHOOD_KERNELS(likelihood_discretized_logistic, Features<DiscretizedLogistic>)

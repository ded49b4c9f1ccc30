// SPDX-License-Identifier: Apache-2.0
// The counts of a row given their total N: nll = sum_d log x[d]! - log N! - sum_d x[d] log
// softmax(l)[d].
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_many.cuh"

LIKELIHOOD_KERNELS(likelihood_multinomial, Multinomial)

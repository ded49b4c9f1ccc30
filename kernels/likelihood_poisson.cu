// SPDX-License-Identifier: Apache-2.0
// Counts with log rates: nll = exp(l) - x l + log x!.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_count.cuh"

LIKELIHOOD_KERNELS(likelihood_poisson, Features<Poisson>)

// SPDX-License-Identifier: Apache-2.0
// Gaussian with a fixed standard deviation s: nll = 1/2 ((x - m) / s)^2 + log s + 1/2 log(2 pi).
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_gaussian, Features<Gaussian>)

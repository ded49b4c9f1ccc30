// SPDX-License-Identifier: Apache-2.0
// Laplace with a fixed scale s: nll = |x - m| / s + log(2 s).
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_laplace, Features<Laplace>)

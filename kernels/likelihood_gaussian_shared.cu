// SPDX-License-Identifier: Apache-2.0
// Gaussian with a mean a feature and one log variance for all, whose gradient the last block sums.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_gaussian_shared, Features<GaussianShared>)

// SPDX-License-Identifier: Apache-2.0
// Student's t with a location and a log scale s a feature: nll = (nu + 1) / 2 log(1 + q / nu) + s +
// const.
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_real.cuh"

LIKELIHOOD_KERNELS(likelihood_student_t, Features<StudentT>)

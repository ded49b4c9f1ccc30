// SPDX-License-Identifier: Apache-2.0
// A mixture of discretised logistics: nll = -log sum_k softmax(logits)[k] mass[k].
// Shapes, bytes and launch: likelihood.cuh.
#include "likelihood_many.cuh"

LIKELIHOOD_KERNELS(likelihood_discretized_logistic_mixture, DiscretizedLogisticMixture)

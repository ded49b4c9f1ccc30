// SPDX-License-Identifier: Apache-2.0
// Functions of the gradients of sampled terms: the weight of a sample, and the clamp.
#pragma once

#include "control.cuh"

/** scale beta weight[row]: the weight of a sample's log ratio in the loss. */
__device__ __forceinline__ float sample_weight(const float* weight, long long row, float scale,
                                               const double* control) {
  float common = (float)(scale * control[CONTROL_BETA]);
  return weight == nullptr ? common : common * weight[row];
}

// SPDX-License-Identifier: Apache-2.0
// What the gradients of sampled terms share: their weight, and the clamp's edges.
#pragma once

#include "control.cuh"

/** scale beta weight[row]: what one sample's log ratio weighs in the loss. */
__device__ __forceinline__ float sample_weight(const float* weight, long long row, float scale,
                                               const double* control) {
  float common = (float)(scale * control[CONTROL_BETA]);
  return weight == nullptr ? common : common * weight[row];
}

// What the forward and the backward pass of the reparameterised posterior share.
#pragma once

#include "philox.cuh"

#define MIN_LOGVAR -30.0f
#define MAX_LOGVAR 20.0f

/** logvar where it is exponentiated; not-a-number passes through. */
__device__ __forceinline__ float clamp_logvar(float logvar) {
  return logvar < MIN_LOGVAR ? MIN_LOGVAR : logvar > MAX_LOGVAR ? MAX_LOGVAR : logvar;
}

/** Whether the clamp is active, which makes the gradient 0. */
__device__ __forceinline__ bool outside_clamp(float logvar) {
  return logvar < MIN_LOGVAR || logvar > MAX_LOGVAR;
}

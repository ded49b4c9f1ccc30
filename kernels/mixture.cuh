// SPDX-License-Identifier: Apache-2.0
// Functions of both passes of a mixture prior.
#pragma once

#include "posterior.cuh"
#include "reduce.cuh"
#include "vector.cuh"

/** log(exp(a) + exp(b)) in two parts: log = top + log(sum). Neither is changed by (-inf, 0). */
struct LogSum {
  float top;
  float sum;
};

__device__ __forceinline__ LogSum no_terms() { return {__int_as_float(0xFF800000), 0.0f}; }

__device__ __forceinline__ LogSum merge(const LogSum& a, const LogSum& b) {
  float top = fmaxf(a.top, b.top);
  // Where both are -infinity their difference would be NaN.
  float first = a.top == top ? a.sum : a.sum * expf(a.top - top);
  float second = b.top == top ? b.sum : b.sum * expf(b.top - top);
  return {top, first + second};
}

/** merge over a warp's groups of `lanes` threads, each of which has one term. */
__device__ __forceinline__ LogSum merge_groups(LogSum own, int lanes) {
  for (int offset = lanes; offset < 32; offset <<= 1) {
    LogSum other = {__shfl_xor_sync(0xFFFFFFFFu, own.top, offset),
                    __shfl_xor_sync(0xFFFFFFFFu, own.sum, offset)};
    own = merge(own, other);
  }
  return own;
}

/** log sum_k exp(logits[k]), or log K without logits; all threads of the warp must call it. */
__device__ __forceinline__ float log_total(const float* logits, int count) {
  if (logits == nullptr) {
    return logf((float)count);
  }
  LogSum sum = no_terms();
  for (int k = threadIdx.x & 31; k < count; k += 32) {
    sum = merge(sum, {logits[k], 1.0f});
  }
  sum = merge_groups(sum, 1);
  return sum.top + logf(sum.sum);
}

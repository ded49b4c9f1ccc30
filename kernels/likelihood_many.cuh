// SPDX-License-Identifier: Apache-2.0
// Models whose number of parameters is a setting, and the multinomial, whose features depend on
// each other: likelihoods with a loop of their own over a row's columns. The classes of the same
// names in io.github.vae4j.likelihood specify the mathematics of each.
#pragma once

#include "gamma.cuh"
#include "likelihood_grey.cuh"

/** Less than every logit: the start of a search for the largest. */
constexpr float kLeast = -3.4e38f;

/** log(sum of exp) of values given one by one: the largest so far, and the sum relative to it. */
struct LogSum {
  float largest = kLeast;
  float sum = 0.0f;

  __device__ __forceinline__ void add(float value) {
    if (value > largest) {
      sum = sum * expf(largest - value) + 1.0f;
      largest = value;
    } else {
      sum += expf(value - largest);
    }
  }

  __device__ __forceinline__ float share(float value) const { return expf(value - largest) / sum; }
};

/** x is one of K levels, constant 0, with a logit each. Two passes over the logits. */
struct Categorical {
  static constexpr int kShared = 0;

  template <bool kMasked>
  static __device__ __forceinline__ Sums row(const Constants& constants, const float*,
                                             const Columns& columns) {
    int levels = (int)constants.value[0];
    Sums sums = {0.0f, 0.0f};
#pragma unroll 1
    for (int d = columns.lane; d < columns.count; d += columns.loss.lanes) {
      bool here = columns.observed<kMasked>(d);
      int level = here ? (int)*columns.x(d) : 0;
      LogSum all;
#pragma unroll 1
      for (int k = 0; k < levels; k++) {
        all.add(*columns.parameter(k, d));
      }
      if (here) {
        sums.nll += (all.largest - *columns.parameter(level, d)) + logf(all.sum);
      }
      if (columns.loss.d_parameters != nullptr) {
#pragma unroll 1
        for (int k = 0; k < levels; k++) {
          float slope = all.share(*columns.parameter(k, d)) - (k == level ? 1.0f : 0.0f);
          *columns.gradient(k, d) = here ? columns.scaled<kMasked>(slope) : 0.0f;
        }
      }
    }
    return sums;
  }
};

/**
 * x is one of K discretised logistics, constant 0, of constant 1 levels: K blocks of logits, of
 * means and of log scales. A component's mass is computed again for the gradient, not kept.
 */
struct DiscretizedLogisticMixture {
  static constexpr int kShared = 0;

  template <bool kMasked>
  static __device__ __forceinline__ Sums row(const Constants& constants, const float*,
                                             const Columns& columns) {
    const DiscretizedLogistic component(Constants{{constants.value[1]}}, nullptr);
    int components = (int)constants.value[0];
    Sums sums = {0.0f, 0.0f};
#pragma unroll 1
    for (int d = columns.lane; d < columns.count; d += columns.loss.lanes) {
      bool here = columns.observed<kMasked>(d);
      float x = here ? *columns.x(d) : 0.0f;
      LogSum logits;
#pragma unroll 1
      for (int k = 0; k < components; k++) {
        logits.add(*columns.parameter(k, d));
      }
      LogSum joints;
#pragma unroll 1
      for (int k = 0; k < components; k++) {
        // The largest logit is subtracted first: the difference is small, and the mass accurate.
        float logit = *columns.parameter(k, d) - logits.largest;
        float slopes[2];
        joints.add(logit - mass(component, columns, k, components, d, x, slopes));
      }
      if (here) {
        sums.nll += (logf(logits.sum) - logf(joints.sum)) - joints.largest;
      }
      if (columns.loss.d_parameters == nullptr) {
        continue;
      }
#pragma unroll 1
      for (int k = 0; k < components; k++) {
        float logit = *columns.parameter(k, d);
        float slopes[2];
        float share = joints.share((logit - logits.largest) -
                                   mass(component, columns, k, components, d, x, slopes));
        float slope = logits.share(logit) - share;
        *columns.gradient(k, d) = here ? columns.scaled<kMasked>(slope) : 0.0f;
#pragma unroll
        for (int i = 0; i < 2; i++) {
          *columns.gradient((i + 1) * components + k, d) =
              here ? columns.scaled<kMasked>(share * slopes[i]) : 0.0f;
        }
      }
    }
    return sums;
  }

 private:
  /** -log of component k's mass, and its slopes. */
  static __device__ __forceinline__ float mass(const DiscretizedLogistic& component,
                                               const Columns& columns, int k, int components, int d,
                                               float x, float (&slopes)[2]) {
    const float p[2] = {*columns.parameter(components + k, d),
                        *columns.parameter(2 * components + k, d)};
    return component.nll(p, x, slopes);
  }
};

/** The largest value over a row's lanes, ignoring NaN; otherwise as row_sum of reduce.cuh. */
__device__ __forceinline__ float row_max(float value, int lanes, float* partial) {
  for (int offset = (lanes < 32 ? lanes : 32) >> 1; offset > 0; offset >>= 1) {
    value = fmaxf(value, __shfl_xor_sync(0xFFFFFFFFu, value, offset));
  }
  if (lanes <= 32) {
    return value;
  }
  int warp = threadIdx.x >> 5;
  if ((threadIdx.x & 31) == 0) {
    partial[warp] = value;
  }
  __syncthreads();
  int first = warp & ~((lanes >> 5) - 1);
  for (int i = 0; i < lanes >> 5; i++) {
    value = fmaxf(value, partial[first + i]);
  }
  return value;
}

/** A row is the counts of draws from softmax of its logits, given its total; in float64. */
struct Multinomial {
  static constexpr int kShared = 0;

  template <bool kMasked>
  static __device__ __forceinline__ Sums row(const Constants&, const float*,
                                             const Columns& columns) {
    __shared__ float largest_partial[8];
    __shared__ double partial[8];
    float largest = kLeast;
#pragma unroll 1
    for (int d = columns.lane; d < columns.count; d += columns.loss.lanes) {
      if (columns.observed<kMasked>(d)) {
        largest = fmaxf(largest, *columns.parameter(0, d));
      }
    }
    largest = row_max(largest, columns.loss.lanes, largest_partial);
    double sum = 0;
    double count = 0;
    double own = 0;
#pragma unroll 1
    for (int d = columns.lane; d < columns.count; d += columns.loss.lanes) {
      if (columns.observed<kMasked>(d)) {
        double gap = (double)largest - *columns.parameter(0, d);
        double x = *columns.x(d);
        sum += exp(-gap);
        count += x;
        own += log_factorial(x) + x * gap;
      }
    }
    sum = row_sum(sum, columns.loss.lanes, partial);
    __syncthreads();
    count = row_sum(count, columns.loss.lanes, partial);
    __syncthreads();
    own = row_sum(own, columns.loss.lanes, partial);
    if (columns.loss.d_parameters != nullptr) {
      double each = count / sum;
#pragma unroll 1
      for (int d = columns.lane; d < columns.count; d += columns.loss.lanes) {
        float slope = 0.0f;
        if (columns.observed<kMasked>(d)) {
          double gap = (double)largest - *columns.parameter(0, d);
          slope = columns.scaled<kMasked>(each * exp(-gap) - *columns.x(d));
        }
        *columns.gradient(0, d) = slope;
      }
    }
    // Where nothing is observed, the sum is empty and so is the row.
    bool counts = columns.lane == 0 && sum != 0.0;
    return {counts ? (float)(own - log_factorial(count) + count * log(sum)) : 0.0f, 0.0f};
  }
};

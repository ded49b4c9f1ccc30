// SPDX-License-Identifier: Apache-2.0
// The gradient's norm and Adam: io.github.vae4j.backend.op.AdamUpdate has the mathematics.
#pragma once

#include "elements.hpp"
#include "kernels.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// In double: a float's square overflows long before its norm matters.
double sum_of_squares(const float* values, int64_t count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; i++) {
    double value = values[i];
    sum += value * value;
  }
  return sum;
}

// The number of elements whose cache lines are prefetched together, one block before their use.
constexpr int64_t kPrefetchBlock = 256;

// Prefetches lines for writing. Other cores have copies of the parameters from the products:
// without the prefetch each store would wait for their invalidation.
inline void prefetch_for_writing(const float* values, int64_t begin, int64_t end) {
  constexpr int64_t kLine = 16;
  for (int64_t i = begin; i < end; i += kLine) __builtin_prefetch(values + i, 1);
}

template <bool kAverage>
void adam_block(const AdamArgs& a, int64_t begin, int64_t end) {
#pragma omp simd
  for (int64_t i = begin; i < end; i++) {
    float p = a.parameters[i];
    float g = a.clip * a.gradients[i] + a.added_decay * p;
    float m = a.m[i] + a.take1 * (g - a.m[i]);
    float v = a.v[i] + a.take2 * (g * g - a.v[i]);
    p = (p - a.decoupled_decay * p) -
        a.rate * m / (__builtin_sqrtf(v * a.inverse_root) + a.epsilon);
    a.m[i] = m;
    a.v[i] = v;
    a.parameters[i] = p;
    if (kAverage) a.average[i] += a.take_average * (p - a.average[i]);
  }
}

template <bool kAverage>
void adam_range(const AdamArgs& args, int64_t begin, int64_t end) {
  AdamArgs a = args;
  for (int64_t i = begin; i < end; i += kPrefetchBlock) {
    int64_t next = i + kPrefetchBlock < end ? i + kPrefetchBlock : end;
    int64_t ahead = next + kPrefetchBlock < end ? next + kPrefetchBlock : end;
    prefetch_for_writing(a.parameters, next, ahead);
    adam_block<kAverage>(a, i, next);
  }
}

void adam(const AdamArgs& args, int64_t begin, int64_t end) {
  if (args.average == nullptr) {
    adam_range<false>(args, begin, end);
  } else {
    adam_range<true>(args, begin, end);
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

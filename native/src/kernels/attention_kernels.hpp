// SPDX-License-Identifier: Apache-2.0
// The loops of attention, one entry for each in a set of kernels.
#pragma once

#include <cstdint>

namespace vae4j {

// The most queries, or keys, of a call: one in each lane of SIMD code.
constexpr int64_t kAttentionBlock = 64;

// The floats that a call needs: four matrices (width, block), and two (block, block).
constexpr int64_t attention_floats(int64_t width) {
  return 4 * width * kAttentionBlock + 2 * kAttentionBlock * kAttentionBlock;
}

// One head of one image. A pixel is row_step floats after the one before it: queries at q, keys and
// values at k and v, and their gradients likewise; y and dy are y_step floats apart, lse and delta
// lse_step.
struct AttentionArgs {
  const float* q;
  const float* k;
  const float* v;
  float* y;
  float* lse;
  const float* dy;
  float* delta;  // of a pixel: the sum of dy y
  float* dq;
  float* dk;
  float* dv;
  int64_t pixels;
  int64_t width;
  int64_t row_step;
  int64_t y_step;
  int64_t lse_step;
  float scale;
};

struct AttentionKernels {
  // y and lse of the queries [first, first + count).
  void (*forward)(const AttentionArgs&, int64_t first, int64_t count, float* scratch);
  // delta and dq of these.
  void (*queries)(const AttentionArgs&, int64_t first, int64_t count, float* scratch);
  // dk and dv of the keys [first, first + count), once every query has its delta.
  void (*keys)(const AttentionArgs&, int64_t first, int64_t count, float* scratch);
};

}  // namespace vae4j

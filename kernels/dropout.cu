// SPDX-License-Identifier: Apache-2.0
// Dropout: values are set to 0 at random, the others divided by 1 - rate, the probability of being
// kept.
//
// Maths (io.github.vae4j.backend.op.Dropout): y[r, c] = u < rate ? 0 : x[r, c] factor, u uniform at
//   (DROPOUT, step, r, c), factor = 1 / (1 - rate). The gradient is the same launch on dy.
// Shapes: x, y (R, C).
// Bytes: reads 4 R C, writes 4 R C; no mask is stored.
// Launch: blocks of 256, a thread owns four columns of a row, which is one Philox block.
#include "control.cuh"
#include "philox.cuh"
#include "vector.cuh"

#define STREAM_DROPOUT 32u

extern "C" __global__ void __launch_bounds__(256)
    dropout(const float* __restrict__ x, float* __restrict__ y, const double* __restrict__ control,
            unsigned rows, unsigned columns, float rate, float factor, unsigned long long seed) {
  // There are below 2^31 quads, as there are elements.
  unsigned quads = (columns + 3) / 4;
  unsigned thread = blockIdx.x * 256 + threadIdx.x;
  unsigned row = thread / quads;
  if (row >= rows) {
    return;
  }
  unsigned quad = thread - row * quads;
  unsigned count = columns - 4 * quad;
  long long at = (long long)row * columns + 4 * quad;
  Quad value = load_quad(x + at, count, quads_aligned(x, columns));
  PhiloxWords words = philox(seed, STREAM_DROPOUT, (long long)control[CONTROL_STEP], row, quad);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    value.v[i] = philox_uniform(words.word[i]) < rate ? 0.0f : value.v[i] * factor;
  }
  store_quad(y + at, value, count, quads_aligned(y, columns));
}

// SPDX-License-Identifier: Apache-2.0
// Rows of a data set: scaling and dynamic binarisation.
#pragma once

#include "philox.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

void scale_bytes(const uint8_t* source, float scale, float* out, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] = static_cast<float>(source[i]) * scale;
}

void scale_floats(const float* source, float scale, float* out, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] = source[i] * scale;
}

void mask_missing(float* values, float* mask, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) {
    bool there = values[i] == values[i];
    mask[i] = there ? 1.0f : 0.0f;
    values[i] = there ? values[i] : 0.0f;
  }
}

void binarize(const Draw& draw, uint32_t row, float* values, int count) {
  float u[4 * kDrawBlocks];
  for (int first = 0; first < count; first += 4 * kDrawBlocks) {
    int left = count - first;
    int n = left < 4 * kDrawBlocks ? left : 4 * kDrawBlocks;
    uniforms(draw, row, static_cast<uint32_t>(first / 4), (n + 3) / 4, u);
    float* v = values + first;
#pragma omp simd
    for (int i = 0; i < n; i++) v[i] = u[i] < v[i] ? 1.0f : 0.0f;
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

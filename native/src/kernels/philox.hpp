// SPDX-License-Identifier: Apache-2.0
// Philox4x32-10 and its normals; io.github.vae4j.random.Philox is the specification.
#pragma once

#include "elements.hpp"
#include "kernels.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

struct Words {
  uint32_t w0, w1, w2, w3;
};

inline Words philox(const Draw& draw, uint32_t column_block, uint32_t row) {
  uint32_t c0 = column_block, c1 = row, c2 = draw.step_low, c3 = draw.step_high;
  uint32_t k0 = draw.key_low, k1 = draw.key_high;
#pragma GCC unroll 10
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = static_cast<uint64_t>(c0) * 0xD2511F53u;
    uint64_t p1 = static_cast<uint64_t>(c2) * 0xCD9E8D57u;
    uint32_t n0 = static_cast<uint32_t>(p1 >> 32) ^ c1 ^ k0;
    uint32_t n2 = static_cast<uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c0 = n0;
    c1 = static_cast<uint32_t>(p1);
    c2 = n2;
    c3 = static_cast<uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {c0, c1, c2, c3};
}

void words(const Draw& draw, uint32_t row, int blocks, uint32_t* words) {
#pragma omp simd
  for (int k = 0; k < blocks; k++) {
    Words drawn = philox(draw, static_cast<uint32_t>(k), row);
    words[4 * k] = drawn.w0;
    words[4 * k + 1] = drawn.w1;
    words[4 * k + 2] = drawn.w2;
    words[4 * k + 3] = drawn.w3;
  }
}

constexpr float kUnit = 0x1p-24f;

inline float uniform(uint32_t word) {
  // Through a signed integer: only that conversion is one instruction everywhere.
  return static_cast<float>(static_cast<int32_t>(word >> 8)) * kUnit;
}

// Box and Muller: two normals from two words.
inline SinCos normal_pair(uint32_t first, uint32_t second) {
  float radius = __builtin_sqrtf(-2.0f * log_normal(uniform(first) + kUnit));
  SinCos unit = sincos_turns(uniform(second));
  return {radius * unit.sin, radius * unit.cos};
}

// The greatest number of blocks of four columns that are drawn at once.
constexpr int kDrawBlocks = 256;

// Uniforms of a row: blocks of four columns, first_block on.
inline void uniforms(const Draw& draw, uint32_t row, uint32_t first_block, int blocks, float* u) {
#pragma omp simd
  for (int k = 0; k < blocks; k++) {
    Words words = philox(draw, first_block + static_cast<uint32_t>(k), row);
    u[4 * k] = uniform(words.w0);
    u[4 * k + 1] = uniform(words.w1);
    u[4 * k + 2] = uniform(words.w2);
    u[4 * k + 3] = uniform(words.w3);
  }
}

// Normals of a tile: rows first_row on, blocks first_block on, block by block into eps.
inline void normals(const Draw& draw, uint32_t first_row, int rows, uint32_t first_block,
                    int blocks, float* eps) {
  uint32_t row_of[kDrawBlocks];
  uint32_t block_of[kDrawBlocks];
  int count = 0;
  for (int r = 0; r < rows; r++) {
    for (int k = 0; k < blocks; k++, count++) {
      row_of[count] = first_row + static_cast<uint32_t>(r);
      block_of[count] = first_block + static_cast<uint32_t>(k);
    }
  }
#pragma omp simd
  for (int i = 0; i < count; i++) {
    Words words = philox(draw, block_of[i], row_of[i]);
    SinCos a = normal_pair(words.w0, words.w1);
    SinCos b = normal_pair(words.w2, words.w3);
    eps[4 * i] = a.cos;
    eps[4 * i + 1] = a.sin;
    eps[4 * i + 2] = b.cos;
    eps[4 * i + 3] = b.sin;
  }
}

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

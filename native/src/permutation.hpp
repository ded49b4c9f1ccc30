// SPDX-License-Identifier: Apache-2.0
// The order of rows in an epoch; io.github.vae4j.random.Permutation is the specification.
#pragma once

#include <cstdint>

#include "kernels/kernels.hpp"

namespace vae4j {

class Permutation {
 public:
  Permutation(const Kernels& kernels, int64_t seed, int64_t epoch, int rows)
      : rows_(static_cast<uint32_t>(rows)) {
    kernels.words(Draw::at(seed, kShuffleStream, epoch), 0, kRounds / 4, keys_);
    uint32_t last = rows > 2 ? rows_ - 1 : 1;
    half_bits_ = (33 - __builtin_clz(last)) / 2;
  }

  // The row at a position, both from 0 to rows - 1.
  int at(int position) const {
    uint32_t value = static_cast<uint32_t>(position);
    do {
      value = encipher(value);
    } while (value >= rows_);
    return static_cast<int>(value);
  }

 private:
  static constexpr int kRounds = 8;
  static constexpr int kShuffleStream = 1;

  static uint32_t mix(uint32_t h) {
    h ^= h >> 16;
    h *= 0x85EBCA6Bu;
    h ^= h >> 13;
    h *= 0xC2B2AE35u;
    h ^= h >> 16;
    return h;
  }

  uint32_t encipher(uint32_t value) const {
    uint32_t mask = (1u << half_bits_) - 1;
    uint32_t left = value >> half_bits_;
    uint32_t right = value & mask;
    for (uint32_t key : keys_) {
      uint32_t next = left ^ (mix(right + key) & mask);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  uint32_t keys_[kRounds];
  uint32_t rows_;
  int half_bits_;
};

}  // namespace vae4j

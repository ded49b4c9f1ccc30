// SPDX-License-Identifier: Apache-2.0
// Randomness of the host: io.github.vae4j.random.Philox, NormalQuantile and Draws are the
// specification.
#pragma once

#include "model/numeric.hpp"

namespace vae4j {

// The numbers of io.github.vae4j.random.Stream that the host's part of a model uses.
enum class Stream : uint32_t { kPrior = 7, kObservation = 8 };

// The four words of a block of Philox4x32-10.
struct PhiloxBlock {
  uint32_t word[4];
};

// Not shared with kernels/philox.hpp: of an inline function that is compiled for three instruction
// sets the linker keeps one copy.
inline PhiloxBlock philox_block(uint64_t seed, uint32_t stream, uint64_t step, uint32_t row,
                                uint32_t block) {
  uint32_t c0 = block, c1 = row, c2 = static_cast<uint32_t>(step);
  uint32_t c3 = stream << 24 | (static_cast<uint32_t>(step >> 32) & 0xFFFFFF);
  uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
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
  return {{c0, c1, c2, c3}};
}

inline uint32_t philox_word(uint64_t seed, Stream stream, uint64_t step, uint32_t row,
                            uint32_t column) {
  return philox_block(seed, static_cast<uint32_t>(stream), step, row, column >> 2).word[column & 3];
}

// A multiple of 2^-24 in [0, 1).
inline double philox_uniform(uint64_t seed, Stream stream, uint64_t step, uint32_t row,
                             uint32_t column) {
  return (philox_word(seed, stream, step, row, column) >> 8) * 0x1p-24;
}

// A standard normal draw, by Box and Muller.
inline double philox_normal(uint64_t seed, Stream stream, uint64_t step, uint32_t row,
                            uint32_t column) {
  PhiloxBlock block = philox_block(seed, static_cast<uint32_t>(stream), step, row, column >> 2);
  uint32_t pair = column & 2;
  double radius = std::sqrt(-2 * numeric::log(((block.word[pair] >> 8) + 1) * 0x1p-24));
  double angle = 2 * numeric::kPi * ((block.word[pair + 1] >> 8) * 0x1p-24);
  return radius * ((column & 1) == 0 ? numeric::cos(angle) : numeric::sin(angle));
}

// The x with P(X <= x) = p, X standard normal.
double normal_quantile(double p);

// A sequence of draws: the columns 0, 1, 2, ... of step 0.
class Draws {
 public:
  Draws(uint64_t seed, Stream stream, uint32_t row) : seed_(seed), stream_(stream), row_(row) {}

  int32_t next_int() {
    return static_cast<int32_t>(philox_word(seed_, stream_, 0, row_, column_++));
  }

  int64_t next_long() {
    uint64_t high = static_cast<uint32_t>(next_int());
    uint64_t low = static_cast<uint32_t>(next_int());
    return static_cast<int64_t>(high << 32 | low);
  }

  bool next_boolean() { return next_int() < 0; }

  // A multiple of 2^-53 in [0, 1).
  double next_double() {
    return static_cast<double>(static_cast<int64_t>(static_cast<uint64_t>(next_long()) >> 11)) *
           0x1p-53;
  }

  double next_gaussian() { return normal_quantile(inside()); }

  double next_exponential() { return -numeric::log(inside()); }

 private:
  // An odd multiple of 2^-53.
  double inside() {
    return (static_cast<double>(static_cast<int64_t>(static_cast<uint64_t>(next_long()) >> 12)) +
            0.5) *
           0x1p-52;
  }

  uint64_t seed_;
  Stream stream_;
  uint32_t row_;
  uint32_t column_ = 0;
};

}  // namespace vae4j

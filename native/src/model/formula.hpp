// SPDX-License-Identifier: Apache-2.0
// The numbers of a program's text: sums of multiples of the sizes of a batch.
#pragma once

#include <cstdint>
#include <string_view>

namespace vae4j::model {

// The rows of a batch, the samples of a row, and the seed of the noise.
struct BatchSizes {
  int64_t batch;
  int64_t samples;
  int64_t seed;
};

// constant + b B + l L + bl B L + s S, as io.github.vae4j.embed.Formula writes it: "20BL+3".
class Formula {
 public:
  Formula() = default;

  // Reads a formula from the start of a text, which then begins after it; false if it has none.
  bool read(std::string_view* text);

  bool is_zero() const { return constant_ == 0 && b_ == 0 && l_ == 0 && bl_ == 0 && s_ == 0; }

  // The number for sizes; fails with VAE4J_INVALID_ARGUMENT if it is beyond 2^63.
  int64_t at(const BatchSizes& sizes) const;

 private:
  int64_t constant_ = 0;
  int64_t b_ = 0;
  int64_t l_ = 0;
  int64_t bl_ = 0;
  int64_t s_ = 0;
};

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#include "model/checksum.hpp"

#include <array>
#include <cstring>

namespace vae4j::model {
namespace {

// The polynomial 0x1EDC6F41, its bits in the order of a byte's.
constexpr uint32_t kPolynomial = 0x82F63B78;
constexpr int kSlices = 8;

using Tables = std::array<std::array<uint32_t, 256>, kSlices>;

// Entry [s][b]: the remainder of byte b, followed by s zero bytes.
Tables make_tables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; bit++) rest = rest >> 1 ^ (rest & 1 ? kPolynomial : 0);
    tables[0][byte] = rest;
  }
  for (int slice = 1; slice < kSlices; slice++) {
    for (uint32_t byte = 0; byte < 256; byte++) {
      uint32_t rest = tables[slice - 1][byte];
      tables[slice][byte] = rest >> 8 ^ tables[0][rest & 0xFF];
    }
  }
  return tables;
}

}  // namespace

void Checksum::add(std::string_view bytes) {
  static const Tables tables = make_tables();
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= kSlices; at += kSlices, left -= kSlices) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    word ^= state_;
    state_ = 0;
    for (int i = 0; i < kSlices; i++) state_ ^= tables[kSlices - 1 - i][word >> 8 * i & 0xFF];
  }
  for (; left > 0; at++, left--) {
    state_ = state_ >> 8 ^ tables[0][(state_ ^ static_cast<unsigned char>(*at)) & 0xFF];
  }
}

}  // namespace vae4j::model

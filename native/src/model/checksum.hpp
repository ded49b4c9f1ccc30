// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli), as java.util.zip.CRC32C.
#pragma once

#include <cstdint>
#include <string_view>

namespace vae4j::model {

class Checksum {
 public:
  void add(std::string_view bytes);
  uint32_t value() const { return ~state_; }

 private:
  uint32_t state_ = 0xFFFFFFFF;
};

}  // namespace vae4j::model

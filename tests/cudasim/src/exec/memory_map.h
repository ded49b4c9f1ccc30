// SPDX-License-Identifier: Apache-2.0
// The memory that a running kernel may access: the live allocations of the device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace cudasim {

struct MemoryRange {
  uint64_t begin = 0, end = 0;
  std::byte* host = nullptr; // where the bytes of `begin` are kept
  uint64_t serial = 0;       // the how-manieth allocation this was
  std::string call;          // that made it
  mutable bool leaked = false; // and reported so
  // For each byte whether anything has written it; null where all are.
  mutable uint8_t* written = nullptr;
};

class MemoryMap {
 public:
  virtual ~MemoryMap() = default;
  virtual const MemoryRange* find(uint64_t address) const = 0;
  // "16 bytes past the end of allocation #3 ...", for messages.
  virtual std::string describe(uint64_t address) const = 0;
};

} // namespace cudasim

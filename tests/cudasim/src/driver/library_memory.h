// SPDX-License-Identifier: Apache-2.0
// The memory of a call of a library: its operands are found on the host, and judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "control.h"

namespace cudasim {

class LibraryMemory {
 public:
  LibraryMemory(const char* call, char* text, int size) : call_(call), text_(text), size_(size) {}
  std::byte* find(const char* what, uint64_t address, uint64_t bytes) {
    auto* host = static_cast<std::byte*>(cudasim_library_translate(address, bytes));
    if (host == nullptr && code_ == 0) fail(700, what, "", bytes, address);
    return host;
  }
  bool failed() const { return code_ != 0; }
  int code() const { return code_; }

  // The bytes of an operand, found before, line by line: what lies between them is neither read nor written.
  struct Lines {
    uint64_t address;
    int64_t count, bytes, apart;
  };
  void reads(const char* what, const Lines& lines) {
    for (int64_t i = 0; i < lines.count && code_ == 0; ++i) {
      const uint64_t at = lines.address + static_cast<uint64_t>(i * lines.apart);
      const auto bytes = static_cast<uint64_t>(lines.bytes);
      const uint64_t written = cudasim_library_written(at, bytes);
      if (written != bytes) fail(719, what, "reads memory that nobody has written, ", bytes, at + written);
    }
  }
  static void writes(const Lines& lines) {
    for (int64_t i = 0; i < lines.count; ++i) {
      cudasim_library_wrote(lines.address + static_cast<uint64_t>(i * lines.apart), static_cast<uint64_t>(lines.bytes));
    }
  }

 private:
  void fail(int code, const char* what, const char* why, uint64_t bytes, uint64_t address) {
    code_ = code;
    char where[256];
    cudasim_library_describe(address, where, sizeof where);
    std::snprintf(text_, static_cast<size_t>(size_), "%s: %s, %s%llu bytes at 0x%llx: %s", call_, what, why,
                  static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(address), where);
  }

  const char* call_;
  char* text_;
  int size_;
  int code_ = 0;
};

} // namespace cudasim

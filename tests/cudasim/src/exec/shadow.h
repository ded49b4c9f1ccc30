// SPDX-License-Identifier: Apache-2.0
// Checks shared memory: reads of unwritten bytes, and accesses of two threads to one byte that no
// barrier orders. There is one cell per byte; barriers.h says what an interval is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "warp.h"

namespace cudasim {

class SharedShadow {
 public:
  static constexpr uint16_t kSeveral = 0xffff; // instead of a thread: more than one

  void reset(size_t bytes) { cells_.assign(bytes, Cell{}); }

  struct Who {
    const Warp& warp;
    uint16_t thread;
    uint32_t interval;
  };

  // Each returns null or the fault, which describe() completes. A read of all lanes at one address
  // is one call by kSeveral.
  const char* read(size_t at, int bytes, const Who& who);
  const char* write(size_t at, int bytes, const Who& who, const std::byte* before, const std::byte* after);
  const char* atomic(size_t at, int bytes, const Who& who);
  std::string describe(const char* wrong) const;

 private:
  struct Cell {
    uint32_t written = 0; // interval of the last write, 0: never
    uint32_t read = 0;    // interval of the last read
    uint32_t writerSync = 0, readerSync = 0; // the warp's count of bar.warp.sync and barriers then
    uint32_t readerWarps = 0;                // those that read in that interval, a bit each
    uint16_t writer = 0, reader = 0;         // threads
    uint8_t writerWarp = 0;
    bool atomic = false;
  };
  static bool afterWrite(const Cell& c, const Who& who) {
    const Warp& w = who.warp;
    return c.written > w.seen[c.writerWarp] && c.writer != who.thread &&
           (c.writerWarp != w.id || c.writerSync == w.synchronised);
  }
  static bool afterRead(const Cell& c, const Who& who) { return c.read > who.warp.seenOfAll && afterReadOf(c, who); }
  static bool afterReadOf(const Cell& c, const Who& who);
  static void setWriter(Cell& c, const Who& who, bool atomic);
  const char* race(const char* what, uint16_t other);

  std::vector<Cell> cells_;
  uint16_t other_ = kSeveral; // whom the last race was with
  bool isRace_ = false;
};

} // namespace cudasim

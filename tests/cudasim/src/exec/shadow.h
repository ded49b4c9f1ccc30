// SPDX-License-Identifier: Apache-2.0
// Checks shared memory: reads of unwritten bytes, and accesses of two threads to one byte that no
// barrier orders. There is one cell per byte; an interval is the time between two block barriers.
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
    uint16_t thread, warp;
    uint32_t sync; // the warp's count of bar.warp.sync
  };

  // Each returns null or the fault, which describe() completes. A read of all lanes at one address
  // is one call by kSeveral.
  const char* read(size_t at, int bytes, Who who, uint32_t interval);
  const char* write(size_t at, int bytes, Who who, uint32_t interval, const std::byte* before, const std::byte* after);
  const char* atomic(size_t at, int bytes, Who who, uint32_t interval);
  std::string describe(const char* wrong) const;

 private:
  struct Cell {
    uint32_t written = 0; // interval of the last write, 0: never
    uint32_t read = 0;    // interval of the last read
    uint32_t writerSync = 0, readerSync = 0;
    uint16_t writer = 0, writerWarp = 0;
    uint16_t reader = 0, readerWarp = 0;
    bool atomic = false;
  };
  static bool ordered(uint16_t otherWarp, uint32_t otherSync, const Who& who) {
    return otherWarp == who.warp && otherSync != who.sync;
  }
  static bool afterWrite(const Cell& c, const Who& who, uint32_t interval) {
    return c.written == interval && c.writer != who.thread && !ordered(c.writerWarp, c.writerSync, who);
  }
  static bool afterRead(const Cell& c, const Who& who, uint32_t interval) {
    return c.read == interval && c.reader != who.thread && !ordered(c.readerWarp, c.readerSync, who);
  }
  static void setWriter(Cell& c, const Who& who, uint32_t interval, bool atomic);
  const char* race(const char* what, uint16_t other);

  std::vector<Cell> cells_;
  uint16_t other_ = kSeveral; // whom the last race was with
  bool isRace_ = false;
};

} // namespace cudasim

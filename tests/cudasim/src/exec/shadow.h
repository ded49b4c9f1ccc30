// Judges shared memory: reads of bytes nobody wrote, and accesses of two threads to one byte that
// no barrier orders. One cell a byte; intervals are what lies between two block barriers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "warp.h"

namespace cudasim {

class SharedShadow {
 public:
  void reset(size_t bytes) { cells_.assign(bytes, Cell{}); }

  struct Who {
    uint16_t thread, warp;
    uint32_t sync; // the warp's count of bar.warp.sync
  };

  // Each returns an empty text, or what is wrong.
  std::string read(size_t at, int bytes, Who who, uint32_t interval);
  std::string write(size_t at, int bytes, Who who, uint32_t interval, const std::byte* before,
                    const std::byte* after);
  std::string atomic(size_t at, int bytes, Who who, uint32_t interval);

 private:
  static constexpr uint16_t kSeveral = 0xffff;
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
    return c.written == interval && c.writer != who.thread &&
           !ordered(c.writerWarp, c.writerSync, who);
  }
  static bool afterRead(const Cell& c, const Who& who, uint32_t interval) {
    return c.read == interval && c.reader != who.thread && !ordered(c.readerWarp, c.readerSync, who);
  }
  std::vector<Cell> cells_;
};

} // namespace cudasim

#include "shadow.h"

namespace cudasim {

namespace {

std::string race(const char* what, uint16_t other, uint16_t several) {
  return std::string("shared memory race: ") + what + " by " +
         (other == several ? std::string("other threads") : "thread " + std::to_string(other)) +
         " with no barrier between";
}

} // namespace

std::string SharedShadow::read(size_t at, int bytes, Who who, uint32_t interval) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    if (c.written == 0) {
      return "read of shared memory that nobody wrote";
    }
    if (afterWrite(c, who, interval)) {
      return race("read after a write", c.writer, kSeveral);
    }
    const bool again = c.read == interval;
    c.reader = again && c.reader != who.thread ? kSeveral : who.thread;
    c.readerWarp = again && c.readerWarp != who.warp ? kSeveral : who.warp;
    c.readerSync = who.sync;
    c.read = interval;
  }
  return {};
}

std::string SharedShadow::write(size_t at, int bytes, Who who, uint32_t interval,
                                const std::byte* before, const std::byte* after) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    // Two threads that write the same value leave the same memory, in whatever order.
    if (afterWrite(c, who, interval) && before[k] != after[k]) {
      return race("write after a write", c.writer, kSeveral);
    }
    if (afterRead(c, who, interval)) {
      return race("write after a read", c.reader, kSeveral);
    }
    c.written = interval;
    c.writer = who.thread;
    c.writerWarp = who.warp;
    c.writerSync = who.sync;
    c.atomic = false;
  }
  return {};
}

std::string SharedShadow::atomic(size_t at, int bytes, Who who, uint32_t interval) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    if (c.written == 0) {
      return "atomic on shared memory that nobody wrote";
    }
    if (afterWrite(c, who, interval) && !c.atomic) {
      return race("atomic after a write", c.writer, kSeveral);
    }
    if (afterRead(c, who, interval)) {
      return race("atomic after a read", c.reader, kSeveral);
    }
    c.written = interval;
    c.writer = who.thread;
    c.writerWarp = who.warp;
    c.writerSync = who.sync;
    c.atomic = true;
  }
  return {};
}

} // namespace cudasim

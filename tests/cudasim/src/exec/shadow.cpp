// SPDX-License-Identifier: Apache-2.0
#include "shadow.h"

namespace cudasim {

const char* SharedShadow::race(const char* what, uint16_t other) {
  other_ = other;
  isRace_ = true;
  return what;
}

std::string SharedShadow::describe(const char* wrong) const {
  if (!isRace_) return wrong;
  return std::string("shared memory race: ") + wrong + " by " +
         (other_ == kSeveral ? std::string("other threads") : "thread " + std::to_string(other_)) +
         " with no barrier between";
}

void SharedShadow::setWriter(Cell& c, const Who& who, uint32_t interval, bool atomic) {
  c.written = interval;
  c.writer = who.thread;
  c.writerWarp = who.warp;
  c.writerSync = who.sync;
  c.atomic = atomic;
}

const char* SharedShadow::read(size_t at, int bytes, Who who, uint32_t interval) {
  Cell* const end = cells_.data() + at + bytes;
  for (Cell* c = cells_.data() + at; c != end; ++c) {
    if (c->written == 0) return "read of shared memory that nobody wrote";
    if (afterWrite(*c, who, interval)) return race("read after a write", c->writer);
    const bool again = c->read == interval;
    c->reader = again && c->reader != who.thread ? kSeveral : who.thread;
    c->readerWarp = again && c->readerWarp != who.warp ? kSeveral : who.warp;
    c->readerSync = who.sync;
    c->read = interval;
  }
  return nullptr;
}

const char* SharedShadow::write(size_t at, int bytes, Who who, uint32_t interval, const std::byte* before,
                                const std::byte* after) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    // Two threads that write the same value leave the same memory, in whatever order.
    if (afterWrite(c, who, interval) && before[k] != after[k]) {
      return race("write after a write", c.writer);
    }
    if (afterRead(c, who, interval)) return race("write after a read", c.reader);
    setWriter(c, who, interval, false);
  }
  return nullptr;
}

const char* SharedShadow::atomic(size_t at, int bytes, Who who, uint32_t interval) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    if (c.written == 0) return "atomic on shared memory that nobody wrote";
    if (afterWrite(c, who, interval) && !c.atomic) return race("atomic after a write", c.writer);
    if (afterRead(c, who, interval)) return race("atomic after a read", c.reader);
    setWriter(c, who, interval, true);
  }
  return nullptr;
}

} // namespace cudasim

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

bool SharedShadow::afterReadOf(const Cell& c, const Who& who) {
  const Warp& w = who.warp;
  for (uint32_t rest = c.readerWarps; rest != 0; rest &= rest - 1) {
    const auto other = static_cast<uint32_t>(__builtin_ctz(rest));
    if (c.read <= w.seen[other]) continue;
    if (other != w.id || (c.reader != who.thread && c.readerSync == w.synchronised)) return true;
  }
  return false;
}

void SharedShadow::setWriter(Cell& c, const Who& who, bool atomic) {
  c.written = who.interval;
  c.writer = who.thread;
  c.writerWarp = static_cast<uint8_t>(who.warp.id);
  c.writerSync = who.warp.synchronised;
  c.atomic = atomic;
}

const char* SharedShadow::read(size_t at, int bytes, const Who& who) {
  const uint32_t me = 1u << who.warp.id;
  Cell* const end = cells_.data() + at + bytes;
  for (Cell* c = cells_.data() + at; c != end; ++c) {
    if (c->written == 0) return "read of shared memory that nobody wrote";
    if (afterWrite(*c, who)) return race("read after a write", c->writer);
    const bool again = c->read == who.interval;
    c->reader = again && c->reader != who.thread ? kSeveral : who.thread;
    c->readerWarps = again ? c->readerWarps | me : me;
    c->readerSync = who.warp.synchronised;
    c->read = who.interval;
  }
  return nullptr;
}

const char* SharedShadow::write(size_t at, int bytes, const Who& who, const std::byte* before, const std::byte* after) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    // Two threads that write the same value leave the same memory, in whatever order.
    if (afterWrite(c, who) && before[k] != after[k]) return race("write after a write", c.writer);
    if (afterRead(c, who)) return race("write after a read", c.reader);
    setWriter(c, who, false);
  }
  return nullptr;
}

const char* SharedShadow::atomic(size_t at, int bytes, const Who& who) {
  for (int k = 0; k < bytes; ++k) {
    Cell& c = cells_[at + static_cast<size_t>(k)];
    if (c.written == 0) return "atomic on shared memory that nobody wrote";
    if (afterWrite(c, who) && !c.atomic) return race("atomic after a write", c.writer);
    if (afterRead(c, who)) return race("atomic after a read", c.reader);
    setWriter(c, who, true);
  }
  return nullptr;
}

} // namespace cudasim

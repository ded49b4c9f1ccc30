// SPDX-License-Identifier: Apache-2.0
#include "global_shadow.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "block.h"

namespace cudasim {

GlobalShadow::GlobalShadow(const Launch& launch, uint64_t limit)
    : launch_(launch),
      limit_(limit),
      warpsPerBlock_((launch.block[0] * launch.block[1] * launch.block[2] + kLanes - 1) / kLanes),
      syncs_(1) {
  const uint64_t blocks = uint64_t{launch.grid[0]} * launch.grid[1] * launch.grid[2];
  overran_ = blocks * warpsPerBlock_ * kLanes >= kNone; // threads must have numbers
}

uint32_t GlobalShadow::warpOf(const Warp& w) const { return w.block->linear * warpsPerBlock_ + w.id; }

uint32_t GlobalShadow::threadOf(const Warp& w, int lane) const {
  return warpOf(w) * kLanes + static_cast<uint32_t>(lane);
}

ThreadOrder& GlobalShadow::orderOf(Warp& w, int lane) const {
  return w.block->order[w.id * kLanes + static_cast<uint32_t>(lane)];
}

Stamp GlobalShadow::stampOf(const Warp& w, int lane) const {
  return {threadOf(w, lane), w.block->barriers.interval, w.time};
}

GlobalShadow::Cell* GlobalShadow::cellAt(uintptr_t at) {
  const uintptr_t page = at / kPageBytes;
  if (last_ == nullptr || page != lastPage_) {
    auto& entry = pages_[page];
    if (entry == nullptr) {
      if (pages_.size() * kPageBytes > limit_) {
        overran_ = true;
        pages_.clear();
        return last_ = nullptr, nullptr;
      }
      entry = std::make_unique<Page>();
    }
    last_ = entry.get();
    lastPage_ = page;
  }
  return &last_->cells[at % kPageBytes / 4];
}

// Calls f with each cell of the access and which of its bytes are meant.
template <class F>
void GlobalShadow::eachCell(const std::byte* host, int bytes, F f) {
  const uintptr_t begin = reinterpret_cast<uintptr_t>(host), end = begin + static_cast<uintptr_t>(bytes);
  for (uintptr_t at = begin; at < end && !overran_;) {
    const uintptr_t next = std::min(end, (at / 4 + 1) * 4);
    const uint32_t count = static_cast<uint32_t>(next - at);
    Cell* cell = cellAt(at);
    if (cell == nullptr) return;
    f(Piece{cell, static_cast<uint8_t>(((1u << count) - 1) << at % 4), static_cast<uint32_t>(at - begin), count});
    at = next;
  }
}

bool GlobalShadow::known(Warp& w, int lane, const Stamp& s) const {
  const Block& b = *w.block;
  if (s.thread == threadOf(w, lane)) return true;
  const ThreadOrder& mine = orderOf(w, lane);
  const uint32_t block = s.warp() / warpsPerBlock_;
  if (block == b.linear) {
    if (s.interval <= w.seen[s.warp() - b.linear * warpsPerBlock_]) return true;
    if (s.warp() == warpOf(w) && s.time < w.syncTime) return true;
    // Which flag was read is not followed for fences of block scope: that both have one is taken for it.
    const ThreadOrder& other = b.order[s.thread - b.linear * warpsPerBlock_ * kLanes];
    if (s.time < other.blockFence && mine.blockFence != 0) return true;
  }
  return mine.known != nullptr && mine.known->knows(s, block);
}

bool GlobalShadow::bothStrong(const Warp& w, const Op& op, const Stamp& other, uint8_t otherOrdering) const {
  if (!(op.ordering & otherOrdering & kStrong)) return false;
  return !((op.ordering | otherOrdering) & kBlockScope) || other.warp() / warpsPerBlock_ == w.block->linear;
}

std::string GlobalShadow::nameOf(const Stamp& s, uint32_t op) const {
  const uint32_t block = s.warp() / warpsPerBlock_, thread = s.thread - block * warpsPerBlock_ * kLanes;
  const auto triple = [](uint32_t n, const uint32_t* dim) {
    return "(" + std::to_string(n % dim[0]) + "," + std::to_string(n / dim[0] % dim[1]) + "," +
           std::to_string(n / dim[0] / dim[1]) + ")";
  };
  const Line& line = launch_.program->lines[op];
  return "thread " + triple(thread, launch_.block) + " of block " + triple(block, launch_.grid) + ", PTX line " +
         std::to_string(line.ptx) + (line.source == 0 ? "" : " (line " + std::to_string(line.source) + ")");
}

void GlobalShadow::fault(const Op& op, int lane, uint64_t address, const std::string& what) const {
  char hex[32];
  std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(address));
  throw KernelFault{719, lane,
                    what + "\n  " + std::to_string(op.bytes * op.count) + " bytes at " + hex + ", " +
                        launch_.memory->describe(address)};
}

void GlobalShadow::race(const Op& op, int lane, uint64_t address, const char* what, const Stamp& other,
                        uint32_t otherOp) const {
  fault(op, lane, address,
        std::string("global memory race: ") + what + " by " + nameOf(other, otherOp) +
            ", not ordered by a barrier, or by a fence and a flag on both sides");
}

// An access that may follow the cell's last write.
bool GlobalShadow::writeIsOrdered(Warp& w, const Op& op, int lane, const Cell& c, uint8_t bytes) const {
  if (!c.writer.used() || !(c.writerBytes & bytes) || bothStrong(w, op, c.writer, c.writerOrdering) ||
      known(w, lane, c.writer)) {
    return true;
  }
  // "X precedes Z in observation order, and Z precedes Y": a strong write that this thread has read.
  return c.sync != 0 && (c.writerOrdering & kStrong) && syncs_[c.sync].observer == threadOf(w, lane);
}

void GlobalShadow::checkReaders(Warp& w, const Op& op, int lane, const Cell& c, uint8_t bytes, uint64_t address,
                                const char* what) const {
  for (const Reader& r : c.readers) {
    if (!r.stamp.used() || !(r.bytes & bytes) || bothStrong(w, op, r.stamp, r.ordering)) continue;
    // A value that a lane has read and passed on by a shuffle is read: no later write can change it.
    const bool exchanged = r.stamp.warp() == warpOf(w) && r.stamp.time < w.exchangeTime;
    if (!exchanged && !known(w, lane, r.stamp)) race(op, lane, address, what, r.stamp, r.op);
  }
}

void GlobalShadow::remember(Warp& w, const Op& op, int lane, Cell& c, uint8_t bytes) {
  const Stamp now = stampOf(w, lane);
  const Reader reader = {now, op.index, bytes, op.ordering};
  if (c.readers[0].stamp.thread != now.thread) {
    Reader kept[4];
    for (const Reader& r : c.readers) {
      if (!r.stamp.used() || known(w, lane, r.stamp)) continue;
      const bool warp = r.stamp.warp() == now.warp();
      Reader& place = kept[warp ? 1 : r.stamp.warp() / warpsPerBlock_ == w.block->linear ? 2 : 3];
      if (!place.stamp.used()) place = r;
    }
    std::copy(kept + 1, kept + 4, c.readers + 1);
  }
  c.readers[0] = reader;
}

void GlobalShadow::setWriter(Warp& w, const Op& op, int lane, Cell& c, uint8_t bytes) {
  c.writer = stampOf(w, lane);
  c.writerOp = op.index;
  c.writerBytes = bytes;
  c.writerOrdering = op.ordering;
  c.several = false;
}

// Weak reads are ordered before the write that has just been checked, and so before all accesses after
// it.
void GlobalShadow::forgetReaders(Cell& c, uint8_t bytes) {
  for (Reader& r : c.readers) {
    if ((r.bytes & ~bytes) == 0 && !(r.ordering & kStrong)) r = Reader{};
  }
}

void GlobalShadow::read(Warp& w, const Op& op, int lane, const std::byte* host, uint64_t address) {
  Cell* first = nullptr;
  eachCell(host, op.bytes * op.count, [&](const Piece& p) {
    Cell& c = *p.cell;
    if (first == nullptr) first = &c;
    const uint64_t at = address + p.from;
    if (op.ordering & kNonCoherent) {
      if (c.writer.used() && (c.writerBytes & p.bytes)) {
        fault(op, lane, at,
              "ld.global.nc (__ldg, const __restrict__) of memory that this launch has written: by " +
                  nameOf(c.writer, c.writerOp));
      }
      c.nonCoherent |= p.bytes;
      return;
    }
    if (!c.several && !writeIsOrdered(w, op, lane, c, p.bytes)) {
      race(op, lane, at, "read after a write", c.writer, c.writerOp);
    }
    remember(w, op, lane, c, p.bytes);
  });
  if ((op.ordering & kStrong) && first != nullptr && !overran_ && first->sync != 0) {
    acquire(w, op, lane, syncs_[first->sync]);
  }
}

void GlobalShadow::write(Warp& w, const Op& op, int lane, const std::byte* host, const std::byte* data,
                         uint64_t address) {
  Cell* first = nullptr;
  eachCell(host, op.bytes * op.count, [&](const Piece& p) {
    Cell& c = *p.cell;
    if (first == nullptr) first = &c;
    const uint64_t at = address + p.from;
    if (c.nonCoherent & p.bytes) {
      fault(op, lane, at, "write of memory that ld.global.nc (__ldg, const __restrict__) has read in this launch");
    }
    // Threads that write the value that is there leave the same memory, in whatever order.
    const bool same = std::memcmp(host + p.from, data + p.from, p.count) == 0;
    const bool ordered = writeIsOrdered(w, op, lane, c, p.bytes);
    if (!same) {
      if (!ordered) race(op, lane, at, "write after a write", c.writer, c.writerOp);
      checkReaders(w, op, lane, c, p.bytes, at, "write after a read");
    }
    setWriter(w, op, lane, c, p.bytes);
    c.several = !ordered;
    if (!same) forgetReaders(c, p.bytes);
    if (!(op.ordering & kStrong)) c.sync = 0; // no release pattern passes the value on
  });
  if ((op.ordering & kStrong) && first != nullptr && !overran_) {
    release(w, op, lane, syncOf(*first), false);
  }
}

void GlobalShadow::atomic(Warp& w, const Op& op, int lane, const std::byte* host, uint64_t address) {
  Cell* first = nullptr;
  eachCell(host, op.bytes, [&](const Piece& p) {
    Cell& c = *p.cell;
    if (first == nullptr) first = &c;
    const uint64_t at = address + p.from;
    if (c.nonCoherent & p.bytes) {
      fault(op, lane, at, "atomic on memory that ld.global.nc (__ldg, const __restrict__) has read in this launch");
    }
    if (!writeIsOrdered(w, op, lane, c, p.bytes)) race(op, lane, at, "atomic after a write", c.writer, c.writerOp);
    checkReaders(w, op, lane, c, p.bytes, at, "atomic after a read");
    setWriter(w, op, lane, c, p.bytes);
    forgetReaders(c, p.bytes);
  });
  if (first == nullptr || overran_) return;
  Sync& s = syncOf(*first);
  acquire(w, op, lane, s);
  release(w, op, lane, s, true);
}

GlobalShadow::Sync& GlobalShadow::syncOf(Cell& c) {
  if (c.sync == 0) {
    c.sync = static_cast<uint32_t>(syncs_.size());
    syncs_.emplace_back();
  }
  return syncs_[c.sync];
}

void GlobalShadow::acquire(Warp& w, const Op& op, int lane, Sync& s) {
  if (op.ordering & kReduction) return;
  ThreadOrder& t = orderOf(w, lane);
  w.block->fenced = true;
  s.observer = threadOf(w, lane);
  if (op.ordering & kBlockScope) {
    if (op.ordering & kAcquire) t.blockFence = ++w.time;
    return;
  }
  if (op.ordering & kAcquire) t.known = join(t.known, s.released);
  t.pending = join(t.pending, s.released);
  t.pendingSequential = join(t.pendingSequential, s.releasedSequential);
}

// `chain`: an atomic, which also passes on the order of the writes before it.
void GlobalShadow::release(Warp& w, const Op& op, int lane, Sync& s, bool chain) {
  ThreadOrder& t = orderOf(w, lane);
  const uint32_t me = threadOf(w, lane);
  if (!chain && s.head != me) s = Sync{};
  s.head = chain ? kNone : me;
  if (op.ordering & kBlockScope) {
    if (op.ordering & kRelease) t.blockFence = ++w.time;
    return;
  }
  if (op.ordering & kRelease) {
    ++w.time;
    s.released = join(s.released, clockOf(w, lane, snapshot(w, lane)));
  }
  s.released = join(s.released, clockOf(w, lane, t.released));
  s.releasedSequential = join(s.releasedSequential, clockOf(w, lane, t.releasedSequential));
}

Snapshot GlobalShadow::snapshot(Warp& w, int lane) const {
  return {orderOf(w, lane).known, w.passed, w.syncTime, w.time};
}

ClockPtr GlobalShadow::clockOf(const Warp& w, int lane, const Snapshot& s) const {
  if (s.time == 0) return s.base;
  auto clock = s.base == nullptr ? std::make_shared<Clock>() : std::make_shared<Clock>(*s.base);
  clock->addBlock(w.block->linear, s.interval);
  clock->addWarp(warpOf(w), kAllLanes, s.syncTime);
  clock->addWarp(warpOf(w), 1u << lane, s.time);
  return clock;
}

void GlobalShadow::fence(Warp& w, uint8_t ordering) {
  ++w.time;
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) continue;
    ThreadOrder& t = orderOf(w, i);
    if (ordering & kBlockScope) {
      t.blockFence = w.time;
      continue;
    }
    if (ordering & kAcquire) {
      t.known = join(t.known, t.pending);
      t.pending = nullptr;
    }
    if (ordering & kSequential) {
      t.known = join(t.known, t.pendingSequential);
      t.pendingSequential = nullptr;
    }
    if (ordering & kRelease) t.released = snapshot(w, i);
    if (ordering & kSequential) t.releasedSequential = t.released;
  }
  w.block->fenced = true;
}

// The clock of each of these lanes becomes the union of their clocks.
void GlobalShadow::meet(const std::vector<std::pair<Warp*, uint32_t>>& members) {
  const auto each = [&](auto f) {
    for (const auto& [w, lanes] : members) {
      for (int i = 0; i < kLanes; ++i) {
        if ((lanes >> i) & 1) f(*w, i, orderOf(*w, i));
      }
    }
  };
  ClockPtr known, pending, lastKnown, lastPending;
  const Snapshot* first = nullptr;
  bool differ = false;
  each([&](Warp&, int, ThreadOrder& t) {
    if (t.known != lastKnown) known = join(known, lastKnown = t.known);
    if (t.pendingSequential != lastPending) pending = join(pending, lastPending = t.pendingSequential);
    if (first == nullptr) first = &t.releasedSequential;
    differ |= !(t.releasedSequential == *first);
  });
  Snapshot released;
  // Equal ones of several threads still name each its own thread.
  differ |= first != nullptr && first->time != 0;
  if (differ) {
    auto all = std::make_shared<Clock>();
    const Clock* lastBase = nullptr;
    each([&](Warp& w, int lane, ThreadOrder& t) {
      const Snapshot& s = t.releasedSequential;
      if (s.base != nullptr && s.base.get() != lastBase) all->add(*(lastBase = s.base.get()));
      if (s.time == 0) return;
      all->addBlock(w.block->linear, s.interval);
      all->addWarp(warpOf(w), kAllLanes, s.syncTime);
      all->addWarp(warpOf(w), 1u << lane, s.time);
    });
    released.base = std::move(all);
  } else if (first != nullptr) {
    released = *first;
  }
  each([&](Warp&, int, ThreadOrder& t) {
    t.known = known;
    t.pendingSequential = pending;
    t.releasedSequential = released;
  });
}

void GlobalShadow::warpBarrier(Warp& w) {
  w.syncTime = ++w.time;
  if (w.block->fenced) meet({{&w, w.mask}});
}

void GlobalShadow::blockBarrier(const std::vector<Warp*>& waiting) {
  if (waiting.empty() || !waiting.front()->block->fenced) return;
  std::vector<std::pair<Warp*, uint32_t>> members;
  for (Warp* w : waiting) members.emplace_back(w, w->active);
  meet(members);
}

} // namespace cudasim

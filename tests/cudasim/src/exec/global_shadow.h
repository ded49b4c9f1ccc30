// SPDX-License-Identifier: Apache-2.0
// Judges the order of accesses to global memory within a launch. Two accesses of a cell, one of them a
// write, by two threads, must be ordered (PTX ISA, "Causality Order") or both be strong ("Morally strong
// operations"); and no thread may write bytes that ld.global.nc reads in that launch.
//
// Order comes from: program order; bar.sync and bar.warp.sync; a release pattern (a fence, then a strong
// write; or st.release, atom.release) whose write an acquire pattern reads (a strong read, then a fence;
// or ld.acquire, atom.acquire), through any number of atomics between. Fences of block scope order
// within the block alone. As fence.sc operations also order each other, membar and fence.sc of one
// thread serve a strong access that another thread of the block makes after a barrier; fence.acq_rel
// does not. A shuffle or vote orders reads of its warp before later writes of it, and nothing else.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "clock.h"
#include "warp.h"

namespace cudasim {

struct Launch;

// The part of a thread's clock that a release pattern passes on: the clock at its fence.
struct Snapshot {
  ClockPtr base;
  uint32_t interval = 0, syncTime = 0, time = 0;
  bool operator==(const Snapshot& o) const {
    return base == o.base && interval == o.interval && syncTime == o.syncTime && time == o.time;
  }
};

struct ThreadOrder {
  ClockPtr known;
  Snapshot released, releasedSequential; // at the last fence
  ClockPtr pending, pendingSequential;   // seen by strong reads, for the next fence
  uint32_t blockFence = 0;               // time of the last fence of block scope
};

class GlobalShadow {
 public:
  // `limit`: how many bytes a launch may touch; beyond it, it is not judged.
  GlobalShadow(const Launch& launch, uint64_t limit);

  // Each throws a KernelFault if the access of this lane is wrong. `data` is the value that a write
  // stores.
  void read(Warp& w, const Op& op, int lane, const std::byte* host, uint64_t address);
  void write(Warp& w, const Op& op, int lane, const std::byte* host, const std::byte* data, uint64_t address);
  void atomic(Warp& w, const Op& op, int lane, const std::byte* host, uint64_t address);

  void fence(Warp& w, uint8_t ordering);
  void warpBarrier(Warp& w);
  void blockBarrier(const std::vector<Warp*>& waiting);

  bool overran() const { return overran_; }

 private:
  struct Reader {
    Stamp stamp;
    uint32_t op = 0;
    uint8_t bytes = 0, ordering = 0;
  };
  // Four bytes.
  struct Cell {
    Stamp writer;
    uint32_t writerOp = 0;
    uint32_t sync = 0; // index of its Sync, 0: none
    uint8_t writerBytes = 0, writerOrdering = 0;
    uint8_t nonCoherent = 0; // bytes that ld.global.nc read
    bool several = false;    // threads wrote it the same value, unordered
    // The last one; then, of those not ordered before it: of its warp, its block, another block.
    Reader readers[4];
  };
  // The clocks that the strong writes of a cell pass on.
  struct Sync {
    ClockPtr released, releasedSequential;
    uint32_t head = kNone;     // the thread of the last strong store
    uint32_t observer = kNone; // the thread that last read it with a strong read
  };
  static constexpr uint64_t kPageBytes = 1024;
  struct Page {
    Cell cells[kPageBytes / 4];
  };
  struct Piece {
    Cell* cell;
    uint8_t bytes;
    uint32_t from, count; // of the access
  };

  template <class F>
  void eachCell(const std::byte* host, int bytes, F f);
  Cell* cellAt(uintptr_t at);
  uint32_t threadOf(const Warp& w, int lane) const;
  uint32_t warpOf(const Warp& w) const;
  ThreadOrder& orderOf(Warp& w, int lane) const;
  Stamp stampOf(const Warp& w, int lane) const;
  bool known(Warp& w, int lane, const Stamp& s) const;
  bool bothStrong(const Warp& w, const Op& op, const Stamp& other, uint8_t otherOrdering) const;
  bool writeIsOrdered(Warp& w, const Op& op, int lane, const Cell& c, uint8_t bytes) const;
  void checkReaders(Warp& w, const Op& op, int lane, const Cell& c, uint8_t bytes, uint64_t address,
                    const char* what) const;
  void remember(Warp& w, const Op& op, int lane, Cell& c, uint8_t bytes);
  void setWriter(Warp& w, const Op& op, int lane, Cell& c, uint8_t bytes);
  static void forgetReaders(Cell& c, uint8_t bytes);
  Sync& syncOf(Cell& c);
  void acquire(Warp& w, const Op& op, int lane, Sync& s);
  void release(Warp& w, const Op& op, int lane, Sync& s, bool chain);
  ClockPtr clockOf(const Warp& w, int lane, const Snapshot& s) const;
  Snapshot snapshot(Warp& w, int lane) const;
  void meet(const std::vector<std::pair<Warp*, uint32_t>>& members);
  std::string nameOf(const Stamp& s, uint32_t op) const;
  [[noreturn]] void fault(const Op& op, int lane, uint64_t address, const std::string& what) const;
  [[noreturn]] void race(const Op& op, int lane, uint64_t address, const char* what, const Stamp& other,
                         uint32_t otherOp) const;

  const Launch& launch_;
  uint64_t limit_;
  uint32_t warpsPerBlock_;
  bool overran_ = false;
  std::unordered_map<uintptr_t, std::unique_ptr<Page>> pages_;
  uintptr_t lastPage_ = 0;
  Page* last_ = nullptr;
  std::vector<Sync> syncs_;
};

} // namespace cudasim

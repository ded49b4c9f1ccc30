// SPDX-License-Identifier: Apache-2.0
// The 16 named barriers of a block (PTX ISA, "bar, barrier"). A barrier orders the accesses of the warps that take
// part in it, and of no others: each warp has seen, of each warp of its block, the accesses up to an interval.
// Intervals count through the block: one ends with each barrier that completes, and with each bar.arrive.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "warp.h"

namespace cudasim {

class Barriers {
 public:
  static constexpr uint32_t kCount = 16;

  // Before a block begins.
  void reset(std::vector<Warp>& warps);
  // The warp executes a barrier of `threads` (0: of all threads of the block), and waits where `waits` says so.
  void enter(Warp& w, uint32_t barrier, uint32_t threads, bool waits);
  // Completes barriers at which nobody is missing; false where there are none.
  bool release();

  uint32_t interval = 1;

 private:
  struct Barrier {
    uint32_t warps = 0;   // that have arrived, a bit each
    uint32_t threads = 0; // that take part, 0: all
    bool reduces = false; // bar.red
    std::vector<Warp*> waiting, arrived;
    std::vector<uint32_t> seen; // by the ones that arrived and do not wait
  };
  bool isComplete(const Barrier& b) const;
  void complete(Barrier& b);
  void join(std::vector<uint32_t>& seen, const Warp& w) const;

  std::array<Barrier, kCount> barriers_;
  uint32_t blockThreads_ = 0;
  std::vector<Warp>* warps_ = nullptr;
  // Of the barrier that is being completed; kept, so that this allocates nothing.
  std::vector<Warp*> leaving_;
  std::vector<uint32_t> seen_;
};

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// The vector clock of a thread: the events of other threads that happened before its present. It is
// kept small by entries for whole blocks and groups of lanes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace cudasim {

// When and by whom an access was made. `thread` counts through the launch, a warp's lanes side by side;
// `interval` counts the barriers of its block, `time` the fences and bar.warp.syncs of its warp.
struct Stamp {
  uint32_t thread = 0xffffffffu;
  uint32_t interval = 0, time = 0;
  bool used() const { return thread != 0xffffffffu; }
  uint32_t warp() const { return thread / 32; }
};

struct Clock {
  // Of the block, all before that interval.
  struct BlockEntry {
    uint32_t block, interval;
  };
  // Of these lanes of the warp, all before that time.
  struct WarpEntry {
    uint32_t warp, lanes, time;
  };
  std::vector<BlockEntry> blocks; // by block
  std::vector<WarpEntry> warps;   // by warp, then the latest time first; the lanes of a warp are disjoint

  void addBlock(uint32_t block, uint32_t interval);
  void addWarp(uint32_t warp, uint32_t lanes, uint32_t time);
  void add(const Clock& other);
  bool knows(const Stamp& s, uint32_t block) const;
};

// Null knows nothing.
using ClockPtr = std::shared_ptr<const Clock>;

// The union of both.
ClockPtr join(const ClockPtr& a, const ClockPtr& b);

} // namespace cudasim

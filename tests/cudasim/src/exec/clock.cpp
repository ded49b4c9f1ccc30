// SPDX-License-Identifier: Apache-2.0
#include "clock.h"

#include <algorithm>

namespace cudasim {

void Clock::addBlock(uint32_t block, uint32_t interval) {
  if (interval == 0) return;
  const auto at = std::lower_bound(blocks.begin(), blocks.end(), block,
                                   [](const BlockEntry& e, uint32_t b) { return e.block < b; });
  if (at != blocks.end() && at->block == block) {
    at->interval = std::max(at->interval, interval);
  } else {
    blocks.insert(at, {block, interval});
  }
}

void Clock::addWarp(uint32_t warp, uint32_t lanes, uint32_t time) {
  auto at =
      std::lower_bound(warps.begin(), warps.end(), warp, [](const WarpEntry& e, uint32_t w) { return e.warp < w; });
  // Lanes that are known up to later keep that; the others move to this entry.
  for (; at != warps.end() && at->warp == warp && at->time >= time; ++at) {
    if (at->time == time) {
      lanes |= at->lanes;
      at = warps.erase(at);
      break;
    }
    lanes &= ~at->lanes;
  }
  if (lanes == 0 || time == 0) return;
  at = warps.insert(at, {warp, lanes, time}) + 1;
  while (at != warps.end() && at->warp == warp) {
    at->lanes &= ~lanes;
    at = at->lanes == 0 ? warps.erase(at) : at + 1;
  }
}

void Clock::add(const Clock& other) {
  if (blocks.empty()) {
    blocks = other.blocks;
  } else {
    for (const BlockEntry& e : other.blocks) addBlock(e.block, e.interval);
  }
  if (warps.empty()) {
    warps = other.warps;
  } else {
    for (const WarpEntry& e : other.warps) addWarp(e.warp, e.lanes, e.time);
  }
}

bool Clock::knows(const Stamp& s, uint32_t block) const {
  const auto b = std::lower_bound(blocks.begin(), blocks.end(), block,
                                  [](const BlockEntry& e, uint32_t n) { return e.block < n; });
  if (b != blocks.end() && b->block == block && s.interval < b->interval) return true;
  auto w =
      std::lower_bound(warps.begin(), warps.end(), s.warp(), [](const WarpEntry& e, uint32_t n) { return e.warp < n; });
  for (; w != warps.end() && w->warp == s.warp(); ++w) {
    if ((w->lanes >> (s.thread % 32)) & 1) return s.time < w->time;
  }
  return false;
}

ClockPtr join(const ClockPtr& a, const ClockPtr& b) {
  if (b == nullptr || a == b) return a;
  if (a == nullptr) return b;
  auto both = std::make_shared<Clock>(*a);
  both->add(*b);
  return both;
}

} // namespace cudasim

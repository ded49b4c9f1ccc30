// SPDX-License-Identifier: Apache-2.0
#include "barriers.h"

#include <algorithm>

#include "block.h"

namespace cudasim {

namespace {

[[noreturn]] void fault(const Warp& w, uint32_t barrier, const char* what) {
  throw KernelFault{719, __builtin_ctz(w.mask), "barrier " + std::to_string(barrier) + ": " + what};
}

// bar.red: its result for all the warps.
void reduce(const std::vector<Warp*>& warps) {
  uint32_t count = 0;
  bool all = true, some = false;
  for (const Warp* w : warps) {
    const uint32_t votes = w->barrierVotes & w->active;
    count += static_cast<uint32_t>(__builtin_popcount(votes));
    all &= votes == w->active;
    some |= votes != 0;
  }
  for (Warp* w : warps) {
    const Op& op = *w->barrierOp;
    switch (w->barrierMode) {
      case 1: std::fill_n(w->lanes<uint32_t>(op.r[0]), kLanes, count); break;
      case 2: setPredicate(*w, op.r[0], all ? kAllLanes : 0); break;
      case 3: setPredicate(*w, op.r[0], some ? kAllLanes : 0); break;
      default: break;
    }
  }
}

} // namespace

void Barriers::reset(std::vector<Warp>& warps) {
  warps_ = &warps;
  blockThreads_ = static_cast<uint32_t>(warps.size()) * kLanes;
  interval = 1;
  for (Barrier& b : barriers_) b = {};
  for (Warp& w : warps) {
    w.seen.assign(warps.size(), 0);
    w.seenOfAll = w.passed = 0;
  }
}

void Barriers::join(std::vector<uint32_t>& seen, const Warp& w) const {
  seen.resize(w.seen.size());
  for (size_t i = 0; i < seen.size(); ++i) seen[i] = std::max(seen[i], w.seen[i]);
  seen[w.id] = interval;
}

void Barriers::enter(Warp& w, uint32_t barrier, uint32_t threads, bool waits) {
  // "When specifying a thread count, the value must be a multiple of the warp size."
  if (barrier >= kCount || threads % kLanes != 0) {
    fault(w, barrier, "its number is above 15, or its thread count not of warps");
  }
  // "Note that a non-zero thread count is required for barrier{.cta}.arrive."
  if (!waits && threads == 0) fault(w, barrier, "bar.arrive without a thread count");
  if (threads == blockThreads_) threads = 0;
  Barrier& b = barriers_[barrier];
  const bool reduces = w.barrierMode != 0;
  if (b.warps == 0) {
    b.threads = threads;
    b.reduces = reduces;
  }
  // "Different warps may execute different forms of the barrier{.cta} instruction using the same barrier name and
  // thread count."
  if (b.threads != threads) fault(w, barrier, "this warp's thread count is another than that of those before it");
  // "barrier{.cta}.red should not be intermixed with barrier{.cta}.sync or barrier{.cta}.arrive using the same
  // active barrier. Execution in this case is unpredictable."
  if (b.reduces != reduces) fault(w, barrier, "bar.red together with bar.sync or bar.arrive");
  // "Care must be taken to keep a warp from executing more barrier{.cta} instructions than intended
  // (barrier{.cta}.arrive followed by any other barrier{.cta} instruction to the same barrier) prior to the reset
  // of the barrier."
  const uint32_t me = 1u << w.id;
  if (b.warps & me) fault(w, barrier, "this warp has arrived, and executes it again before it is complete");
  b.warps |= me;
  if (waits) {
    w.state = WarpState::AtBarrier;
    w.barrier = barrier;
    b.waiting.push_back(&w);
    return;
  }
  b.arrived.push_back(&w);
  join(b.seen, w);
  ++interval; // its next accesses are after its arrival
  if (isComplete(b)) complete(b);
}

bool Barriers::isComplete(const Barrier& b) const {
  if (b.warps == 0) return false;
  if (b.threads != 0) return static_cast<uint32_t>(__builtin_popcount(b.warps)) * kLanes >= b.threads;
  // "wait for non-exited threads of all other warps participating in the barrier"
  return std::all_of(warps_->begin(), warps_->end(),
                     [&](const Warp& w) { return w.state == WarpState::Done || ((b.warps >> w.id) & 1); });
}

void Barriers::complete(Barrier& b) {
  size_t places = b.waiting.size();
  if (b.threads != 0) places = std::min(places, b.threads / kLanes - b.arrived.size());
  const auto others = b.waiting.begin() + static_cast<ptrdiff_t>(places); // wait for the next time
  leaving_.assign(b.waiting.begin(), others);
  b.waiting.erase(b.waiting.begin(), others);
  if (!leaving_.empty() && leaving_.front()->block->global != nullptr) {
    std::vector<Warp*> all = leaving_;
    all.insert(all.end(), b.arrived.begin(), b.arrived.end());
    leaving_.front()->block->global->blockBarrier(all);
  }
  if (b.threads == 0) {
    seen_.assign(warps_->size(), interval);
    for (const Warp* w : b.arrived) seen_[w->id] = b.seen[w->id];
  } else {
    seen_ = b.seen;
    for (const Warp* w : leaving_) join(seen_, *w);
  }
  b.seen.clear();
  const uint32_t ofAll = seen_.empty() ? 0 : *std::min_element(seen_.begin(), seen_.end());
  ++interval;
  for (Warp* w : leaving_) {
    w->seen = seen_;
    w->seenOfAll = ofAll;
    w->passed = interval;
    w->state = WarpState::Ready;
    ++w->synchronised;
    w->mask = w->active;
  }
  reduce(leaving_);
  b.arrived.clear();
  b.warps = 0;
  for (const Warp* w : b.waiting) b.warps |= 1u << w->id;
}

bool Barriers::release() {
  bool any = false;
  for (Barrier& b : barriers_) {
    while (isComplete(b)) {
      complete(b);
      any = true;
    }
  }
  return any;
}

} // namespace cudasim

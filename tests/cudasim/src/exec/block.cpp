// SPDX-License-Identifier: Apache-2.0
#include "block.h"

#include <algorithm>
#include <cstring>

namespace cudasim {

namespace {

constexpr int kErrorLaunchFailed = 719, kErrorLaunchTimeout = 702;

} // namespace

Block::Block(const Launch& l, GlobalShadow* shadowed, Interleaving* turns)
    : launch(l), program(*l.program), global(shadowed), turns_(turns) {
  threads = l.block[0] * l.block[1] * l.block[2];
  const uint32_t warpCount = (threads + kLanes - 1) / kLanes;
  const size_t registerBytes = program.registerBytes + 64;
  registers_.assign(warpCount * registerBytes + 64, std::byte{0});
  predicates_.assign(warpCount * program.predicateCount, 0);
  local_.resize(static_cast<size_t>(warpCount) * kLanes * program.localBytes);
  localWritten_.resize(local_.size());
  shared.resize(std::max(program.sharedBytes, l.dynamicShared ? program.dynamicSharedOffset + l.dynamicShared : 0u));
  sharedParts = program.sharedParts;
  if (program.dynamicShared) sharedParts.back().bytes = l.dynamicShared;
  rangeOf.assign(program.ops.size(), nullptr);
  if (l.profile) {
    counters.assign(program.ops.size(), {});
  }
  std::byte* base = registers_.data() + (64 - reinterpret_cast<uintptr_t>(registers_.data()) % 64);
  warps.resize(warpCount);
  for (uint32_t n = 0; n < warpCount; ++n) {
    Warp& w = warps[n];
    w.id = n;
    w.block = this;
    w.registers = base + n * (registerBytes / 64 * 64);
    w.predicates = predicates_.data() + static_cast<size_t>(n) * program.predicateCount;
    w.local = local_.data() + static_cast<size_t>(n) * kLanes * program.localBytes;
    w.localWritten = localWritten_.data() + (w.local - local_.data());
    w.predicates[1] = kAllLanes;
    for (const auto& c : program.constants) {
      for (int i = 0; i < kLanes; ++i) {
        std::memcpy(w.registers + c.offset + static_cast<uint32_t>(i) * c.bytes, &c.value, c.bytes);
      }
    }
  }
}

void Block::begin(uint64_t at) {
  linear = static_cast<uint32_t>(at);
  index[0] = static_cast<uint32_t>(at % launch.grid[0]);
  index[1] = static_cast<uint32_t>(at / launch.grid[0] % launch.grid[1]);
  index[2] = static_cast<uint32_t>(at / launch.grid[0] / launch.grid[1]);
  std::fill(shared.begin(), shared.end(), std::byte{0xff});
  std::fill(local_.begin(), local_.end(), std::byte{0xff});
  std::fill(localWritten_.begin(), localWritten_.end(), uint8_t{0});
  if (launch.judge) {
    shadow.reset(shared.size());
  }
  if (global != nullptr) order.assign(warps.size() * kLanes, {});
  fenced = false;
  barriers.reset(warps);
  executed = 0;
  for (Warp& w : warps) {
    const uint32_t first = w.id * kLanes;
    const uint32_t count = std::min<uint32_t>(kLanes, threads - first);
    w.live = w.active = count == kLanes ? kAllLanes : (1u << count) - 1;
    w.pc = 0;
    w.reconverge = static_cast<uint32_t>(program.ops.size());
    w.stack.clear();
    w.state = WarpState::Ready;
    w.carry = 0;
    w.synchronised = 0;
    w.time = 1;
    w.syncTime = w.exchangeTime = 0;
    for (const auto& [special, offset] : program.specials) {
      uint32_t* lane = w.lanes<uint32_t>(offset);
      for (uint32_t i = 0; i < kLanes; ++i) {
        const uint32_t t = first + i;
        const uint32_t bit = 1u << i;
        switch (special) {
          case Special::TidX: lane[i] = t % launch.block[0]; break;
          case Special::TidY: lane[i] = t / launch.block[0] % launch.block[1]; break;
          case Special::TidZ: lane[i] = t / launch.block[0] / launch.block[1]; break;
          case Special::NtidX: lane[i] = launch.block[0]; break;
          case Special::NtidY: lane[i] = launch.block[1]; break;
          case Special::NtidZ: lane[i] = launch.block[2]; break;
          case Special::CtaidX: lane[i] = index[0]; break;
          case Special::CtaidY: lane[i] = index[1]; break;
          case Special::CtaidZ: lane[i] = index[2]; break;
          case Special::NctaidX: lane[i] = launch.grid[0]; break;
          case Special::NctaidY: lane[i] = launch.grid[1]; break;
          case Special::NctaidZ: lane[i] = launch.grid[2]; break;
          case Special::LaneId: lane[i] = i; break;
          case Special::WarpId: lane[i] = w.id; break;
          case Special::NWarpId: lane[i] = static_cast<uint32_t>(warps.size()); break;
          case Special::LanemaskEq: lane[i] = bit; break;
          case Special::LanemaskLe: lane[i] = bit | (bit - 1); break;
          case Special::LanemaskLt: lane[i] = bit - 1; break;
          case Special::LanemaskGe: lane[i] = ~(bit - 1); break;
          case Special::LanemaskGt: lane[i] = ~(bit | (bit - 1)); break;
          case Special::DynamicShared: lane[i] = launch.dynamicShared; break;
          case Special::TotalShared: lane[i] = static_cast<uint32_t>(shared.size()); break;
          case Special::GridId: lane[i] = static_cast<uint32_t>(launch.id); break;
          case Special::SmId: lane[i] = 0; break;
          case Special::NSmId: lane[i] = 1; break;
        }
      }
    }
  }
}

template <bool profile, bool turns>
void Block::runWarp(Warp& w) {
  current = &w;
  const Op* ops = program.ops.data();
  uint64_t steps = 0;
  const uint64_t limit = launch.opLimit - executed;
  while (w.state == WarpState::Ready) {
    if (w.pc == w.reconverge || w.active == 0) {
      // The path has reconverged with the others (or has ended): continue with the next path on the
      // stack.
      if (w.stack.empty()) {
        w.state = WarpState::Done;
        break;
      }
      const Divergence next = w.stack.back();
      w.stack.pop_back();
      w.pc = next.pc;
      w.reconverge = next.reconverge;
      w.active = next.mask & w.live;
      continue;
    }
    const Op& op = ops[w.pc++];
    uint32_t mask = w.active;
    if (op.guard != kNone) {
      const uint32_t p = w.predicates[op.guard];
      mask &= op.guardNegated ? ~p : p;
    }
    if (mask == 0) {
      continue;
    }
    w.mask = mask;
    if constexpr (profile) {
      OpCounters& c = counters[op.index];
      ++c.warps;
      c.lanes += static_cast<uint64_t>(__builtin_popcount(mask));
    }
    op.run(w, op);
    if (++steps > limit) {
      throw KernelFault{kErrorLaunchTimeout, -1, "the kernel does not end (instruction limit)"};
    }
    if constexpr (turns) {
      if (op.yield != Yield::Never && turns_->leaves(op)) break;
    }
  }
  executed += steps;
}

void Block::runReady(Warp& w) {
  if (turns_ != nullptr) {
    launch.profile ? runWarp<true, true>(w) : runWarp<false, true>(w);
  } else {
    launch.profile ? runWarp<true, false>(w) : runWarp<false, false>(w);
  }
}

bool Block::done() const {
  return std::all_of(warps.begin(), warps.end(), [](const Warp& w) { return w.state == WarpState::Done; });
}

void Block::deadlock() {
  for (const Warp& w : warps) {
    if (w.state == WarpState::AtBarrier) current = &w;
  }
  throw KernelFault{kErrorLaunchFailed, -1,
                    "deadlock: barrier " + std::to_string(current->barrier) + " waits for threads that never arrive"};
}

void Block::step() {
  const auto ready = [](const Warp& w) { return w.state == WarpState::Ready; };
  uint32_t skip = turns_->below(static_cast<uint32_t>(std::count_if(warps.begin(), warps.end(), ready)));
  for (Warp& w : warps) {
    if (!ready(w) || skip-- != 0) continue;
    runReady(w);
    // A warp that spins on a write that others make after a barrier does not wait at the barrier.
    if (!ready(w) && !barriers.release() && std::none_of(warps.begin(), warps.end(), ready) && !done()) deadlock();
    return;
  }
}

void Block::run(uint64_t at) {
  const auto ready = [](const Warp& w) { return w.state == WarpState::Ready; };
  begin(at);
  for (;;) {
    for (Warp& w : warps) {
      if (w.state == WarpState::Ready) runReady(w);
    }
    if (done()) return;
    if (!barriers.release() && std::none_of(warps.begin(), warps.end(), ready)) deadlock();
  }
}

} // namespace cudasim

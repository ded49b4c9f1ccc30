// SPDX-License-Identifier: Apache-2.0
// Finds the host bytes behind the addresses of a warp's access and judges it: inside a live
// allocation, aligned, free of shared memory races.
#pragma once

#include "block.h"

namespace cudasim {

enum class AccessKind : uint8_t { Read, Write, Atomic };

struct Access {
  std::byte* host[kLanes]; // valid for the lanes of the mask
};

// `slot`: the index of op.r that holds the address register.
void resolveAccess(Warp& w, const Op& op, int slot, AccessKind kind, Access& out);

// Checks the shared memory part of one lane's access (-1: of several lanes at one address); `data` is
// the value that a write stores.
void judgeShared(Warp& w, const Op& op, int lane, AccessKind kind, const std::byte* host, const std::byte* data);

void judgeSharedReads(Warp& w, const Op& op, const Access& a);

// Judges the global memory part of a warp's reads, and of one lane's write or atomic.
void judgeGlobalReads(Warp& w, const Op& op, int slot, const Access& a);
void judgeGlobal(Warp& w, const Op& op, int lane, AccessKind kind, const std::byte* host, const std::byte* data);

inline bool judgesGlobal(const Warp& w, const Op& op) {
  return w.block->global != nullptr && (op.space == MemorySpace::Global || op.space == MemorySpace::Generic);
}

inline bool isShared(const Block& b, const std::byte* host) {
  return host >= b.shared.data() && host < b.shared.data() + b.shared.size();
}

} // namespace cudasim

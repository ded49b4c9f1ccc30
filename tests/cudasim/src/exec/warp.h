// SPDX-License-Identifier: Apache-2.0
// The state of a warp and the shape of a decoded instruction. A register is an array of 32 lanes;
// a predicate is a 32-bit mask. An op is a function over all lanes of the warp's mask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cudasim {

constexpr int kLanes = 32;
constexpr uint32_t kAllLanes = 0xffffffffu;
constexpr uint32_t kNone = 0xffffffffu;

// Generic addresses of the shared and local windows (PTX ISA, "Generic Addressing"): outside any
// device or host allocation, so that a stray pointer is told apart.
constexpr uint64_t kSharedWindow = 0x7a00000000000000ull;
constexpr uint64_t kLocalWindow = 0x7b00000000000000ull;
constexpr uint64_t kParamWindow = 0x7c00000000000000ull;
constexpr uint64_t kWindowMask = 0xff00000000000000ull;

struct Warp;
struct Op;
struct Block;
using Handler = void (*)(Warp&, const Op&);

enum class OpClass : uint8_t {
  Helper, // part of an instruction that is already counted
  Float32,
  Float64,
  Float16,
  Special,
  Integer,
  Logic,
  Compare,
  Convert,
  Move,
  LoadGlobal,
  StoreGlobal,
  LoadShared,
  StoreShared,
  LoadLocal,
  StoreLocal,
  LoadParam,
  Atomic,
  WarpWide,
  Barrier,
  Control,
};
constexpr int kOpClasses = static_cast<int>(OpClass::Control) + 1;
const char* nameOf(OpClass c);

enum class MemorySpace : uint8_t { Generic, Global, Shared, Local, Param };

// How an access or a fence takes part in the order of memory (PTX ISA, "Memory Consistency Model").
enum Ordering : uint8_t {
  kStrong = 1, // relaxed and above, volatile, atom, red
  kAcquire = 2,
  kRelease = 4,
  kSequential = 8,     // fence.sc, membar
  kBlockScope = 16,    // .cta, and .cluster: clusters have one block here
  kReduction = 32,     // red: its read forms no acquire pattern
  kNonCoherent = 64,   // ld.global.nc
};

// Where a warp may be left for another one (see interleave.h).
enum class Yield : uint8_t { Never, Sometimes, Always };

struct Op {
  Handler run = nullptr;
  uint32_t guard = kNone; // predicate index
  bool guardNegated = false;
  OpClass cls = OpClass::Helper;
  MemorySpace space = MemorySpace::Generic;
  uint8_t bytes = 0; // of one element
  uint8_t count = 0; // vector elements
  bool address32 = false;
  uint8_t mode = 0; // meaning belongs to the handler
  uint8_t ordering = 0; // bits of Ordering
  Yield yield = Yield::Never;
  uint32_t r[10] = {};
  int64_t imm = 0;
  uint32_t target = 0;     // branch
  uint32_t reconverge = 0; // where the two sides of a branch meet again
  uint32_t index = 0;      // of this op, for counters and caches
  uint32_t table = 0;      // brx.idx
};

// An error that the running kernel made; ends the launch.
struct KernelFault {
  int code; // CUresult
  int lane; // -1: the whole warp
  std::string what;
};

enum class WarpState : uint8_t { Ready, AtBarrier, Done };

struct Divergence {
  uint32_t pc;
  uint32_t reconverge;
  uint32_t mask;
};

struct Warp {
  std::byte* registers = nullptr;
  uint32_t* predicates = nullptr;
  uint32_t mask = 0;   // lanes that execute the current op
  uint32_t active = 0; // lanes on the current path
  uint32_t live = 0;   // lanes that have not exited
  uint32_t pc = 0;
  uint32_t reconverge = 0;
  uint32_t carry = 0; // condition code of add.cc and friends
  uint32_t id = 0;
  uint32_t synchronised = 0; // counts bar.warp.sync and block barriers
  uint32_t time = 1;     // counts fences and bar.warp.sync, for stamps
  uint32_t syncTime = 0; // of the last bar.warp.sync
  uint32_t exchangeTime = 0; // of the last shfl.sync or the like
  WarpState state = WarpState::Ready;
  uint32_t barrier = 0;    // that it waits at
  uint8_t barrierMode = 0; // of bar.red: 1 popc, 2 and, 3 or
  uint32_t barrierVotes = 0;
  const Op* barrierOp = nullptr;
  // Lanes of paths that wait in a bar.warp.sync of these members for the other side of a branch; and those
  // that need not wait any longer.
  uint32_t arrived = 0, members = 0, released = 0;
  // Of each warp of the block, the last interval whose accesses are ordered before this warp's present (see
  // barriers.h); the least of them; and the interval that began with the last barrier at which it waited.
  std::vector<uint32_t> seen;
  uint32_t seenOfAll = 0, passed = 0;
  std::vector<Divergence> stack;
  Block* block = nullptr;
  std::byte* local = nullptr; // 32 * localBytes
  uint8_t* localWritten = nullptr; // whether this block has written each of them

  template <class T>
  T* lanes(uint32_t offset) const {
    return reinterpret_cast<T*>(registers + offset);
  }
};

// d[i] = f(s[i]...) for the lanes of the mask. All lanes are computed (ops are free of traps) and
// blended, so that the loop vectorises.
template <class F, class D, class... S>
inline void eachLane(const Warp& w, F f, D* d, const S*... s) {
  const uint32_t m = w.mask;
  if (m == kAllLanes) {
#pragma GCC ivdep
    for (int i = 0; i < kLanes; ++i) {
      d[i] = f(s[i]...);
    }
  } else {
#pragma GCC ivdep
    for (int i = 0; i < kLanes; ++i) {
      const D v = f(s[i]...);
      d[i] = (m >> i) & 1 ? v : d[i];
    }
  }
}

template <class F>
inline uint32_t maskOf(F f) {
  uint32_t bits = 0;
  for (int i = 0; i < kLanes; ++i) {
    bits |= f(i) ? 1u << i : 0u;
  }
  return bits;
}

inline void setPredicate(Warp& w, uint32_t p, uint32_t value) {
  w.predicates[p] = (w.predicates[p] & ~w.mask) | (value & w.mask);
}

} // namespace cudasim

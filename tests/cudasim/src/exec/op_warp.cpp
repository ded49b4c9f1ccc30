// SPDX-License-Identifier: Apache-2.0
// shfl.sync, vote.sync, match.sync, redux.sync, activemask, elect.sync. Each checks that exactly the
// lanes of its member mask execute it together, as the ISA requires.
#include "block.h"
#include "lanes.h"

namespace cudasim {

using ptx::Operand;
using ptx::Type;

namespace {

void checkMembers(Warp& w, uint32_t slot, const char* name) {
  const uint32_t* members = w.lanes<uint32_t>(slot);
  for (int i = 0; i < kLanes; ++i) {
    if (((w.mask >> i) & 1) && (members[i] & w.live) != w.mask) {
      throw KernelFault{
          719, i,
          std::string(name) + ": its mask names threads that do not execute it with this one, or lacks this one"};
    }
  }
  w.exchangeTime = ++w.time;
}

enum ShuffleMode : uint8_t { kUp, kDown, kBfly, kIdx };

// r[0] d, r[1] a, r[2] b, r[3] c, r[4] members, r[5] predicate or kNone.
void runShuffle(Warp& w, const Op& op) {
  checkMembers(w, op.r[4], "shfl.sync");
  uint32_t a[kLanes];
  std::memcpy(a, w.lanes<uint32_t>(op.r[1]), sizeof a);
  const uint32_t* b = w.lanes<uint32_t>(op.r[2]);
  const uint32_t* c = w.lanes<uint32_t>(op.r[3]);
  uint32_t* d = w.lanes<uint32_t>(op.r[0]);
  uint32_t inRange = 0;
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    if (!((w.mask >> lane) & 1)) continue;
    // PTX ISA, "shfl.sync": segment mask and clamp come packed in c.
    const uint32_t value = b[lane] & 31, clamp = c[lane] & 31, segment = (c[lane] >> 8) & 31;
    const uint32_t maxLane = (lane & segment) | (clamp & ~segment);
    const uint32_t minLane = lane & segment;
    uint32_t from = lane;
    bool ok = false;
    switch (op.mode) {
      case kUp:
        from = lane - value;
        ok = static_cast<int32_t>(from) >= static_cast<int32_t>(maxLane);
        break;
      case kDown:
        from = lane + value;
        ok = from <= maxLane;
        break;
      case kBfly:
        from = lane ^ value;
        ok = from <= maxLane;
        break;
      default:
        from = minLane | (value & ~segment);
        ok = from <= maxLane;
        break;
    }
    if (!ok) from = lane;
    if (!((w.mask >> from) & 1)) {
      throw KernelFault{719, static_cast<int>(lane), "shfl.sync reads a thread that does not execute it"};
    }
    d[lane] = a[from];
    inRange |= ok ? 1u << lane : 0;
  }
  if (op.r[5] != kNone) setPredicate(w, op.r[5], inRange);
}

void shuffle(Builder& b) {
  if (!b.mods.take("sync")) b.mods.unknown();
  const int mode = b.mods.takeAny({"up", "down", "bfly", "idx"});
  if (mode < 0 || ptx::sizeOf(b.mods.takeType()) != 4) b.mods.unknown();
  b.mods.finish();
  b.operands(5);
  b.op.mode = static_cast<uint8_t>(mode);
  for (size_t i = 1; i < 5; ++i) b.op.r[i] = b.source(i, 4);
  const Operand& d = b.in.operands[0];
  b.op.r[5] = d.second.empty() ? kNone : b.predicateResult(d.second);
  b.op.r[0] = b.result(0, 4);
  b.op.run = runShuffle;
  b.op.cls = OpClass::WarpWide;
}

enum VoteMode : uint8_t { kAll, kAny, kUni, kBallot };

void runVote(Warp& w, const Op& op) {
  checkMembers(w, op.r[2], "vote.sync");
  const uint32_t votes = (w.predicates[op.r[1]] ^ (op.count ? kAllLanes : 0)) & w.mask;
  switch (op.mode) {
    case kAll: return setPredicate(w, op.r[0], votes == w.mask ? kAllLanes : 0);
    case kAny: return setPredicate(w, op.r[0], votes != 0 ? kAllLanes : 0);
    case kUni: return setPredicate(w, op.r[0], votes == 0 || votes == w.mask ? kAllLanes : 0);
    default: eachLane(w, [votes](uint32_t) { return votes; }, w.lanes<uint32_t>(op.r[0]), w.lanes<uint32_t>(op.r[0]));
  }
}

void vote(Builder& b) {
  if (!b.mods.take("sync")) b.mods.unknown();
  const int mode = b.mods.takeAny({"all", "any", "uni", "ballot"});
  if (mode < 0) b.mods.unknown();
  b.mods.takeType();
  b.mods.finish();
  b.operands(3);
  bool negated = false;
  b.op.mode = static_cast<uint8_t>(mode);
  b.op.r[1] = b.predicate(1, &negated);
  b.op.count = negated;
  b.op.r[2] = b.source(2, 4);
  b.op.r[0] = mode == kBallot ? b.result(0, 4) : b.predicateResult(b.in.operands[0].name);
  b.op.run = runVote;
  b.op.cls = OpClass::WarpWide;
}

template <class T>
void runMatch(Warp& w, const Op& op) {
  checkMembers(w, op.r[2], "match.sync");
  const T* a = w.lanes<T>(op.r[1]);
  uint32_t* d = w.lanes<uint32_t>(op.r[0]);
  uint32_t same[kLanes] = {};
  bool all = true;
  for (int i = 0; i < kLanes; ++i) {
    for (int j = 0; j < kLanes; ++j) {
      same[i] |= ((w.mask >> j) & 1) && a[i] == a[j] ? 1u << j : 0;
    }
    all &= !((w.mask >> i) & 1) || same[i] == w.mask;
  }
  for (int i = 0; i < kLanes; ++i) {
    if ((w.mask >> i) & 1) d[i] = op.mode == 0 ? same[i] : all ? w.mask : 0;
  }
  if (op.r[5] != kNone) setPredicate(w, op.r[5], all ? kAllLanes : 0);
}

void match(Builder& b) {
  const int mode = b.mods.takeAny({"any", "all"});
  if (mode < 0 || !b.mods.take("sync")) b.mods.unknown();
  const int bytes = ptx::sizeOf(b.mods.takeType());
  b.mods.finish();
  b.operands(3);
  b.op.mode = static_cast<uint8_t>(mode);
  b.op.r[1] = b.source(1, bytes);
  b.op.r[2] = b.source(2, 4);
  const Operand& d = b.in.operands[0];
  b.op.r[5] = d.second.empty() ? kNone : b.predicateResult(d.second);
  b.op.r[0] = b.result(0, 4);
  b.op.run = bytes == 4 ? runMatch<uint32_t> : runMatch<uint64_t>;
  b.op.cls = OpClass::WarpWide;
}

enum ReduxMode : uint8_t { kAdd, kMin, kMax, kAnd, kOr, kXor };

template <class T>
void runRedux(Warp& w, const Op& op) {
  checkMembers(w, op.r[2], "redux.sync");
  const T* a = w.lanes<T>(op.r[1]);
  T v = a[__builtin_ctz(w.mask)];
  for (int i = __builtin_ctz(w.mask) + 1; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) continue;
    switch (op.mode) {
      case kAdd: v += a[i]; break;
      case kMin: v = a[i] < v ? a[i] : v; break;
      case kMax: v = a[i] > v ? a[i] : v; break;
      case kAnd: v &= a[i]; break;
      case kOr: v |= a[i]; break;
      default: v ^= a[i]; break;
    }
  }
  eachLane(w, [v](T) { return v; }, w.lanes<T>(op.r[0]), w.lanes<T>(op.r[0]));
}

void redux(Builder& b) {
  if (!b.mods.take("sync")) b.mods.unknown();
  const int mode = b.mods.takeAny({"add", "min", "max", "and", "or", "xor"});
  const Type type = b.mods.takeType();
  b.mods.finish();
  b.operands(3);
  if (mode < 0 || ptx::sizeOf(type) != 4 || ptx::isFloat(type)) b.mods.unknown();
  b.op.mode = static_cast<uint8_t>(mode);
  b.op.r[1] = b.source(1, 4);
  b.op.r[2] = b.source(2, 4);
  b.op.r[0] = b.result(0, 4);
  b.op.run = type == Type::S32 ? runRedux<int32_t> : runRedux<uint32_t>;
  b.op.cls = OpClass::WarpWide;
}

void runActiveMask(Warp& w, const Op& op) {
  const uint32_t m = w.mask;
  eachLane(w, [m](uint32_t) { return m; }, w.lanes<uint32_t>(op.r[0]), w.lanes<uint32_t>(op.r[0]));
}

void activeMask(Builder& b) {
  b.mods.takeType();
  b.mods.finish();
  b.operands(1);
  b.op.r[0] = b.result(0, 4);
  b.op.run = runActiveMask;
  b.op.cls = OpClass::WarpWide;
}

// elect.sync d|p, members: the lowest lane is elected.
void runElect(Warp& w, const Op& op) {
  checkMembers(w, op.r[1], "elect.sync");
  const uint32_t leader = static_cast<uint32_t>(__builtin_ctz(w.mask));
  eachLane(w, [leader](uint32_t) { return leader; }, w.lanes<uint32_t>(op.r[0]), w.lanes<uint32_t>(op.r[0]));
  setPredicate(w, op.r[5], 1u << leader);
}

void elect(Builder& b) {
  if (!b.mods.take("sync")) b.mods.unknown();
  b.mods.finish();
  b.operands(2);
  const Operand& d = b.in.operands[0];
  b.op.r[1] = b.source(1, 4);
  b.op.r[0] = d.name.empty() || d.name == "_" ? b.temporary(4) : b.result(0, 4);
  b.op.r[5] = b.predicateResult(d.second.empty() ? "_" : d.second);
  b.op.run = runElect;
  b.op.cls = OpClass::WarpWide;
}

} // namespace

void addWarpWide(FamilyTable& t) {
  t["shfl"] = shuffle;
  t["vote"] = vote;
  t["match"] = match;
  t["redux"] = redux;
  t["activemask"] = activeMask;
  t["elect"] = elect;
}

} // namespace cudasim

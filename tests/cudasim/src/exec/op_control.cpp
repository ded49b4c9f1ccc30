// SPDX-License-Identifier: Apache-2.0
// Branches, exit, traps, barriers and fences (PTX ISA, "Control Flow Instructions" and "Parallel
// Synchronization and Communication Instructions").
#include "block.h"
#include "lanes.h"

namespace cudasim {

using ptx::Operand;
using ptx::Type;

namespace {

constexpr int kErrorAssert = 710, kErrorLaunchFailed = 719;

// Sends `lanes` to `target` and the rest of the path to `otherwise`; both meet at the branch's
// immediate post-dominator.
void diverge(Warp& w, const Op& op, uint32_t lanes, uint32_t target, uint32_t otherwise) {
  const uint32_t rest = w.active & ~lanes;
  if (lanes == 0 || rest == 0) {
    w.pc = lanes == 0 ? otherwise : target;
    return;
  }
  if (op.reconverge != w.reconverge) {
    w.stack.push_back({op.reconverge, w.reconverge, w.active});
  }
  if (otherwise != op.reconverge) {
    w.stack.push_back({otherwise, op.reconverge, rest});
  }
  w.active = lanes;
  w.pc = target;
  w.reconverge = op.reconverge;
}

} // namespace

void runBranch(Warp& w, const Op& op) { diverge(w, op, w.mask, op.target, w.pc); }

void runBranchTable(Warp& w, const Op& op) {
  const auto& table = w.block->program.branchTables[op.table];
  const uint32_t* index = w.lanes<uint32_t>(op.r[0]);
  // One path after the other: split off the lanes of the first target, run this op again for the rest.
  const int first = __builtin_ctz(w.mask);
  uint32_t lanes = 0;
  for (int i = first; i < kLanes; ++i) {
    lanes |= ((w.mask >> i) & 1) && index[i] == index[first] ? 1u << i : 0;
  }
  if (index[first] >= table.size()) {
    throw KernelFault{kErrorLaunchFailed, first, "brx.idx index outside its table"};
  }
  diverge(w, op, lanes, table[index[first]], op.index);
}

void runExit(Warp& w, const Op&) {
  w.live &= ~w.mask;
  w.active &= ~w.mask;
}

void runTrap(Warp& w, const Op&) { throw KernelFault{kErrorAssert, __builtin_ctz(w.mask), "trap or failed assertion"}; }

namespace {

void runNothing(Warp&, const Op&) {}

void runBarrier(Warp& w, const Op& op) {
  if (w.mask != w.live) {
    throw KernelFault{kErrorLaunchFailed, __builtin_ctz(w.live & ~w.mask),
                      "divergent barrier: this thread does not execute the barrier of its warp"};
  }
  const int lane = __builtin_ctz(w.mask);
  const auto operand = [&](int slot) { return op.r[slot] == kNone ? 0u : w.lanes<uint32_t>(op.r[slot])[lane]; };
  w.barrierMode = op.mode;
  w.barrierOp = &op;
  w.barrierVotes = op.mode == 0 ? 0 : w.predicates[op.r[3]] ^ (op.count ? kAllLanes : 0);
  w.block->barriers.enter(w, operand(1), operand(2), op.bytes == 0);
}

// The lanes of w.mask have met.
void passWarpBarrier(Warp& w) {
  ++w.synchronised;
  if (w.block->global != nullptr) w.block->global->warpBarrier(w);
}

// "bar.warp.sync will cause executing thread to wait until all threads corresponding to membermask have
// executed a bar.warp.sync with the same membermask value": not the same instruction. So one side of a
// branch may wait for the other: it comes back to its barrier when that side has been there, or has ended.
void runWarpBarrier(Warp& w, const Op& op) {
  if ((w.mask & ~w.released) == 0) {
    w.released &= ~w.mask;
    return;
  }
  const uint32_t* members = w.lanes<uint32_t>(op.r[0]);
  const int first = __builtin_ctz(w.mask);
  const uint32_t all = members[first] & w.live;
  for (int i = first; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1) || (members[i] == members[first] && ((all >> i) & 1))) continue;
    throw KernelFault{kErrorLaunchFailed, i,
                      "bar.warp.sync: its mask is another than that of a thread beside it, or lacks this one"};
  }
  const uint32_t others = w.members == members[first] ? w.arrived : 0;
  const uint32_t missing = all & ~(w.mask | others);
  if (missing == 0) {
    const uint32_t own = w.mask;
    w.released |= others;
    w.arrived &= ~others;
    w.mask = all;
    passWarpBarrier(w);
    w.mask = own;
    return;
  }
  const bool waits = w.mask == w.active && !w.stack.empty() && w.stack.back().reconverge == w.reconverge &&
                     (w.stack.back().mask & missing) != 0 && (w.mask & w.arrived) == 0 && w.arrived == others;
  if (!waits) {
    throw KernelFault{kErrorLaunchFailed, first,
                      "bar.warp.sync: its mask names threads that do not execute it with this one"};
  }
  w.arrived |= w.mask;
  w.members = members[first];
  const Divergence other = w.stack.back();
  w.stack.back() = {w.pc - 1, w.reconverge, w.active};
  w.pc = other.pc;
  w.active = other.mask & w.live;
}

void branch(Builder& b) {
  b.mods.take("uni");
  b.mods.finish();
  b.operands(1);
  b.branchTo(b.in.operands[0].name);
  b.op.run = runBranch;
  b.op.cls = OpClass::Control;
}

void branchIndexed(Builder& b) {
  b.mods.take("uni");
  if (!b.mods.take("idx")) b.mods.unknown();
  b.mods.finish();
  b.operands(2);
  if (b.op.guard != kNone) b.fail("predicated brx.idx is not emulated");
  b.op.r[0] = b.source(0, 4);
  b.op.table = b.branchTable(b.in.operands[1].name);
  b.op.run = runBranchTable;
  b.op.cls = OpClass::Control;
}

template <Handler run>
void end(Builder& b) {
  b.mods.take("uni");
  b.mods.finish();
  b.operands(0);
  b.op.run = run;
  b.op.cls = OpClass::Control;
}

void runFence(Warp& w, const Op& op) {
  if (w.block->global != nullptr) w.block->global->fence(w, op.ordering);
}

void fence(Builder& b) {
  b.op.cls = OpClass::Barrier;
  b.op.yield = Yield::Always;
  if (b.mods.take("proxy")) { // there is one way to memory here
    b.mods.ignore({"async", "async::generic", "acquire", "release", "sync_restrict::shared::cta", "cta", "cluster",
                   "gpu", "sys"});
    b.mods.finish();
    b.operands(0);
    b.op.run = runNothing;
    return;
  }
  // PTX ISA, "membar, fence": membar.{cta,gl,sys} are fence.sc.{cta,gpu,sys}; without .sem it is acq_rel.
  const bool membar = b.in.parts[0] == "membar";
  const int kind = membar ? 0 : b.mods.takeAny({"sc", "acq_rel", "acquire", "release"});
  static const uint8_t orderings[] = {kAcquire | kRelease | kSequential, kAcquire | kRelease, kAcquire, kRelease};
  b.op.ordering = orderings[kind < 0 ? 1 : kind];
  const int scope = b.mods.takeAny({"cta", "cluster", "gpu", "sys", "gl"});
  if (scope < 0) b.mods.unknown();
  if (scope <= 1) b.op.ordering |= kBlockScope;
  b.mods.take("sync_restrict::shared::cta");
  b.mods.finish();
  b.operands(0);
  b.op.run = runFence;
}

void barrier(Builder& b) {
  b.mods.ignore({"cta", "aligned"});
  b.op.cls = OpClass::Barrier;
  if (b.mods.take("warp")) {
    if (!b.mods.take("sync")) b.mods.unknown();
    b.mods.finish();
    b.operands(1);
    b.op.r[0] = b.source(0, 4);
    b.op.run = runWarpBarrier;
    return;
  }
  const int kind = b.mods.takeAny({"sync", "arrive", "red"});
  if (kind < 0) b.mods.unknown();
  b.op.bytes = kind == 1; // arrives, and does not wait
  b.op.r[1] = b.op.r[2] = kNone;
  b.op.run = runBarrier;
  size_t first = 0, last = b.in.operands.size();
  if (kind == 2) {
    const int operation = b.mods.takeAny({"popc", "and", "or"});
    b.mods.takeType();
    b.mods.finish();
    b.operands(3, 4);
    b.op.mode = static_cast<uint8_t>(operation + 1);
    b.op.r[0] = operation == 0 ? b.result(0, 4) : b.predicateResult(b.in.operands[0].name);
    bool negated = false;
    b.op.r[3] = b.predicate(last - 1, &negated);
    b.op.count = negated;
    first = 1;
    --last;
  } else {
    b.mods.finish();
    b.operands(1, 2);
  }
  b.op.r[1] = b.source(first, 4);
  if (first + 1 < last) b.op.r[2] = b.source(first + 1, 4);
}

void nothing(Builder& b) {
  b.mods.takeTypeOr(Type::None);
  b.mods.finish();
  b.op.run = runNothing;
  b.op.cls = OpClass::Control;
}

void sleep(Builder& b) {
  b.mods.takeType();
  b.mods.finish();
  b.operands(1);
  b.source(0, 4);
  b.op.run = runNothing;
  b.op.cls = OpClass::Control;
  b.op.yield = Yield::Always;
}

void gridDependency(Builder& b) {
  b.mods.ignore({"launch_dependents", "wait"});
  b.mods.finish();
  b.op.run = runNothing; // launches do not overlap here
  b.op.cls = OpClass::Control;
}

} // namespace

void addControl(FamilyTable& t) {
  t["bra"] = branch;
  t["brx"] = branchIndexed;
  t["ret"] = end<runExit>;
  t["exit"] = end<runExit>;
  t["trap"] = end<runTrap>;
  t["brkpt"] = end<runTrap>;
  t["membar"] = fence;
  t["fence"] = fence;
  t["bar"] = barrier;
  t["barrier"] = barrier;
  t["nanosleep"] = sleep;
  t["pmevent"] = nothing;
  t["griddepcontrol"] = gridDependency;
}

} // namespace cudasim

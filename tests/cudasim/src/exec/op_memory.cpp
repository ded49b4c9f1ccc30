// SPDX-License-Identifier: Apache-2.0
// ld, ldu, st, prefetch and cp.async (PTX ISA, "Data Movement and Conversion Instructions").
#include "access.h"
#include "lanes.h"

namespace cudasim {

using ptx::Operand;
using ptx::Type;

namespace {

bool judged(const Warp& w, const Op& op) {
  return w.block->launch.judge && (op.space == MemorySpace::Shared || op.space == MemorySpace::Generic);
}

// op.r[0..count-1]: registers; op.r[9]: address.
template <class T>
void runLoad(Warp& w, const Op& op) {
  Access a;
  resolveAccess(w, op, 9, AccessKind::Read, a);
  if (judged(w, op)) judgeSharedReads(w, op, a);
  if (judgesGlobal(w, op)) judgeGlobalReads(w, op, 9, a);
  for (int k = 0; k < op.count; ++k) {
    T* d = w.lanes<T>(op.r[k]);
    if (w.mask == kAllLanes) {
      for (int i = 0; i < kLanes; ++i) {
        std::memcpy(&d[i], a.host[i] + static_cast<size_t>(k) * sizeof(T), sizeof(T));
      }
    } else {
      for (int i = 0; i < kLanes; ++i) {
        if ((w.mask >> i) & 1) {
          std::memcpy(&d[i], a.host[i] + static_cast<size_t>(k) * sizeof(T), sizeof(T));
        }
      }
    }
  }
}

template <class T>
void runStore(Warp& w, const Op& op) {
  Access a;
  resolveAccess(w, op, 9, AccessKind::Write, a);
  const bool judge = judged(w, op), judgeOrder = judgesGlobal(w, op);
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) continue;
    T values[8];
    for (int k = 0; k < op.count; ++k) values[k] = w.lanes<T>(op.r[k])[i];
    if (judge && isShared(*w.block, a.host[i])) {
      judgeShared(w, op, i, AccessKind::Write, a.host[i], reinterpret_cast<const std::byte*>(values));
    }
    if (judgeOrder) {
      judgeGlobal(w, op, i, AccessKind::Write, a.host[i], reinterpret_cast<const std::byte*>(values));
    }
    std::memcpy(a.host[i], values, static_cast<size_t>(op.count) * sizeof(T));
  }
}

Handler loadHandler(int bytes) {
  switch (bytes) {
    case 1: return runLoad<uint8_t>;
    case 2: return runLoad<uint16_t>;
    case 4: return runLoad<uint32_t>;
    case 8: return runLoad<uint64_t>;
    default: return nullptr;
  }
}
Handler storeHandler(int bytes) {
  switch (bytes) {
    case 1: return runStore<uint8_t>;
    case 2: return runStore<uint16_t>;
    case 4: return runStore<uint32_t>;
    case 8: return runStore<uint64_t>;
    default: return nullptr;
  }
}

} // namespace

MemorySpace takeMemorySpace(Modifiers& mods) {
  if (mods.take("global") || mods.take("const")) return MemorySpace::Global;
  if (mods.take("shared") || mods.take("shared::cta")) return MemorySpace::Shared;
  if (mods.take("local")) return MemorySpace::Local;
  if (mods.take("param") || mods.take("param::entry") || mods.take("param::func")) {
    return MemorySpace::Param;
  }
  return MemorySpace::Generic;
}

uint8_t takeOrdering(Modifiers& mods) {
  unsigned ordering = 0;
  mods.take("weak");
  mods.take("mmio"); // says .relaxed, too
  // PTX ISA, "Volatile Operation": relaxed at system scope.
  if (mods.take("volatile") || mods.take("relaxed")) ordering |= kStrong;
  if (mods.take("acquire")) ordering |= kStrong | kAcquire;
  if (mods.take("release")) ordering |= kStrong | kRelease;
  if (mods.take("acq_rel")) ordering |= kStrong | kAcquire | kRelease;
  const int scope = mods.takeAny({"cta", "cluster", "gpu", "sys"});
  if (scope == 0 || scope == 1) ordering |= kBlockScope;
  return static_cast<uint8_t>(ordering);
}

namespace {

void takeHints(Modifiers& mods) {
  mods.ignore({"ca", "cg", "cs", "lu", "cv", "wb", "wt", "L1::evict_normal", "L1::evict_unchanged", "L1::evict_first",
               "L1::evict_last", "L1::no_allocate", "L2::64B", "L2::128B", "L2::256B", "unified"});
}

int takeVector(Modifiers& mods) {
  const int v = mods.takeAny({"v2", "v4", "v8"});
  return v < 0 ? 1 : 2 << v;
}

OpClass classOf(MemorySpace space, bool load) {
  switch (space) {
    case MemorySpace::Shared: return load ? OpClass::LoadShared : OpClass::StoreShared;
    case MemorySpace::Local: return load ? OpClass::LoadLocal : OpClass::StoreLocal;
    case MemorySpace::Param: return OpClass::LoadParam;
    default: return load ? OpClass::LoadGlobal : OpClass::StoreGlobal;
  }
}

void access(Builder& b, bool load) {
  b.op.space = takeMemorySpace(b.mods);
  b.op.ordering = takeOrdering(b.mods);
  // "ld.relaxed, ld.acquire; st.relaxed, st.release": the other two, and a store through .nc, have no meaning.
  if (b.op.ordering & (load ? kRelease : kAcquire)) b.mods.unknown();
  if (load && b.mods.take("nc")) b.op.ordering |= kNonCoherent;
  takeHints(b.mods);
  const int count = takeVector(b.mods);
  const Type type = b.mods.takeType();
  b.mods.finish();
  b.operands(2);
  const Operand& address = b.in.operands[load ? 1 : 0];
  const Operand& data = b.in.operands[load ? 0 : 1];
  if (b.op.space == MemorySpace::Param && b.isLocalParameter(address)) {
    b.op.space = MemorySpace::Local; // of a call that was inlined
  }
  b.op.bytes = static_cast<uint8_t>(ptx::sizeOf(type));
  b.op.count = static_cast<uint8_t>(count);
  b.address(address, 9);
  if (b.op.space == MemorySpace::Generic && address.symbolBase) {
    b.fail("'" + b.in.opcode() + "' of a variable without its state space");
  }
  if ((count > 1) != (data.kind == Operand::Kind::Vector) ||
      (count > 1 && data.elements.size() != static_cast<size_t>(count))) {
    b.fail("'" + b.in.opcode() + "' with the wrong vector");
  }
  for (int k = 0; k < count; ++k) {
    const Operand& element = count > 1 ? data.elements[static_cast<size_t>(k)] : data;
    b.op.r[k] = load ? b.result(element, b.op.bytes, true, ptx::isSigned(type)) : b.source(element, b.op.bytes, true);
  }
  b.op.run = load ? loadHandler(b.op.bytes) : storeHandler(b.op.bytes);
  b.op.cls = classOf(b.op.space, load);
  if (b.op.space == MemorySpace::Global || b.op.space == MemorySpace::Generic) {
    b.op.yield = b.op.ordering & kStrong ? Yield::Always : Yield::Sometimes;
  }
}

void load(Builder& b) { access(b, true); }
void store(Builder& b) { access(b, false); }

void runNothing(Warp&, const Op&) {}

void prefetch(Builder& b) {
  b.mods.ignore({"global", "local", "L1", "L2", "L2::evict_last", "L2::evict_normal", "tensormap"});
  b.mods.finish();
  b.op.run = runNothing;
  b.op.cls = OpClass::Control;
}

// cp.async copies at once: a kernel that forgets the wait is not caught.
void runCopyAsync(Warp& w, const Op& op) {
  Op source = op;
  source.space = MemorySpace::Global;
  source.address32 = false;
  source.imm = static_cast<int64_t>(op.target) << 32 >> 32;
  Access from, to;
  resolveAccess(w, source, 8, AccessKind::Read, from);
  if (judgesGlobal(w, source)) judgeGlobalReads(w, source, 8, from);
  resolveAccess(w, op, 9, AccessKind::Write, to);
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) continue;
    if (w.block->launch.judge) judgeShared(w, op, i, AccessKind::Write, to.host[i], from.host[i]);
    std::memcpy(to.host[i], from.host[i], op.bytes);
  }
}

void copyAsync(Builder& b) {
  if (!b.mods.take("async")) b.mods.unknown();
  b.op.cls = OpClass::LoadGlobal;
  if (b.mods.take("commit_group") || b.mods.take("wait_group") || b.mods.take("wait_all")) {
    b.mods.finish();
    b.op.run = runNothing;
    b.op.cls = OpClass::Barrier;
    return;
  }
  takeHints(b.mods);
  if (!(b.mods.take("shared") || b.mods.take("shared::cta")) || !b.mods.take("global")) b.mods.unknown();
  b.mods.finish();
  b.operands(3); // the form with a source size is not emulated
  b.op.bytes = static_cast<uint8_t>(b.in.operands[2].bits);
  b.op.count = 1;
  b.op.space = MemorySpace::Shared;
  b.address(b.in.operands[1], 8);
  b.op.target = static_cast<uint32_t>(b.op.imm);
  if (b.op.address32) b.fail("cp.async from a 32-bit global address");
  b.address(b.in.operands[0], 9); // shared addresses are often 32-bit registers
  b.op.run = runCopyAsync;
}

} // namespace

void addMemory(FamilyTable& t) {
  t["ld"] = load;
  t["ldu"] = load;
  t["st"] = store;
  t["prefetch"] = prefetch;
  t["prefetchu"] = prefetch;
  t["cp"] = copyAsync;
}

} // namespace cudasim

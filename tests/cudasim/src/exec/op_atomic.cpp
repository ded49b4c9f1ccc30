// SPDX-License-Identifier: Apache-2.0
// atom and red (PTX ISA, "Parallel Synchronization and Communication Instructions"), lane after
// lane. A kernel that uses them on global memory runs its blocks in order or by turns, on one thread.
#include "access.h"
#include "lanes.h"

namespace cudasim {

MemorySpace takeMemorySpace(Modifiers& mods);
uint8_t takeOrdering(Modifiers& mods);

using ptx::Type;

namespace {

enum Operation : uint8_t { kAdd, kMin, kMax, kAnd, kOr, kXor, kInc, kDec, kExch, kCas };

template <class T>
T apply(uint8_t operation, T old, T b, T c) {
  switch (operation) {
    case kAdd: return static_cast<T>(old + b);
    case kMin: return b < old ? b : old;
    case kMax: return b > old ? b : old;
    case kInc: return old >= b ? T{0} : static_cast<T>(old + 1);
    case kDec: return old == 0 || old > b ? b : static_cast<T>(old - 1);
    case kExch: return b;
    case kCas: return old == b ? c : old;
    default: break;
  }
  if constexpr (std::is_integral_v<T>) {
    return operation == kAnd  ? static_cast<T>(old & b)
           : operation == kOr ? static_cast<T>(old | b)
                              : static_cast<T>(old ^ b);
  }
  return old;
}

// "Current implementation of atom.add.f32 on global memory flushes subnormal inputs and results to
// sign-preserving zero; whereas atom.add.f32 on shared memory [...] doesn't".
template <class T>
T addFlushed(T a, T b) {
  if constexpr (std::is_same_v<T, float>) return flush(flush(a) + flush(b));
  return a + b;
}

// op.r[0] result (or kNone), r[1] b, r[2] c, r[9] address.
template <class T>
void runAtomic(Warp& w, const Op& op) {
  Access a;
  resolveAccess(w, op, 9, AccessKind::Atomic, a);
  const T* b = w.lanes<T>(op.r[1]);
  const T* c = w.lanes<T>(op.r[2]);
  T* d = op.r[0] == kNone ? nullptr : w.lanes<T>(op.r[0]);
  const bool judgeOrder = judgesGlobal(w, op);
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) continue;
    if (w.block->launch.judge && isShared(*w.block, a.host[i])) {
      judgeShared(w, op, i, AccessKind::Atomic, a.host[i], nullptr);
    }
    if (judgeOrder) judgeGlobal(w, op, i, AccessKind::Atomic, a.host[i], nullptr);
    T old;
    std::memcpy(&old, a.host[i], sizeof old);
    const T next = std::is_same_v<T, float> && op.mode == kAdd && !isShared(*w.block, a.host[i])
                       ? addFlushed(old, b[i])
                       : apply<T>(op.mode, old, b[i], c[i]);
    std::memcpy(a.host[i], &next, sizeof next);
    if (d != nullptr) d[i] = old;
  }
}

Handler handlerOf(Type type) {
  switch (type) {
    case Type::U32:
    case Type::B32: return runAtomic<uint32_t>;
    case Type::S32: return runAtomic<int32_t>;
    case Type::U64:
    case Type::B64: return runAtomic<uint64_t>;
    case Type::S64: return runAtomic<int64_t>;
    case Type::F32: return runAtomic<float>;
    case Type::F64: return runAtomic<double>;
    case Type::B16: return runAtomic<uint16_t>;
    default: return nullptr;
  }
}

void atomic(Builder& b, bool hasResult) {
  b.op.space = takeMemorySpace(b.mods);
  // Without .sem it is relaxed, without .scope of the device.
  b.op.ordering = takeOrdering(b.mods) | kStrong;
  if (!hasResult) b.op.ordering |= kReduction;
  if (!hasResult && (b.op.ordering & kAcquire)) b.mods.unknown(); // "red{.sem}": ".sem = { .relaxed, .release }"
  const int operation = b.mods.takeAny({"add", "min", "max", "and", "or", "xor", "inc", "dec", "exch", "cas"});
  const Type type = b.mods.takeType();
  const bool isFloat = ptx::isFloat(type);
  b.mods.finish();
  const size_t first = hasResult ? 1 : 0;
  b.operands(first + (operation == kCas ? 3 : 2));
  if (operation < 0 || (isFloat && operation != kAdd && operation != kExch)) b.mods.unknown();
  const int bytes = ptx::sizeOf(type);
  b.op.mode = static_cast<uint8_t>(operation);
  b.op.bytes = static_cast<uint8_t>(bytes);
  b.op.count = 1;
  b.address(b.in.operands[first], 9);
  b.op.r[1] = b.source(first + 1, bytes);
  b.op.r[2] = operation == kCas ? b.source(first + 2, bytes) : b.op.r[1];
  b.op.r[0] = hasResult ? b.result(0, bytes) : kNone;
  b.op.run = handlerOf(type);
  b.op.cls = OpClass::Atomic;
  if (b.op.space != MemorySpace::Shared) {
    b.markOrdered();
    b.op.yield = Yield::Always;
  }
}

} // namespace

void addAtomic(FamilyTable& t) {
  t["atom"] = [](Builder& b) { atomic(b, true); };
  t["red"] = [](Builder& b) { atomic(b, false); };
}

} // namespace cudasim

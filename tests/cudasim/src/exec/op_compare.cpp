// SPDX-License-Identifier: Apache-2.0
// setp, set, selp, slct (PTX ISA, "Comparison and Selection Instructions").
#include "lanes.h"

namespace cudasim {

using ptx::Type;

namespace {

enum Compare : uint8_t {
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kLo,
  kLs,
  kHi,
  kHs,
  kEqu,
  kNeu,
  kLtu,
  kLeu,
  kGtu,
  kGeu,
  kNum,
  kNan,
};

template <uint8_t c, bool ftz, class T>
bool holds(T a, T b) {
  if constexpr (std::is_same_v<T, float> && ftz) {
    a = flush(a);
    b = flush(b);
  }
  [[maybe_unused]] const bool unordered = a != a || b != b;
  switch (c) {
    case kEq: return a == b;
    case kNe: return !unordered && a != b; // ordered for floats, plain for integers
    case kLt:
    case kLo: return a < b;
    case kLe:
    case kLs: return a <= b;
    case kGt:
    case kHi: return a > b;
    case kGe:
    case kHs: return a >= b;
    case kEqu: return unordered || a == b;
    case kNeu: return a != b;
    case kLtu: return unordered || a < b;
    case kLeu: return unordered || a <= b;
    case kGtu: return unordered || a > b;
    case kGeu: return unordered || a >= b;
    case kNum: return !unordered;
    default: return unordered;
  }
}

// mode: 0 none, 1 and, 2 or, 3 xor; bit 2: the combined predicate is negated.
void combine(Warp& w, const Op& op, uint32_t compared) {
  uint32_t p = compared, q = ~compared;
  if (op.mode != 0) {
    const uint32_t c = w.predicates[op.r[4]] ^ ((op.mode & 4) ? kAllLanes : 0);
    switch (op.mode & 3) {
      case 1:
        p &= c;
        q &= c;
        break;
      case 2:
        p |= c;
        q |= c;
        break;
      default:
        p ^= c;
        q ^= c;
        break;
    }
  }
  setPredicate(w, op.r[0], p);
  if (op.r[1] != kNone) {
    setPredicate(w, op.r[1], q);
  }
}

template <uint8_t c, bool ftz, class T>
uint32_t compareLanes(const Warp& w, const Op& op) {
  const T* a = w.lanes<T>(op.r[2]);
  const T* b = w.lanes<T>(op.r[3]);
  return maskOf([&](int i) { return holds<c, ftz, T>(a[i], b[i]); });
}

template <uint8_t c, bool ftz, class T>
void runSetp(Warp& w, const Op& op) {
  combine(w, op, compareLanes<c, ftz, T>(w, op));
}

// set writes all ones (or 1.0) to a register.
template <uint8_t c, bool ftz, class T>
void runSet(Warp& w, const Op& op) {
  uint32_t holdsMask = compareLanes<c, ftz, T>(w, op);
  if (op.mode != 0) {
    const uint32_t other = w.predicates[op.r[4]] ^ ((op.mode & 4) ? kAllLanes : 0);
    holdsMask = (op.mode & 3) == 1 ? holdsMask & other : (op.mode & 3) == 2 ? holdsMask | other : holdsMask ^ other;
  }
  uint32_t* d = w.lanes<uint32_t>(op.r[0]);
  const uint32_t yes = op.bytes != 0 ? 0x3f800000u : kAllLanes;
  for (int i = 0; i < kLanes; ++i) {
    if ((w.mask >> i) & 1) d[i] = (holdsMask >> i) & 1 ? yes : 0;
  }
}

template <class T, bool ftz, bool toRegister>
Handler handlerFor(int c) {
#define CASE(k) \
  case k: return toRegister ? runSet<k, ftz, T> : runSetp<k, ftz, T>;
  switch (c) {
    CASE(kEq) CASE(kNe) CASE(kLt) CASE(kLe) CASE(kGt) CASE(kGe) CASE(kLo) CASE(kLs) CASE(kHi) CASE(kHs) default : break;
  }
  if constexpr (std::is_floating_point_v<T>) {
    switch (c) {
      CASE(kEqu) CASE(kNeu) CASE(kLtu) CASE(kLeu) CASE(kGtu) CASE(kGeu) CASE(kNum) CASE(kNan) default : break;
    }
  }
#undef CASE
  return nullptr;
}

template <bool toRegister>
Handler handlerOf(Type type, int c, bool ftz) {
  switch (type) {
    case Type::U16:
    case Type::B16: return handlerFor<uint16_t, false, toRegister>(c);
    case Type::S16: return handlerFor<int16_t, false, toRegister>(c);
    case Type::U32:
    case Type::B32: return handlerFor<uint32_t, false, toRegister>(c);
    case Type::S32: return handlerFor<int32_t, false, toRegister>(c);
    case Type::U64:
    case Type::B64: return handlerFor<uint64_t, false, toRegister>(c);
    case Type::S64: return handlerFor<int64_t, false, toRegister>(c);
    case Type::F64: return handlerFor<double, false, toRegister>(c);
    case Type::F32: return ftz ? handlerFor<float, true, toRegister>(c) : handlerFor<float, false, toRegister>(c);
    default: return nullptr;
  }
}

struct WidenF16 {
  float operator()(uint16_t v) const { return fromF16(v); }
};
struct WidenBf16 {
  float operator()(uint16_t v) const { return fromBf16(v); }
};

// 16-bit floats are compared as floats: every value of theirs is one.
uint32_t widened(Builder& b, uint32_t slot, Type type) {
  Op helper;
  helper.run = type == Type::F16 ? runLanewise<WidenF16, float, uint16_t> : runLanewise<WidenBf16, float, uint16_t>;
  helper.r[0] = b.temporary(4);
  helper.r[1] = slot;
  b.before(helper);
  return helper.r[0];
}

template <bool toRegister>
void compare(Builder& b) {
  const int c = b.mods.takeAny({"eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu",
                                "gtu", "geu", "num", "nan"});
  const int combination = b.mods.takeAny({"and", "or", "xor"});
  const bool ftz = b.mods.take("ftz");
  const Type result = toRegister ? b.mods.takeType() : Type::None;
  Type type = b.mods.takeType();
  if (ftz && type != Type::F32) b.mods.unknown(); // of f16 it would flush the subnormals of f16
  b.mods.finish();
  b.operands(combination < 0 ? 3 : 4);
  const int bytes = ptx::sizeOf(type);
  b.op.r[2] = b.source(1, bytes);
  b.op.r[3] = b.source(2, bytes);
  if (type == Type::F16 || type == Type::BF16) {
    b.op.r[2] = widened(b, b.op.r[2], type);
    b.op.r[3] = widened(b, b.op.r[3], type);
    type = Type::F32;
  }
  if (combination >= 0) {
    bool negated = false;
    b.op.r[4] = b.predicate(3, &negated);
    b.op.mode = static_cast<uint8_t>((combination + 1) | (negated ? 4 : 0));
  }
  const ptx::Operand& d = b.in.operands[0];
  if (toRegister) {
    if (ptx::sizeOf(result) != 4) b.mods.unknown();
    b.op.r[0] = b.result(0, 4);
    b.op.bytes = result == Type::F32;
  } else {
    b.op.r[0] = b.predicateResult(d.kind == ptx::Operand::Kind::Sink ? "_" : d.name);
    b.op.r[1] = d.second.empty() ? kNone : b.predicateResult(d.second);
  }
  b.op.run = c < 0 ? nullptr : handlerOf<toRegister>(type, c, ftz);
  b.op.cls = OpClass::Compare;
}

template <class T>
void runSelp(Warp& w, const Op& op) {
  const uint32_t p = w.predicates[op.r[3]] ^ (op.mode ? kAllLanes : 0);
  T* d = w.lanes<T>(op.r[0]);
  const T* a = w.lanes<T>(op.r[1]);
  const T* b = w.lanes<T>(op.r[2]);
  const uint32_t m = w.mask;
#pragma GCC ivdep
  for (int i = 0; i < kLanes; ++i) {
    const T v = (p >> i) & 1 ? a[i] : b[i];
    d[i] = (m >> i) & 1 ? v : d[i];
  }
}

void selp(Builder& b) {
  const int bytes = ptx::sizeOf(b.mods.takeType());
  b.mods.finish();
  b.operands(4);
  bool negated = false;
  b.op.r[1] = b.source(1, bytes);
  b.op.r[2] = b.source(2, bytes);
  b.op.r[3] = b.predicate(3, &negated);
  b.op.r[0] = b.result(0, bytes);
  b.op.mode = negated;
  b.op.run = bytes == 2 ? runSelp<uint16_t> : bytes == 4 ? runSelp<uint32_t> : bytes == 8 ? runSelp<uint64_t> : nullptr;
  b.op.cls = OpClass::Compare;
}

// slct d, a, b, c: a where c >= 0. With .ftz, a subnormal c is a zero of its sign, and both are >= 0.
template <class T, class C>
struct Slct {
  T operator()(T a, T b, C c) const { return c >= 0 ? a : b; }
};
template <class T>
struct SlctFtz {
  T operator()(T a, T b, float c) const { return flush(c) >= 0 ? a : b; }
};

void slct(Builder& b) {
  const bool ftz = b.mods.take("ftz");
  const int bytes = ptx::sizeOf(b.mods.takeType());
  const Type condition = b.mods.takeType();
  const OpClass c = OpClass::Compare;
  if (ftz && condition == Type::F32) {
    if (bytes == 4) return b.lanewise<SlctFtz<uint32_t>, uint32_t, uint32_t, uint32_t, float>(c);
    if (bytes == 8) return b.lanewise<SlctFtz<uint64_t>, uint64_t, uint64_t, uint64_t, float>(c);
  }
  if (ftz) b.mods.unknown();
  if (condition == Type::S32) {
    if (bytes == 2) return b.lanewise<Slct<uint16_t, int32_t>, uint16_t, uint16_t, uint16_t, int32_t>(c);
    if (bytes == 4) return b.lanewise<Slct<uint32_t, int32_t>, uint32_t, uint32_t, uint32_t, int32_t>(c);
    return b.lanewise<Slct<uint64_t, int32_t>, uint64_t, uint64_t, uint64_t, int32_t>(c);
  }
  if (condition == Type::F32) {
    if (bytes == 4) return b.lanewise<Slct<uint32_t, float>, uint32_t, uint32_t, uint32_t, float>(c);
    if (bytes == 8) return b.lanewise<Slct<uint64_t, float>, uint64_t, uint64_t, uint64_t, float>(c);
  }
  b.mods.unknown();
}

} // namespace

void addCompare(FamilyTable& t) {
  t["setp"] = compare<false>;
  t["set"] = compare<true>;
  t["selp"] = selp;
  t["slct"] = slct;
}

} // namespace cudasim

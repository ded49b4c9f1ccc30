// SPDX-License-Identifier: Apache-2.0
// Logic, shifts and bit fields (PTX ISA, "Logic and Shift Instructions" and the bit instructions
// of "Integer Arithmetic Instructions").
#include <algorithm>
#include <type_traits>

#include "lanes.h"

namespace cudasim {

using ptx::Type;

namespace {

struct And {
  template <class T>
  static T of(T a, T b) {
    return a & b;
  }
};
struct Or {
  template <class T>
  static T of(T a, T b) {
    return a | b;
  }
};
struct Xor {
  template <class T>
  static T of(T a, T b) {
    return a ^ b;
  }
};
template <class Base, class T>
struct Logic {
  T operator()(T a, T b) const { return static_cast<T>(Base::template of<T>(a, b)); }
};
template <class T>
struct Not {
  T operator()(T a) const { return static_cast<T>(~a); }
};
template <class T>
struct CNot {
  T operator()(T a) const { return a == 0; }
};

template <class Base>
void runPredicateLogic(Warp& w, const Op& op) {
  const uint32_t a = w.predicates[op.r[1]] ^ ((op.mode & 1) ? kAllLanes : 0);
  const uint32_t b = w.predicates[op.r[2]] ^ ((op.mode & 2) ? kAllLanes : 0);
  setPredicate(w, op.r[0], Base::of(a, b));
}

void runPredicateNot(Warp& w, const Op& op) {
  setPredicate(w, op.r[0], ~w.predicates[op.r[1]] ^ ((op.mode & 1) ? kAllLanes : 0));
}

template <class Base>
void logic(Builder& b) {
  const Type type = b.mods.takeType();
  switch (type) {
    case Type::B16: return b.lanewise<Logic<Base, uint16_t>, uint16_t, uint16_t, uint16_t>(OpClass::Logic);
    case Type::B32: return b.lanewise<Logic<Base, uint32_t>, uint32_t, uint32_t, uint32_t>(OpClass::Logic);
    case Type::B64: return b.lanewise<Logic<Base, uint64_t>, uint64_t, uint64_t, uint64_t>(OpClass::Logic);
    case Type::Pred: break;
    default: b.mods.unknown();
  }
  b.mods.finish();
  b.operands(3);
  bool first = false, second = false;
  b.op.r[1] = b.predicate(1, &first);
  b.op.r[2] = b.predicate(2, &second);
  b.op.r[0] = b.predicateResult(b.in.operands[0].name);
  b.op.mode = static_cast<uint8_t>((first ? 1 : 0) | (second ? 2 : 0));
  b.op.run = runPredicateLogic<Base>;
  b.op.cls = OpClass::Logic;
}

void logicalNot(Builder& b) {
  const Type type = b.mods.takeType();
  switch (type) {
    case Type::B16: return b.lanewise<Not<uint16_t>, uint16_t, uint16_t>(OpClass::Logic);
    case Type::B32: return b.lanewise<Not<uint32_t>, uint32_t, uint32_t>(OpClass::Logic);
    case Type::B64: return b.lanewise<Not<uint64_t>, uint64_t, uint64_t>(OpClass::Logic);
    case Type::Pred: break;
    default: b.mods.unknown();
  }
  b.mods.finish();
  b.operands(2);
  bool negated = false;
  b.op.r[1] = b.predicate(1, &negated);
  b.op.r[0] = b.predicateResult(b.in.operands[0].name);
  b.op.mode = negated;
  b.op.run = runPredicateNot;
  b.op.cls = OpClass::Logic;
}

void cnot(Builder& b) {
  switch (b.mods.takeType()) {
    case Type::B16: return b.lanewise<CNot<uint16_t>, uint16_t, uint16_t>(OpClass::Logic);
    case Type::B32: return b.lanewise<CNot<uint32_t>, uint32_t, uint32_t>(OpClass::Logic);
    case Type::B64: return b.lanewise<CNot<uint64_t>, uint64_t, uint64_t>(OpClass::Logic);
    default: b.mods.unknown();
  }
}

void runLop3(Warp& w, const Op& op) {
  const uint32_t table = static_cast<uint32_t>(op.imm);
  eachLane(
      w,
      [table](uint32_t a, uint32_t b, uint32_t c) {
        uint32_t v = 0;
        for (uint32_t k = 0; k < 8; ++k) {
          const uint32_t term = ((k & 4) ? a : ~a) & ((k & 2) ? b : ~b) & ((k & 1) ? c : ~c);
          v |= (table >> k) & 1 ? term : 0;
        }
        return v;
      },
      w.lanes<uint32_t>(op.r[0]), w.lanes<uint32_t>(op.r[1]), w.lanes<uint32_t>(op.r[2]), w.lanes<uint32_t>(op.r[3]));
}

void lop3(Builder& b) {
  if (b.mods.takeType() != Type::B32) b.mods.unknown();
  b.mods.finish();
  b.operands(5);
  for (size_t i = 1; i < 4; ++i) b.op.r[i] = b.source(i, 4);
  b.op.r[0] = b.result(0, 4);
  b.op.imm = static_cast<int64_t>(b.in.operands[4].bits);
  b.op.run = runLop3;
  b.op.cls = OpClass::Logic;
}

// Shift amounts above the width are clamped to it.
template <class T>
struct Shl {
  T operator()(T a, uint32_t n) const { return n >= 8 * sizeof(T) ? 0 : static_cast<T>(a << n); }
};
template <class T>
struct Shr {
  T operator()(T a, uint32_t n) const {
    const uint32_t top = 8 * sizeof(T) - 1;
    if (std::is_signed_v<T>) return static_cast<T>(a >> (n > top ? top : n));
    return n > top ? 0 : static_cast<T>(a >> n);
  }
};

template <template <class> class F>
void shift(Builder& b) {
  switch (b.mods.takeType()) {
    case Type::B16:
    case Type::U16: return b.lanewise<F<uint16_t>, uint16_t, uint16_t, uint32_t>(OpClass::Logic);
    case Type::S16: return b.lanewise<F<int16_t>, int16_t, int16_t, uint32_t>(OpClass::Logic);
    case Type::B32:
    case Type::U32: return b.lanewise<F<uint32_t>, uint32_t, uint32_t, uint32_t>(OpClass::Logic);
    case Type::S32: return b.lanewise<F<int32_t>, int32_t, int32_t, uint32_t>(OpClass::Logic);
    case Type::B64:
    case Type::U64: return b.lanewise<F<uint64_t>, uint64_t, uint64_t, uint32_t>(OpClass::Logic);
    case Type::S64: return b.lanewise<F<int64_t>, int64_t, int64_t, uint32_t>(OpClass::Logic);
    default: b.mods.unknown();
  }
}

// shf: shifts the 64-bit value {b, a} and keeps the high (left) or low (right) word.
template <bool left, bool wrap>
struct Funnel {
  uint32_t operator()(uint32_t a, uint32_t b, uint32_t c) const {
    const uint32_t n = wrap ? c & 31 : std::min(c, 32u);
    const uint64_t v = static_cast<uint64_t>(b) << 32 | a;
    return static_cast<uint32_t>(left ? (v << n) >> 32 : v >> n);
  }
};

void funnel(Builder& b) {
  const int side = b.mods.takeAny({"l", "r"});
  const int mode = b.mods.takeAny({"wrap", "clamp"});
  if (side < 0 || mode < 0 || b.mods.takeType() != Type::B32) b.mods.unknown();
  const OpClass c = OpClass::Logic;
  if (side == 0 && mode == 0) return b.lanewise<Funnel<true, true>, uint32_t, uint32_t, uint32_t, uint32_t>(c);
  if (side == 0) return b.lanewise<Funnel<true, false>, uint32_t, uint32_t, uint32_t, uint32_t>(c);
  if (mode == 0) return b.lanewise<Funnel<false, true>, uint32_t, uint32_t, uint32_t, uint32_t>(c);
  b.lanewise<Funnel<false, false>, uint32_t, uint32_t, uint32_t, uint32_t>(c);
}

template <class T>
struct Popc {
  uint32_t operator()(T a) const { return static_cast<uint32_t>(__builtin_popcountll(a)); }
};
template <class T>
struct Clz {
  uint32_t operator()(T a) const {
    return a == 0 ? 8 * sizeof(T) : static_cast<uint32_t>(__builtin_clzll(a)) - (64 - 8 * sizeof(T));
  }
};
template <class T>
struct Brev {
  T operator()(T a) const {
    T v = 0;
    for (size_t i = 0; i < 8 * sizeof(T); ++i) v |= ((a >> i) & 1) << (8 * sizeof(T) - 1 - i);
    return v;
  }
};
// bfind: index of the most significant bit that differs from the sign; -1 where there is none.
template <class T>
struct Bfind {
  uint32_t operator()(T a) const {
    using U = std::make_unsigned_t<T>;
    const U v = std::is_signed_v<T> && a < 0 ? static_cast<U>(~a) : static_cast<U>(a);
    return v == 0 ? ~0u : 8 * static_cast<uint32_t>(sizeof(T)) - 1 - Clz<U>{}(v);
  }
};
template <class T>
struct BfindShift {
  uint32_t operator()(T a) const {
    const uint32_t at = Bfind<T>{}(a);
    return at == ~0u ? at : 8 * static_cast<uint32_t>(sizeof(T)) - 1 - at;
  }
};

template <template <class> class F>
void count(Builder& b) {
  switch (b.mods.takeType()) {
    case Type::B32: return b.lanewise<F<uint32_t>, uint32_t, uint32_t>(OpClass::Integer);
    case Type::B64: return b.lanewise<F<uint64_t>, uint32_t, uint64_t>(OpClass::Integer);
    default: b.mods.unknown();
  }
}

void reverse(Builder& b) {
  switch (b.mods.takeType()) {
    case Type::B32: return b.lanewise<Brev<uint32_t>, uint32_t, uint32_t>(OpClass::Integer);
    case Type::B64: return b.lanewise<Brev<uint64_t>, uint64_t, uint64_t>(OpClass::Integer);
    default: b.mods.unknown();
  }
}

template <template <class> class F>
void findBit(Builder& b, Type type) {
  switch (type) {
    case Type::U32: return b.lanewise<F<uint32_t>, uint32_t, uint32_t>(OpClass::Integer);
    case Type::S32: return b.lanewise<F<int32_t>, uint32_t, int32_t>(OpClass::Integer);
    case Type::U64: return b.lanewise<F<uint64_t>, uint32_t, uint64_t>(OpClass::Integer);
    case Type::S64: return b.lanewise<F<int64_t>, uint32_t, int64_t>(OpClass::Integer);
    default: b.mods.unknown();
  }
}
void bfind(Builder& b) {
  const bool shiftAmount = b.mods.take("shiftamt");
  const Type type = b.mods.takeType();
  return shiftAmount ? findBit<BfindShift>(b, type) : findBit<Bfind>(b, type);
}

// bfe d, a, position, length; positions and lengths are taken modulo 256.
template <class T>
struct Bfe {
  T operator()(T a, uint32_t position, uint32_t length) const {
    const uint32_t top = 8 * sizeof(T) - 1, pos = position & 255, len = length & 255;
    using U = std::make_unsigned_t<T>;
    U v = 0;
    const bool sign = std::is_signed_v<T> && len != 0 && ((static_cast<U>(a) >> std::min(pos + len - 1, top)) & 1);
    for (uint32_t i = 0; i <= top; ++i) {
      const bool bit = i < len && pos + i <= top ? (static_cast<U>(a) >> (pos + i)) & 1 : sign;
      v |= static_cast<U>(bit) << i;
    }
    return static_cast<T>(v);
  }
};
template <class T>
struct Bfi {
  T operator()(T a, T b, uint32_t position, uint32_t length) const {
    const uint32_t top = 8 * sizeof(T) - 1, pos = position & 255, len = length & 255;
    T v = b;
    for (uint32_t i = 0; i < len && pos + i <= top; ++i) {
      const T bit = static_cast<T>(T{1} << (pos + i));
      v = (a >> i) & 1 ? v | bit : v & ~bit;
    }
    return v;
  }
};

void bfe(Builder& b) {
  switch (b.mods.takeType()) {
    case Type::U32: return b.lanewise<Bfe<uint32_t>, uint32_t, uint32_t, uint32_t, uint32_t>(OpClass::Integer);
    case Type::S32: return b.lanewise<Bfe<int32_t>, int32_t, int32_t, uint32_t, uint32_t>(OpClass::Integer);
    case Type::U64: return b.lanewise<Bfe<uint64_t>, uint64_t, uint64_t, uint32_t, uint32_t>(OpClass::Integer);
    case Type::S64: return b.lanewise<Bfe<int64_t>, int64_t, int64_t, uint32_t, uint32_t>(OpClass::Integer);
    default: b.mods.unknown();
  }
}
void bfi(Builder& b) {
  switch (b.mods.takeType()) {
    case Type::B32:
      return b.lanewise<Bfi<uint32_t>, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t>(OpClass::Integer);
    case Type::B64:
      return b.lanewise<Bfi<uint64_t>, uint64_t, uint64_t, uint64_t, uint32_t, uint32_t>(OpClass::Integer);
    default: b.mods.unknown();
  }
}

// bmsk: `length` ones from `position` on.
template <bool wrap>
struct Bmsk {
  uint32_t operator()(uint32_t position, uint32_t length) const {
    const uint32_t p = wrap ? position & 31 : std::min(position, 32u);
    const uint32_t n = wrap ? length & 31 : std::min(length, 32u);
    return static_cast<uint32_t>(((1ull << n) - 1) << p);
  }
};
void bmsk(Builder& b) {
  const int mode = b.mods.takeAny({"clamp", "wrap"});
  if (mode < 0 || b.mods.takeType() != Type::B32) b.mods.unknown();
  return mode == 1 ? b.lanewise<Bmsk<true>, uint32_t, uint32_t, uint32_t>(OpClass::Integer)
                   : b.lanewise<Bmsk<false>, uint32_t, uint32_t, uint32_t>(OpClass::Integer);
}

// prmt, default mode: each result byte is chosen by a nibble; its top bit replicates the sign.
struct Prmt {
  uint32_t operator()(uint32_t a, uint32_t b, uint32_t selector) const {
    const uint64_t bytes = static_cast<uint64_t>(b) << 32 | a;
    uint32_t v = 0;
    for (int i = 0; i < 4; ++i) {
      const uint32_t n = (selector >> (4 * i)) & 15;
      const uint32_t byte = static_cast<uint32_t>(bytes >> (8 * (n & 7))) & 255;
      v |= ((n & 8) ? ((byte & 128) ? 255u : 0u) : byte) << (8 * i);
    }
    return v;
  }
};
void prmt(Builder& b) {
  if (b.mods.takeType() != Type::B32) b.mods.unknown();
  b.lanewise<Prmt, uint32_t, uint32_t, uint32_t, uint32_t>(OpClass::Logic);
}

} // namespace

void addBits(FamilyTable& t) {
  t["and"] = logic<And>;
  t["or"] = logic<Or>;
  t["xor"] = logic<Xor>;
  t["not"] = logicalNot;
  t["cnot"] = cnot;
  t["lop3"] = lop3;
  t["shl"] = shift<Shl>;
  t["shr"] = shift<Shr>;
  t["shf"] = funnel;
  t["popc"] = count<Popc>;
  t["clz"] = count<Clz>;
  t["brev"] = reverse;
  t["bfind"] = bfind;
  t["bfe"] = bfe;
  t["bfi"] = bfi;
  t["bmsk"] = bmsk;
  t["prmt"] = prmt;
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// Integer arithmetic (PTX ISA, "Integer Arithmetic Instructions"). Everything wraps (-fwrapv).
#include <algorithm>
#include <limits>
#include <type_traits>

#include "lanes.h"

namespace cudasim {

using ptx::Type;

namespace {

template <class T>
using Wide =
    std::conditional_t<sizeof(T) == 2, std::conditional_t<std::is_signed_v<T>, int32_t, uint32_t>,
                       std::conditional_t<sizeof(T) == 4, std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>,
                                          std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>>>;

template <class T>
struct Add {
  T operator()(T a, T b) const { return static_cast<T>(a + b); }
};
template <class T>
struct Sub {
  T operator()(T a, T b) const { return static_cast<T>(a - b); }
};
template <class T>
struct AddSat {
  T operator()(T a, T b) const {
    const Wide<T> v = Wide<T>{a} + b;
    return static_cast<T>(std::clamp<Wide<T>>(v, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
};
template <class T>
struct SubSat {
  T operator()(T a, T b) const {
    const Wide<T> v = Wide<T>{a} - b;
    return static_cast<T>(std::clamp<Wide<T>>(v, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
};
template <class T>
struct MulLo {
  T operator()(T a, T b) const { return static_cast<T>(static_cast<Wide<T>>(a) * b); }
};
template <class T>
struct MulHi {
  T operator()(T a, T b) const { return static_cast<T>((static_cast<Wide<T>>(a) * b) >> (8 * sizeof(T))); }
};
template <class T>
struct MulWide {
  Wide<T> operator()(T a, T b) const { return static_cast<Wide<T>>(a) * b; }
};
template <class T>
struct MadLo {
  T operator()(T a, T b, T c) const { return static_cast<T>(MulLo<T>{}(a, b) + c); }
};
template <class T>
struct MadHi {
  T operator()(T a, T b, T c) const { return static_cast<T>(MulHi<T>{}(a, b) + c); }
};
template <class T>
struct MadWide {
  Wide<T> operator()(T a, T b, Wide<T> c) const { return MulWide<T>{}(a, b) + c; }
};
// Division by zero gives all ones, as on GPUs; PTX does not define it.
template <class T>
struct Div {
  T operator()(T a, T b) const {
    if (b == 0) return static_cast<T>(-1);
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return static_cast<T>(-a);
    return static_cast<T>(a / b);
  }
};
template <class T>
struct Rem {
  T operator()(T a, T b) const {
    if (b == 0) return a;
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return 0;
    return static_cast<T>(a % b);
  }
};
template <class T>
struct Min {
  T operator()(T a, T b) const { return a < b ? a : b; }
};
template <class T>
struct Max {
  T operator()(T a, T b) const { return a > b ? a : b; }
};
template <class T>
struct Abs {
  T operator()(T a) const { return a < 0 ? static_cast<T>(-a) : a; }
};
template <class T>
struct Neg {
  T operator()(T a) const { return static_cast<T>(-a); }
};
template <class T>
struct Sad {
  T operator()(T a, T b, T c) const { return static_cast<T>(c + (a > b ? a - b : b - a)); }
};
template <class T>
struct Mul24 {
  T operator()(T a, T b) const {
    const T x = std::is_signed_v<T> ? static_cast<T>(a << 8) >> 8 : a & 0xffffff;
    const T y = std::is_signed_v<T> ? static_cast<T>(b << 8) >> 8 : b & 0xffffff;
    return x * y;
  }
};
template <class T>
struct Mad24 {
  T operator()(T a, T b, T c) const { return Mul24<T>{}(a, b) + c; }
};

template <class A, class B>
struct Dp4a {
  int32_t operator()(uint32_t a, uint32_t b, int32_t c) const {
    for (int i = 0; i < 4; ++i) {
      c += static_cast<int32_t>(static_cast<A>(a >> (8 * i))) * static_cast<int32_t>(static_cast<B>(b >> (8 * i)));
    }
    return c;
  }
};

template <template <class> class F>
bool binary(Builder& b, Type type) {
  const OpClass c = OpClass::Integer;
  switch (type) {
    case Type::U16:
    case Type::B16: b.lanewise<F<uint16_t>, uint16_t, uint16_t, uint16_t>(c); return true;
    case Type::S16: b.lanewise<F<int16_t>, int16_t, int16_t, int16_t>(c); return true;
    case Type::U32:
    case Type::B32: b.lanewise<F<uint32_t>, uint32_t, uint32_t, uint32_t>(c); return true;
    case Type::S32: b.lanewise<F<int32_t>, int32_t, int32_t, int32_t>(c); return true;
    case Type::U64:
    case Type::B64: b.lanewise<F<uint64_t>, uint64_t, uint64_t, uint64_t>(c); return true;
    case Type::S64: b.lanewise<F<int64_t>, int64_t, int64_t, int64_t>(c); return true;
    default: return false;
  }
}
template <template <class> class F>
bool ternary(Builder& b, Type type) {
  const OpClass c = OpClass::Integer;
  switch (type) {
    case Type::U16: b.lanewise<F<uint16_t>, uint16_t, uint16_t, uint16_t, uint16_t>(c); return true;
    case Type::S16: b.lanewise<F<int16_t>, int16_t, int16_t, int16_t, int16_t>(c); return true;
    case Type::U32: b.lanewise<F<uint32_t>, uint32_t, uint32_t, uint32_t, uint32_t>(c); return true;
    case Type::S32: b.lanewise<F<int32_t>, int32_t, int32_t, int32_t, int32_t>(c); return true;
    case Type::U64: b.lanewise<F<uint64_t>, uint64_t, uint64_t, uint64_t, uint64_t>(c); return true;
    case Type::S64: b.lanewise<F<int64_t>, int64_t, int64_t, int64_t, int64_t>(c); return true;
    default: return false;
  }
}
template <template <class> class F>
bool unary(Builder& b, Type type) {
  const OpClass c = OpClass::Integer;
  switch (type) {
    case Type::S16: b.lanewise<F<int16_t>, int16_t, int16_t>(c); return true;
    case Type::S32: b.lanewise<F<int32_t>, int32_t, int32_t>(c); return true;
    case Type::S64: b.lanewise<F<int64_t>, int64_t, int64_t>(c); return true;
    default: return false;
  }
}

bool multiply(Builder& b, Type type) {
  if (b.mods.take("wide")) {
    const OpClass c = OpClass::Integer;
    switch (type) {
      case Type::U16: b.lanewise<MulWide<uint16_t>, uint32_t, uint16_t, uint16_t>(c); return true;
      case Type::S16: b.lanewise<MulWide<int16_t>, int32_t, int16_t, int16_t>(c); return true;
      case Type::U32: b.lanewise<MulWide<uint32_t>, uint64_t, uint32_t, uint32_t>(c); return true;
      case Type::S32: b.lanewise<MulWide<int32_t>, int64_t, int32_t, int32_t>(c); return true;
      default: b.mods.unknown();
    }
  }
  if (b.mods.take("hi")) return binary<MulHi>(b, type);
  return b.mods.take("lo") && binary<MulLo>(b, type);
}

bool multiplyAdd(Builder& b, Type type) {
  if (b.mods.take("wide")) {
    const OpClass c = OpClass::Integer;
    switch (type) {
      case Type::U16: b.lanewise<MadWide<uint16_t>, uint32_t, uint16_t, uint16_t, uint32_t>(c); return true;
      case Type::S16: b.lanewise<MadWide<int16_t>, int32_t, int16_t, int16_t, int32_t>(c); return true;
      case Type::U32: b.lanewise<MadWide<uint32_t>, uint64_t, uint32_t, uint32_t, uint64_t>(c); return true;
      case Type::S32: b.lanewise<MadWide<int32_t>, int64_t, int32_t, int32_t, int64_t>(c); return true;
      default: b.mods.unknown();
    }
  }
  if (b.mods.take("hi")) return ternary<MadHi>(b, type);
  return b.mods.take("lo") && ternary<MadLo>(b, type);
}

void dotProduct4(Builder& b) {
  const Type a = b.mods.takeType();
  const Type c = b.mods.takeTypeOr(a);
  const bool sa = a == Type::S32, sb = c == Type::S32;
  if (sa && sb) return b.lanewise<Dp4a<int8_t, int8_t>, int32_t, uint32_t, uint32_t, int32_t>(OpClass::Integer);
  if (sa) return b.lanewise<Dp4a<int8_t, uint8_t>, int32_t, uint32_t, uint32_t, int32_t>(OpClass::Integer);
  if (sb) return b.lanewise<Dp4a<uint8_t, int8_t>, int32_t, uint32_t, uint32_t, int32_t>(OpClass::Integer);
  b.lanewise<Dp4a<uint8_t, uint8_t>, int32_t, uint32_t, uint32_t, int32_t>(OpClass::Integer);
}

template <bool (*build)(Builder&, Type)>
void integerOnly(Builder& b) {
  if (!build(b, b.mods.takeType())) {
    b.mods.unknown();
  }
}

bool multiply24(Builder& b, Type type) {
  if (!b.mods.take("lo")) return false;
  if (type == Type::U32) {
    b.lanewise<Mul24<uint32_t>, uint32_t, uint32_t, uint32_t>(OpClass::Integer);
    return true;
  }
  if (type == Type::S32) {
    b.lanewise<Mul24<int32_t>, int32_t, int32_t, int32_t>(OpClass::Integer);
    return true;
  }
  return false;
}
bool multiplyAdd24(Builder& b, Type type) {
  if (!b.mods.take("lo")) return false;
  if (type == Type::U32) {
    b.lanewise<Mad24<uint32_t>, uint32_t, uint32_t, uint32_t, uint32_t>(OpClass::Integer);
    return true;
  }
  if (type == Type::S32) {
    b.lanewise<Mad24<int32_t>, int32_t, int32_t, int32_t, int32_t>(OpClass::Integer);
    return true;
  }
  return false;
}

} // namespace

void buildCarry(Builder& b, Type type);

// The integer part of an opcode that floats share; false where the type is not an integer.
bool buildInteger(Builder& b, Type type) {
  if (ptx::isFloat(type) || type == Type::Pred) {
    return false;
  }
  const std::string& name = b.in.parts[0];
  if (b.in.has("cc")) {
    buildCarry(b, type);
    return true;
  }
  bool built = false;
  if (name == "add" || name == "sub") {
    if (b.mods.take("sat")) {
      if (type != Type::S32) b.mods.unknown();
      built = name == "add" ? (b.lanewise<AddSat<int32_t>, int32_t, int32_t, int32_t>(OpClass::Integer), true)
                            : (b.lanewise<SubSat<int32_t>, int32_t, int32_t, int32_t>(OpClass::Integer), true);
    } else {
      built = name == "add" ? binary<Add>(b, type) : binary<Sub>(b, type);
    }
  } else if (name == "mul") {
    built = multiply(b, type);
  } else if (name == "mad") {
    built = multiplyAdd(b, type);
  } else if (name == "div") {
    built = binary<Div>(b, type);
  } else if (name == "min") {
    built = binary<Min>(b, type);
  } else if (name == "max") {
    built = binary<Max>(b, type);
  } else if (name == "abs") {
    built = unary<Abs>(b, type);
  } else if (name == "neg") {
    built = unary<Neg>(b, type);
  }
  if (!built) {
    b.mods.unknown();
  }
  return true;
}

void addInteger(FamilyTable& t) {
  t["rem"] = integerOnly<binary<Rem>>;
  t["sad"] = integerOnly<ternary<Sad>>;
  t["dp4a"] = dotProduct4;
  t["mul24"] = integerOnly<multiply24>;
  t["mad24"] = integerOnly<multiplyAdd24>;
}

} // namespace cudasim

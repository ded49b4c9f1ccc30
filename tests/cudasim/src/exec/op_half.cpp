// SPDX-License-Identifier: Apache-2.0
// f16, bf16 and their packed pairs: add, sub, mul, fma, min, max, abs, neg (PTX ISA, "Half
// Precision Floating Point Instructions"). Computed in double and rounded once.
#include "lanes.h"

namespace cudasim {

using ptx::Type;

namespace {

struct F16 {
  static double wide(uint16_t v) { return fromF16(v); }
  static uint16_t narrow(double v) { return toF16(v); }
};
struct Bf16 {
  static double wide(uint16_t v) { return fromBf16(v); }
  static uint16_t narrow(double v) { return toBf16(v); }
};

// a * b + c rounded to odd in double: the later rounding to 16 bits is then the only one seen.
inline double fmaToOdd(double a, double b, double c) {
  const double p = a * b; // exact: 22 bits at most
  const double s = p + c;
  if (!std::isfinite(s)) {
    return s;
  }
  const double t = s - p;
  const double error = (p - (s - t)) + (c - t); // TwoSum
  uint64_t bits = bitsAs<uint64_t>(s);
  if (error != 0 && (bits & 1) == 0) {
    bits += (error > 0) == (s > 0) ? 1 : -1; // towards the exact sum, whose last bit is odd
  }
  return bitsAs<double>(bits);
}

struct Add {
  static double of(double a, double b) { return a + b; }
};
struct Sub {
  static double of(double a, double b) { return a - b; }
};
struct Mul {
  static double of(double a, double b) { return a * b; }
};
struct Min {
  static double of(double a, double b) {
    if (a != a) return b;
    if (b != b) return a;
    return a < b || (a == b && std::signbit(a)) ? a : b;
  }
};
struct Max {
  static double of(double a, double b) {
    if (a != a) return b;
    if (b != b) return a;
    return a > b || (a == b && !std::signbit(a)) ? a : b;
  }
};
template <class Base>
struct NanWins {
  static double of(double a, double b) { return a != a || b != b ? a + b : Base::of(a, b); }
};

template <class Format, class Base>
struct Binary {
  uint16_t operator()(uint16_t a, uint16_t b) const {
    return Format::narrow(Base::of(Format::wide(a), Format::wide(b)));
  }
};
template <class Format, bool relu>
struct Fma {
  uint16_t operator()(uint16_t a, uint16_t b, uint16_t c) const {
    const double v = fmaToOdd(Format::wide(a), Format::wide(b), Format::wide(c));
    return Format::narrow(relu && v < 0 ? 0.0 : v);
  }
};
template <class Format>
struct Abs {
  uint16_t operator()(uint16_t a) const { return a & 0x7fff; }
};
template <class Format>
struct Neg {
  uint16_t operator()(uint16_t a) const { return a ^ 0x8000; }
};

// The same op on both halves of a 32-bit register.
template <class F>
struct Pair {
  template <class... S>
  uint32_t operator()(S... s) const {
    const uint32_t low = F{}(static_cast<uint16_t>(s)...);
    return low | static_cast<uint32_t>(F{}(static_cast<uint16_t>(s >> 16)...)) << 16;
  }
};

template <template <class> class F>
void unary(Builder& b, bool pair) {
  using G = F<F16>;
  return pair ? b.lanewise<Pair<G>, uint32_t, uint32_t>(OpClass::Float16)
              : b.lanewise<G, uint16_t, uint16_t>(OpClass::Float16);
}

template <class F>
void binaryOf(Builder& b, bool pair) {
  return pair ? b.lanewise<Pair<F>, uint32_t, uint32_t, uint32_t>(OpClass::Float16)
              : b.lanewise<F, uint16_t, uint16_t, uint16_t>(OpClass::Float16);
}
template <class Base>
void binary(Builder& b, bool bf16, bool pair) {
  return bf16 ? binaryOf<Binary<Bf16, Base>>(b, pair) : binaryOf<Binary<F16, Base>>(b, pair);
}
template <class F>
void fmaOf(Builder& b, bool pair) {
  return pair ? b.lanewise<Pair<F>, uint32_t, uint32_t, uint32_t, uint32_t>(OpClass::Float16)
              : b.lanewise<F, uint16_t, uint16_t, uint16_t, uint16_t>(OpClass::Float16);
}

} // namespace

bool buildHalf(Builder& b, Type type) {
  const bool bf16 = type == Type::BF16 || type == Type::BF16x2;
  const bool pair = type == Type::F16x2 || type == Type::BF16x2;
  if (!bf16 && !pair && type != Type::F16) {
    return false;
  }
  const std::string& name = b.in.parts[0];
  if (name == "abs") {
    unary<Abs>(b, pair);
  } else if (name == "neg") {
    unary<Neg>(b, pair);
  } else if (name == "min" || name == "max") {
    const bool nan = b.mods.take("NaN");
    if (name == "min") {
      nan ? binary<NanWins<Min>>(b, bf16, pair) : binary<Min>(b, bf16, pair);
    } else {
      nan ? binary<NanWins<Max>>(b, bf16, pair) : binary<Max>(b, bf16, pair);
    }
  } else {
    b.mods.take("rn");
    if (name == "add") {
      binary<Add>(b, bf16, pair);
    } else if (name == "sub") {
      binary<Sub>(b, bf16, pair);
    } else if (name == "mul") {
      binary<Mul>(b, bf16, pair);
    } else if (name == "fma") {
      const bool relu = b.mods.take("relu");
      if (bf16) {
        relu ? fmaOf<Fma<Bf16, true>>(b, pair) : fmaOf<Fma<Bf16, false>>(b, pair);
      } else {
        relu ? fmaOf<Fma<F16, true>>(b, pair) : fmaOf<Fma<F16, false>>(b, pair);
      }
    } else {
      b.mods.unknown();
    }
  }
  return true;
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// rcp, sqrt, rsqrt, sin, cos, lg2, ex2, tanh. The .rn forms are correctly rounded. The .approx
// forms of a GPU are table lookups whose exact bits are not documented: here they are the double
// result rounded to float, which is inside every error bound that PTX states.
#include "lanes.h"

namespace cudasim {

using ptx::Type;

namespace {

struct Rcp {
  template <class T>
  static T of(T a) {
    return T(1) / a;
  }
};
struct Sqrt {
  template <class T>
  static T of(T a) {
    return std::sqrt(a);
  }
};
struct Rsqrt {
  static double of(double a) { return 1.0 / std::sqrt(a); }
  static float of(float a) { return static_cast<float>(of(static_cast<double>(a))); }
};
struct Sin {
  static float of(float a) { return static_cast<float>(std::sin(static_cast<double>(a))); }
};
struct Cos {
  static float of(float a) { return static_cast<float>(std::cos(static_cast<double>(a))); }
};
struct Lg2 {
  static float of(float a) { return static_cast<float>(std::log2(static_cast<double>(a))); }
};
struct Ex2 {
  static float of(float a) { return static_cast<float>(std::exp2(static_cast<double>(a))); }
};
struct Tanh {
  static float of(float a) { return static_cast<float>(std::tanh(static_cast<double>(a))); }
};

template <class Base, bool ftz>
struct Unary32 {
  float operator()(float a) const {
    const float v = Base::of(ftz ? flush(a) : a);
    return canonical(ftz ? flush(v) : v);
  }
};
template <class Base>
struct Unary64 {
  double operator()(double a) const { return canonical(Base::of(a)); }
};
// {rcp,rsqrt}.approx.ftz.f64 keep only the upper 32 bits of the result.
template <class Base>
struct Coarse64 {
  double operator()(double a) const {
    const uint64_t in = bitsAs<uint64_t>(a) & ~0xffffffffull;
    const bool subnormal = (in & 0x7ff0000000000000ull) == 0;
    const double x = bitsAs<double>(subnormal ? in & 0x8000000000000000ull : in);
    const uint64_t v = bitsAs<uint64_t>(canonical(Base::of(x)));
    const bool tiny = (v & 0x7ff0000000000000ull) == 0;
    return bitsAs<double>(tiny ? v & 0x8000000000000000ull : v & ~0xffffffffull);
  }
};
// Without .ftz, ex2, lg2, sin and cos accept subnormals; tanh.approx has no .ftz.

template <class Base>
void approximate(Builder& b) {
  if (!b.mods.take("approx")) b.mods.unknown();
  const bool ftz = b.mods.take("ftz");
  if (b.mods.takeType() != Type::F32) b.mods.unknown();
  return ftz ? b.lanewise<Unary32<Base, true>, float, float>(OpClass::Special)
             : b.lanewise<Unary32<Base, false>, float, float>(OpClass::Special);
}

template <class Base>
void rootOrReciprocal(Builder& b) {
  const bool approx = b.mods.take("approx");
  const int rounding = b.mods.takeAny({"rn", "rz", "rm", "rp"});
  const bool ftz = b.mods.take("ftz");
  const Type type = b.mods.takeType();
  if (approx == (rounding >= 0)) b.mods.unknown();
  if (type == Type::F64) {
    if (approx) {
      if (!ftz) b.mods.unknown();
      return b.lanewise<Coarse64<Base>, double, double>(OpClass::Special);
    }
    b.lanewise<Unary64<Base>, double, double>(OpClass::Special);
    if (rounding > 0) {
      b.op.mode = static_cast<uint8_t>(rounding);
      b.op.run = runRounded<runLanewise<Unary64<Base>, double, double>>;
    }
    return;
  }
  if (type != Type::F32) b.mods.unknown();
  ftz ? b.lanewise<Unary32<Base, true>, float, float>(OpClass::Special)
      : b.lanewise<Unary32<Base, false>, float, float>(OpClass::Special);
  if (rounding > 0) {
    b.op.mode = static_cast<uint8_t>(rounding);
    b.op.run = ftz ? runRounded<runLanewise<Unary32<Base, true>, float, float>>
                   : runRounded<runLanewise<Unary32<Base, false>, float, float>>;
  }
}

void reciprocalRoot(Builder& b) {
  if (!b.in.has("approx")) b.mods.unknown();
  if (b.in.has("f64") && !b.in.has("ftz")) { // of double range and, here, precision; rcp has no such form
    b.mods.take("approx");
    b.mods.takeType();
    return b.lanewise<Unary64<Rsqrt>, double, double>(OpClass::Special);
  }
  rootOrReciprocal<Rsqrt>(b);
}

} // namespace

void addSpecial(FamilyTable& t) {
  t["rcp"] = rootOrReciprocal<Rcp>;
  t["sqrt"] = rootOrReciprocal<Sqrt>;
  t["rsqrt"] = reciprocalRoot;
  t["sin"] = approximate<Sin>;
  t["cos"] = approximate<Cos>;
  t["lg2"] = approximate<Lg2>;
  t["ex2"] = approximate<Ex2>;
  t["tanh"] = approximate<Tanh>;
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// add, sub, mul, fma, mad, div, min, max, abs, neg, copysign, testp of f32 and f64 (PTX ISA,
// "Floating Point Instructions"), correctly rounded. The other types of these opcodes are passed on.
#include "approximate.h"

namespace cudasim {

using ptx::Type;

namespace {

struct Add {
  template <class T>
  static T of(T a, T b) {
    return a + b;
  }
};
struct Sub {
  template <class T>
  static T of(T a, T b) {
    return a - b;
  }
};
struct Mul {
  template <class T>
  static T of(T a, T b) {
    return a * b;
  }
};
struct Div {
  template <class T>
  static T of(T a, T b) {
    return a / b;
  }
};

// min and max: a NaN loses against a number, and -0 is less than +0.
struct Min {
  template <class T>
  static T of(T a, T b) {
    const T least = std::signbit(a) ? a : b; // of two equal values, zeros included
    const T v = a < b ? a : b < a ? b : least;
    return a != a ? b : b != b ? a : v;
  }
};
struct Max {
  template <class T>
  static T of(T a, T b) {
    const T most = std::signbit(a) ? b : a;
    const T v = a > b ? a : b > a ? b : most;
    return a != a ? b : b != b ? a : v;
  }
};
template <class Base>
struct NanWins {
  template <class T>
  static T of(T a, T b) {
    return a != a || b != b ? a + b : Base::of(a, b);
  }
};
// "The maximum ulp error is 2 across the full range of inputs."
struct DivFull {
  static float of(float a, float b) { return a / b; }
  static Allowed allowed(float v, float a, float b) {
    return v == 0 ? steps(v, 0) : within(static_cast<double>(a) / b, 2 * unitOf(v));
  }
};
// "For |b| in [2^-126, 2^126], the maximum ulp error is 2. For 2^126 < |b| < 2^128, if a is infinity, div.approx.f32
// returns NaN, otherwise it returns a sign-preserving zero."
struct DivApprox : DivFull {
  static float of(float a, float b) {
    const float v = a / b;
    const bool huge = std::fabs(b) > 0x1p126f && std::fabs(b) <= 3.402823466e38f;
    const float outside = std::isinf(a) ? bitsAs<float>(0x7fffffffu) : std::copysign(0.0f, v);
    return huge ? outside : v;
  }
};

template <class Base, bool ftz, bool sat>
struct Binary32 {
  float operator()(float a, float b) const {
    float v = ftz ? Base::of(flush(a), flush(b)) : Base::of(a, b);
    v = canonical(ftz ? flush(v) : v);
    return sat ? saturate(v) : v;
  }
};
template <class Base>
struct Binary64 {
  double operator()(double a, double b) const { return canonical(Base::of(a, b)); }
};

template <bool ftz, bool sat>
struct Fma32 {
  float operator()(float a, float b, float c) const {
    float v = ftz ? __builtin_fmaf(flush(a), flush(b), flush(c)) : __builtin_fmaf(a, b, c);
    v = canonical(ftz ? flush(v) : v);
    return sat ? saturate(v) : v;
  }
};
struct Fma64 {
  double operator()(double a, double b, double c) const { return canonical(__builtin_fma(a, b, c)); }
};

template <class F, class D, class... S>
void roundedLanewise(Builder& b, Rounding mode, OpClass cls) {
  b.lanewise<F, D, S...>(cls);
  if (mode != kNearestEven) {
    b.op.mode = mode;
    b.op.run = runRounded<runLanewise<F, D, S...>>;
  }
}

template <class Base>
void buildBinary(Builder& b, Type type, Rounding mode, bool saturates) {
  const bool ftz = b.mods.take("ftz");
  const bool sat = saturates && b.mods.take("sat");
  if (type == Type::F64 && !ftz && !sat) {
    return roundedLanewise<Binary64<Base>, double, double, double>(b, mode, OpClass::Float64);
  }
  if (type != Type::F32) {
    b.mods.unknown();
  }
  const OpClass cls = OpClass::Float32;
  if (ftz && sat) return roundedLanewise<Binary32<Base, true, true>, float, float, float>(b, mode, cls);
  if (ftz) return roundedLanewise<Binary32<Base, true, false>, float, float, float>(b, mode, cls);
  if (sat) return roundedLanewise<Binary32<Base, false, true>, float, float, float>(b, mode, cls);
  roundedLanewise<Binary32<Base, false, false>, float, float, float>(b, mode, cls);
}

template <class Base>
void arithmetic(Builder& b) {
  const Type type = b.mods.takeType();
  if (buildInteger(b, type) || buildHalf(b, type)) {
    return;
  }
  const Rounding mode = takeRounding(b.mods);
  buildBinary<Base>(b, type, mode, true);
}

void division(Builder& b) {
  const Type type = b.mods.takeType();
  if (buildInteger(b, type)) {
    return;
  }
  const int form = b.mods.takeAny({"approx", "full"});
  if (form >= 0) {
    if (type != Type::F32) b.mods.unknown();
    const bool ftz = b.mods.take("ftz");
    return form == 0 ? approximate32<DivApprox, float, float>(b, ftz) : approximate32<DivFull, float, float>(b, ftz);
  }
  buildBinary<Div>(b, type, takeRounding(b.mods), false);
  b.op.cls = OpClass::Special;
}

void fusedMultiplyAdd(Builder& b) {
  const Type type = b.mods.takeType();
  if (buildInteger(b, type) || buildHalf(b, type)) {
    return;
  }
  const Rounding mode = takeRounding(b.mods);
  const bool ftz = b.mods.take("ftz");
  const bool sat = b.mods.take("sat");
  if (type == Type::F64 && !ftz && !sat) {
    return roundedLanewise<Fma64, double, double, double, double>(b, mode, OpClass::Float64);
  }
  if (type != Type::F32) {
    b.mods.unknown();
  }
  const OpClass cls = OpClass::Float32;
  if (ftz && sat) return roundedLanewise<Fma32<true, true>, float, float, float, float>(b, mode, cls);
  if (ftz) return roundedLanewise<Fma32<true, false>, float, float, float, float>(b, mode, cls);
  if (sat) return roundedLanewise<Fma32<false, true>, float, float, float, float>(b, mode, cls);
  roundedLanewise<Fma32<false, false>, float, float, float, float>(b, mode, cls);
}

template <class Base>
void extremum(Builder& b) {
  const Type type = b.mods.takeType();
  if (buildInteger(b, type) || buildHalf(b, type)) {
    return;
  }
  if (b.mods.take("NaN")) {
    if (type != Type::F32) b.mods.unknown(); // "min{.ftz}{.NaN}{.xorsign.abs}.f32", "min.f64"
    return buildBinary<NanWins<Base>>(b, type, kNearestEven, false);
  }
  buildBinary<Base>(b, type, kNearestEven, false);
}

// abs, neg and copysign only touch the sign bit.
template <class T, bool ftz>
struct Absolute {
  T operator()(T a) const {
    if constexpr (ftz) a = flush(a);
    return std::fabs(a);
  }
};
template <class T, bool ftz>
struct Negate {
  T operator()(T a) const {
    if constexpr (ftz) a = flush(a);
    return -a;
  }
};

template <template <class, bool> class F>
void signOp(Builder& b) {
  const Type type = b.mods.takeType();
  if (buildInteger(b, type) || buildHalf(b, type)) {
    return;
  }
  const bool ftz = b.mods.take("ftz");
  if (type == Type::F32) {
    return ftz ? b.lanewise<F<float, true>, float, float>(OpClass::Float32)
               : b.lanewise<F<float, false>, float, float>(OpClass::Float32);
  }
  if (type == Type::F64 && !ftz) {
    return b.lanewise<F<double, false>, double, double>(OpClass::Float64);
  }
  b.mods.unknown();
}

// copysign d, a, b: the sign of a on the magnitude of b.
template <class T>
struct CopySign {
  T operator()(T a, T b) const { return std::copysign(b, a); }
};

void copySign(Builder& b) {
  const Type type = b.mods.takeType();
  if (type == Type::F32) return b.lanewise<CopySign<float>, float, float, float>(OpClass::Float32);
  if (type == Type::F64) return b.lanewise<CopySign<double>, double, double, double>(OpClass::Float64);
  b.mods.unknown();
}

enum TestMode { kFinite, kInfinite, kNumber, kNotANumber, kNormal, kSubnormal };

template <class T>
void runTest(Warp& w, const Op& op) {
  const T* a = w.lanes<T>(op.r[1]);
  setPredicate(w, op.r[0], maskOf([&](int i) {
                 switch (op.mode) {
                   case kFinite: return std::isfinite(a[i]);
                   case kInfinite: return std::isinf(a[i]);
                   case kNumber: return !std::isnan(a[i]);
                   case kNotANumber: return std::isnan(a[i]);
                   case kNormal: return std::isnormal(a[i]);
                   default: return std::fpclassify(a[i]) == FP_SUBNORMAL;
                 }
               }));
}

void testProperty(Builder& b) {
  const int mode = b.mods.takeAny({"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
  const Type type = b.mods.takeType();
  b.mods.finish();
  b.operands(2);
  if (mode < 0 || (type != Type::F32 && type != Type::F64)) {
    b.mods.unknown();
  }
  b.op.mode = static_cast<uint8_t>(mode);
  b.op.r[0] = b.predicateResult(b.in.operands[0].name);
  b.op.r[1] = b.source(1, ptx::sizeOf(type));
  b.op.run = type == Type::F32 ? runTest<float> : runTest<double>;
  b.op.cls = type == Type::F32 ? OpClass::Float32 : OpClass::Float64;
}

} // namespace

void addFloat(FamilyTable& t) {
  t["add"] = arithmetic<Add>;
  t["sub"] = arithmetic<Sub>;
  t["mul"] = arithmetic<Mul>;
  t["div"] = division;
  t["fma"] = fusedMultiplyAdd;
  t["mad"] = fusedMultiplyAdd;
  t["min"] = extremum<Min>;
  t["max"] = extremum<Max>;
  t["abs"] = signOp<Absolute>;
  t["neg"] = signOp<Negate>;
  t["copysign"] = copySign;
  t["testp"] = testProperty;
}

} // namespace cudasim

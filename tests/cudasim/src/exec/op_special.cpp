// SPDX-License-Identifier: Apache-2.0
// rcp, sqrt, rsqrt, sin, cos, lg2, ex2, tanh. The .rn forms are correctly rounded. The .approx forms are the
// double result rounded to float, or (see approximate.h) another within the error that the PTX ISA states, which
// is quoted here.
#include "approximate.h"

namespace cudasim {

using ptx::Type;

namespace {

Allowed exactly(float v) { return steps(v, 0); }

struct Rcp {
  template <class T>
  static T of(T a) {
    return T(1) / a;
  }
  // "The maximum ulp error is 1 across the full range of inputs."
  static Allowed allowed(float v, float a) { return v == 0 ? exactly(v) : within(1.0 / a, unitOf(v)); }
};
struct Sqrt {
  template <class T>
  static T of(T a) {
    return std::sqrt(a);
  }
  // "The maximum relative error over the entire positive finite floating-point range is 2^-23."
  static Allowed allowed(float, float a) {
    const double exact = std::sqrt(static_cast<double>(a));
    return within(exact, exact * 0x1p-23);
  }
};
struct Rsqrt {
  static double of(double a) { return 1.0 / std::sqrt(a); }
  static float of(float a) { return static_cast<float>(of(static_cast<double>(a))); }
  // "The maximum relative error for rsqrt.f32 over the entire positive finite floating-point range is 2^-22.9."
  static Allowed allowed(float, float a) {
    const double exact = of(static_cast<double>(a));
    return within(exact, exact * std::exp2(-22.9));
  }
};
// "The maximum absolute error over input range": "[-2pi .. 2pi] 2^-20.5, [-100pi .. +100pi] 2^-14.7. Outside [...]
// only best effort is provided."
double circularError(float a) { return std::fabs(a) <= 2 * M_PI ? std::exp2(-20.5) : std::exp2(-14.7); }
struct Sin {
  static float of(float a) { return static_cast<float>(std::sin(static_cast<double>(a))); }
  static Allowed allowed(float v, float a) {
    return a == 0 ? exactly(v) : within(std::sin(static_cast<double>(a)), circularError(a));
  }
};
struct Cos {
  static float of(float a) { return static_cast<float>(std::cos(static_cast<double>(a))); }
  static Allowed allowed(float v, float a) {
    return a == 0 ? exactly(v) : within(std::cos(static_cast<double>(a)), circularError(a));
  }
};
struct Lg2 {
  static float of(float a) { return static_cast<float>(std::log2(static_cast<double>(a))); }
  // "The maximum absolute error is 2^-22 when the input operand is in the range (0.5, 2). For positive finite inputs
  // outside of this interval, maximum relative error is 2^-22."
  static Allowed allowed(float, float a) {
    const double exact = std::log2(static_cast<double>(a));
    return within(exact, a > 0.5f && a < 2 ? 0x1p-22 : std::fabs(exact) * 0x1p-22);
  }
};
struct Ex2 {
  static float of(float a) { return static_cast<float>(std::exp2(static_cast<double>(a))); }
  // "The maximum ulp error is 2 ulp from correctly rounded result across the full range of inputs." 2^0 is "+1.0".
  static Allowed allowed(float v, float a) { return steps(v, v == 0 || a == 0 ? 0 : 2); }
};
struct Tanh {
  static float of(float a) { return static_cast<float>(std::tanh(static_cast<double>(a))); }
  // "The maximum relative error over the entire floating point range is 2^-11." "The subnormal inputs gets passed
  // through to the output".
  static Allowed allowed(float v, float a) {
    const double exact = std::tanh(static_cast<double>(a));
    return std::fpclassify(a) == FP_NORMAL ? within(exact, std::fabs(exact) * 0x1p-11) : exactly(v);
  }
};

template <class Base>
struct Unary64 {
  double operator()(double a) const { return canonical(Base::of(a)); }
};
// {rcp,rsqrt}.approx.ftz.f64 keep only the upper 32 bits of the operand and of the result. They are "gross
// approximations" without a stated bound: the switch moves the result by one unit of those bits.
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
template <class Base>
void runCoarse(Warp& w, const Op& op) {
  const Approximation how = w.block->launch.approximation;
  uint64_t in[kLanes];
  std::memcpy(in, w.lanes<uint64_t>(op.r[1]), sizeof in);
  runLanewise<Coarse64<Base>, double, double>(w, op);
  if (how == Approximation::Rounded) return;
  uint64_t* const d = w.lanes<uint64_t>(op.r[0]);
  for (int i = 0; i < kLanes; ++i) {
    const double v = bitsAs<double>(d[i]);
    if (!((w.mask >> i) & 1) || !std::isnormal(v)) continue;
    const uint64_t moved = d[i] + (static_cast<uint64_t>(choose(how, {-1, 1}, in[i] >> 32)) << 32);
    if (std::isnormal(bitsAs<double>(moved))) d[i] = moved;
  }
}

template <class Base>
void approximate(Builder& b) {
  if (!b.mods.take("approx")) b.mods.unknown();
  const bool ftz = !std::is_same_v<Base, Tanh> && b.mods.take("ftz"); // "tanh.approx.f32 d, a;"
  if (b.mods.takeType() != Type::F32) b.mods.unknown();
  approximate32<Base, float>(b, ftz);
}

template <class Base>
void coarse(Builder& b) {
  b.lanewise<Coarse64<Base>, double, double>(OpClass::Special);
  b.op.run = runCoarse<Base>;
}

template <class Base>
void rootOrReciprocal(Builder& b) {
  const bool approx = b.mods.take("approx");
  const int rounding = b.mods.takeAny({"rn", "rz", "rm", "rp"});
  const bool ftz = b.mods.take("ftz");
  const Type type = b.mods.takeType();
  if (approx == (rounding >= 0)) b.mods.unknown();
  if (type == Type::F64) {
    if (approx != ftz || (approx && std::is_same_v<Base, Sqrt>)) b.mods.unknown(); // there is no sqrt.approx.ftz.f64
    if (approx) return coarse<Base>(b);
    b.lanewise<Unary64<Base>, double, double>(OpClass::Special);
    if (rounding > 0) {
      b.op.mode = static_cast<uint8_t>(rounding);
      b.op.run = runRounded<runLanewise<Unary64<Base>, double, double>>;
    }
    return;
  }
  if (type != Type::F32) b.mods.unknown();
  if (approx) return approximate32<Base, float>(b, ftz);
  ftz ? b.lanewise<Flushed<Base, true, float>, float, float>(OpClass::Special)
      : b.lanewise<Flushed<Base, false, float>, float, float>(OpClass::Special);
  if (rounding > 0) {
    b.op.mode = static_cast<uint8_t>(rounding);
    b.op.run = ftz ? runRounded<runLanewise<Flushed<Base, true, float>, float, float>>
                   : runRounded<runLanewise<Flushed<Base, false, float>, float, float>>;
  }
}

// rsqrt has .approx forms alone.
void reciprocalRoot(Builder& b) {
  if (!b.mods.take("approx")) b.mods.unknown();
  const bool ftz = b.mods.take("ftz");
  const Type type = b.mods.takeType();
  if (type == Type::F32) return approximate32<Rsqrt, float>(b, ftz);
  if (type != Type::F64) b.mods.unknown();
  if (ftz) return coarse<Rsqrt>(b);
  // "rsqrt.approx.f64 is emulated in software": of double range and, here, precision.
  b.lanewise<Unary64<Rsqrt>, double, double>(OpClass::Special);
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

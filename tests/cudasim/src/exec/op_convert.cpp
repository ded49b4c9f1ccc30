// SPDX-License-Identifier: Apache-2.0
// cvt (PTX ISA, "Data Movement and Conversion Instructions: cvt"). Integers narrower than 32 bits
// are widened first or narrowed last, so that the conversions proper are between 32 and 64 bits.
#include <limits>

#include "lanes.h"

namespace cudasim {

using ptx::Type;

Handler changeHandler(int from, int to, bool isSigned);

namespace {

enum Integral { kRni = 0, kRzi, kRmi, kRpi };

template <int mode, class T>
T toIntegral(T v) {
  switch (mode) {
    case kRni: return std::nearbyint(v); // the host rounds to nearest even here
    case kRzi: return std::trunc(v);
    case kRmi: return std::floor(v);
    default: return std::ceil(v);
  }
}

// Values outside the range of D are clamped. NaN gives 0, or the top bit where a 64-bit type takes
// part ("In float-to-integer conversions, NaN inputs ...").
template <class S, class D, int mode, bool ftz>
struct FloatToInt {
  D operator()(S a) const {
    if constexpr (ftz) a = flush(a);
    if (a != a) {
      const bool zero = sizeof(S) != 8 && sizeof(D) != 8;
      return zero ? 0 : static_cast<D>(1ull << (8 * sizeof(D) - 1));
    }
    const S v = toIntegral<mode>(a);
    const S low = static_cast<S>(std::numeric_limits<D>::min());
    const S above = static_cast<S>(std::numeric_limits<D>::max() / 2 + 1) * 2; // a power of two
    if (v < low) return std::numeric_limits<D>::min();
    if (v >= above) return std::numeric_limits<D>::max();
    return static_cast<D>(v);
  }
};
template <class D>
struct ClampInt { // to op.imm bits, for the narrow integers
  static D of(D v, D low, D high) { return v < low ? low : v > high ? high : v; }
};

template <class D>
void runClamp(Warp& w, const Op& op) {
  const int bits = op.mode & 127;
  const bool isSigned = (op.mode & 128) != 0;
  const D high = static_cast<D>((1ull << (isSigned ? bits - 1 : bits)) - 1);
  const D low = isSigned ? static_cast<D>(-high - 1) : 0;
  eachLane(w, [=](D v) { return ClampInt<D>::of(v, low, high); }, w.lanes<D>(op.r[0]), w.lanes<D>(op.r[1]));
}

template <class S, class D>
struct IntToFloat {
  D operator()(S a) const { return static_cast<D>(a); }
};
template <bool ftz, bool sat>
struct Narrow { // f64 to f32
  float operator()(double a) const {
    float v = canonical(static_cast<float>(a));
    if (ftz) v = flush(v);
    return sat ? saturate(v) : v;
  }
};
template <bool ftz>
struct Widen { // f32 to f64
  double operator()(float a) const { return canonical(static_cast<double>(ftz ? flush(a) : a)); }
};
template <int mode, bool ftz, bool sat>
struct Integral32 {
  float operator()(float a) const {
    if (ftz) a = flush(a);
    const float v = mode < 0 ? a : toIntegral<mode>(a);
    return sat ? saturate(v) : canonical(v);
  }
};
template <int mode>
struct Integral64 {
  double operator()(double a) const { return mode < 0 ? a : canonical(toIntegral<mode>(a)); }
};

template <class S, class D, bool ftz>
Handler floatToInt(int mode) {
  switch (mode) {
    case kRni: return runLanewise<FloatToInt<S, D, kRni, ftz>, D, S>;
    case kRzi: return runLanewise<FloatToInt<S, D, kRzi, ftz>, D, S>;
    case kRmi: return runLanewise<FloatToInt<S, D, kRmi, ftz>, D, S>;
    default: return runLanewise<FloatToInt<S, D, kRpi, ftz>, D, S>;
  }
}

template <class S, bool ftz>
Handler floatToInt(int bytes, bool isSigned, int mode) {
  if (bytes == 8) return isSigned ? floatToInt<S, int64_t, ftz>(mode) : floatToInt<S, uint64_t, ftz>(mode);
  return isSigned ? floatToInt<S, int32_t, ftz>(mode) : floatToInt<S, uint32_t, ftz>(mode);
}

template <class S, class D>
Handler intToFloat(Rounding mode) {
  return mode == kNearestEven ? runLanewise<IntToFloat<S, D>, D, S> : runRounded<runLanewise<IntToFloat<S, D>, D, S>>;
}

template <bool ftz, bool sat>
Handler integral32(int mode) {
  switch (mode) {
    case kRni: return runLanewise<Integral32<kRni, ftz, sat>, float, float>;
    case kRzi: return runLanewise<Integral32<kRzi, ftz, sat>, float, float>;
    case kRmi: return runLanewise<Integral32<kRmi, ftz, sat>, float, float>;
    case kRpi: return runLanewise<Integral32<kRpi, ftz, sat>, float, float>;
    default: return runLanewise<Integral32<-1, ftz, sat>, float, float>;
  }
}
Handler integral64(int mode) {
  switch (mode) {
    case kRni: return runLanewise<Integral64<kRni>, double, double>;
    case kRzi: return runLanewise<Integral64<kRzi>, double, double>;
    case kRmi: return runLanewise<Integral64<kRmi>, double, double>;
    case kRpi: return runLanewise<Integral64<kRpi>, double, double>;
    default: return runLanewise<Integral64<-1>, double, double>;
  }
}

// float (or double) to a 16-bit format; op.mode: rounding | relu << 2 | satfinite << 3.
template <bool bf16, class S>
uint16_t narrowHalf(S v, uint8_t mode) {
  if ((mode & 4) && v < 0) v = 0;
  const bool finite = (mode & 8) != 0;
  const Rounding r = static_cast<Rounding>(mode & 3);
  return static_cast<uint16_t>(bf16 ? roundTo<8, 7>(v, r, finite) : roundTo<5, 10>(v, r, finite));
}
template <bool bf16, class S>
void runNarrowHalf(Warp& w, const Op& op) {
  const uint8_t mode = op.mode;
  eachLane(w, [mode](S a) { return narrowHalf<bf16>(a, mode); }, w.lanes<uint16_t>(op.r[0]), w.lanes<S>(op.r[1]));
}
template <bool bf16>
void runNarrowPair(Warp& w, const Op& op) { // d = {high: a, low: b}
  const uint8_t mode = op.mode;
  eachLane(
      w,
      [mode](float a, float b) {
        return static_cast<uint32_t>(narrowHalf<bf16>(a, mode)) << 16 | narrowHalf<bf16>(b, mode);
      },
      w.lanes<uint32_t>(op.r[0]), w.lanes<float>(op.r[1]), w.lanes<float>(op.r[2]));
}
struct FromF16 {
  float operator()(uint16_t v) const { return fromF16(v); }
};
struct FromBf16 {
  float operator()(uint16_t v) const { return fromBf16(v); }
};

// f32 to tf32: 10 mantissa bits; .rna rounds ties away, .rn to even, .rz cuts.
template <int mode>
struct ToTf32 {
  uint32_t operator()(float a) const {
    const uint32_t bits = bitsAs<uint32_t>(a);
    if ((bits & 0x7f800000u) == 0x7f800000u) return a != a ? 0x7fffffffu : bits;
    const uint32_t add = mode == 0 ? 0x1000u : mode == 1 ? 0xfffu + ((bits >> 13) & 1) : 0u;
    return (bits + add) & 0xffffe000u;
  }
};

bool isHalf(Type t) { return t == Type::F16 || t == Type::BF16; }
bool isInteger(Type t) { return t >= Type::U8 && t <= Type::S64; }

class Converter {
 public:
  explicit Converter(Builder& b) : b_(b) {
    rounding_ = b.mods.takeAny({"rn", "rz", "rm", "rp"});
    integral_ = b.mods.takeAny({"rni", "rzi", "rmi", "rpi"});
    away_ = b.mods.take("rna");
    ftz_ = b.mods.take("ftz");
    sat_ = b.mods.take("sat");
    relu_ = b.mods.take("relu");
    finite_ = b.mods.take("satfinite");
    to_ = b.mods.takeType();
    from_ = b.mods.takeType();
    b.mods.finish();
    b.op.cls = OpClass::Convert;
  }

  void run() {
    refuseUnused();
    if (to_ == Type::F16x2 || to_ == Type::BF16x2) return pair();
    b_.operands(2);
    if (to_ == Type::TF32) return tf32();
    if (isInteger(to_) && isInteger(from_)) return integers();
    if (isInteger(to_)) return toInteger();
    if (isInteger(from_)) return fromInteger();
    floats();
  }

 private:
  // Each modifier has its types; one that would do nothing here would do something on a device.
  void refuseUnused() {
    const bool half = isHalf(to_), pair = to_ == Type::F16x2 || to_ == Type::BF16x2, tf32 = to_ == Type::TF32;
    const bool toFloat = half || to_ == Type::F32 || to_ == Type::F64;
    if (away_ && !tf32) b_.mods.unknown();
    if ((relu_ || finite_) && !half && !pair) b_.mods.unknown();
    if (sat_ && (half || pair || tf32 || to_ == Type::F64)) b_.mods.unknown();
    if (ftz_ && (half || pair || tf32)) b_.mods.unknown();
    if (integral_ >= 0 && (half || pair || tf32 || isInteger(from_) || (toFloat && to_ != from_))) b_.mods.unknown();
    if (rounding_ >= 0 && isInteger(to_)) b_.mods.unknown();
    // "Rounding modifier is mandatory in all of the following cases: float-to-float conversions, when destination
    // type is smaller than source type"; "All int-to-float conversions". Between equal types nothing is rounded.
    const bool rounds = isInteger(from_) || ptx::sizeOf(to_) < ptx::sizeOf(from_);
    if (toFloat && (rounding_ < 0 ? rounds : from_ == to_)) b_.mods.unknown();
  }

  uint32_t in(int bytes) { return b_.source(b_.in.operands[1], bytes, true); }
  uint32_t out(int bytes, bool sign = false) { return b_.result(b_.in.operands[0], bytes, true, sign); }
  uint32_t helper(Handler run, uint32_t source, int bytes) {
    Op op;
    op.run = run;
    op.r[0] = b_.temporary(bytes);
    op.r[1] = source;
    b_.before(op);
    return op.r[0];
  }

  void pair() {
    b_.operands(3);
    if (from_ != Type::F32 || rounding_ < 0) b_.mods.unknown();
    b_.op.r[1] = b_.source(1, 4);
    b_.op.r[2] = b_.source(2, 4);
    b_.op.r[0] = b_.result(0, 4);
    b_.op.mode = halfMode();
    b_.op.run = to_ == Type::BF16x2 ? runNarrowPair<true> : runNarrowPair<false>;
  }

  uint8_t halfMode() const {
    return static_cast<uint8_t>((rounding_ < 0 ? 0 : rounding_) | (relu_ ? 4 : 0) | (finite_ ? 8 : 0));
  }

  void tf32() {
    if (from_ != Type::F32 || relu_ || rounding_ > 1) b_.mods.unknown();
    b_.op.r[1] = in(4);
    b_.op.r[0] = out(4);
    b_.op.run = away_            ? runLanewise<ToTf32<0>, uint32_t, float>
                : rounding_ == 0 ? runLanewise<ToTf32<1>, uint32_t, float>
                : rounding_ == 1 ? runLanewise<ToTf32<2>, uint32_t, float>
                                 : nullptr;
  }

  void integers() {
    const int from = ptx::sizeOf(from_), to = ptx::sizeOf(to_);
    uint32_t source = in(from);
    if (sat_) { // clamp in 64 bits, then cut
      if (from == 8 && !ptx::isSigned(from_)) b_.fail("cvt.sat from u64 is not emulated");
      source = helper(changeHandler(from, 8, ptx::isSigned(from_)), source, 8);
      if (to < 8) {
        Op clamp;
        clamp.run = runClamp<int64_t>;
        clamp.mode = static_cast<uint8_t>(8 * to | (ptx::isSigned(to_) ? 128 : 0));
        clamp.r[1] = source;
        clamp.r[0] = source = b_.temporary(8);
        b_.before(clamp);
      }
      b_.op.run = changeHandler(8, to, true);
    } else {
      b_.op.run = changeHandler(from, to, ptx::isSigned(from_));
    }
    b_.op.r[1] = source;
    b_.op.r[0] = out(to, ptx::isSigned(to_));
  }

  void toInteger() {
    const int to = ptx::sizeOf(to_);
    const bool isSigned = ptx::isSigned(to_);
    if (integral_ < 0) b_.mods.unknown();
    const int wide = to < 4 ? 4 : to;
    if (from_ == Type::F64) {
      b_.op.r[1] = in(8);
      b_.op.run = floatToInt<double, false>(wide, to < 4 || isSigned, integral_);
    } else {
      b_.op.r[1] = floatSource();
      b_.op.run = ftz_ ? floatToInt<float, true>(wide, to < 4 || isSigned, integral_)
                       : floatToInt<float, false>(wide, to < 4 || isSigned, integral_);
    }
    if (to == wide) {
      b_.op.r[0] = out(to, isSigned);
      return;
    }
    b_.op.r[0] = b_.temporary(4);
    Op clamp;
    clamp.run = runClamp<int32_t>;
    clamp.mode = static_cast<uint8_t>(8 * to | (isSigned ? 128 : 0));
    clamp.r[0] = b_.temporary(4);
    clamp.r[1] = b_.op.r[0];
    b_.after(clamp);
    Op cut;
    cut.run = changeHandler(4, to, true);
    cut.r[1] = clamp.r[0];
    const ptx::Operand& d = b_.in.operands[0];
    const int registerBytes = b_.registerBytes(d);
    cut.r[0] = registerBytes == to ? b_.result(d, to, false, false) : b_.temporary(to);
    b_.after(cut);
    if (registerBytes != to) {
      Op widen;
      widen.run = changeHandler(to, registerBytes, isSigned);
      widen.r[0] = b_.result(d, registerBytes, false, false);
      widen.r[1] = cut.r[0];
      b_.after(widen);
    }
  }

  uint32_t floatSource() {
    if (isHalf(from_)) {
      return helper(from_ == Type::F16 ? runLanewise<FromF16, float, uint16_t> : runLanewise<FromBf16, float, uint16_t>,
                    in(2), 4);
    }
    if (from_ != Type::F32) b_.mods.unknown();
    return in(4);
  }

  void fromInteger() {
    const int from = ptx::sizeOf(from_);
    const bool isSigned = ptx::isSigned(from_);
    uint32_t source = in(from);
    if (from < 4) source = helper(changeHandler(from, 4, isSigned), source, 4);
    const Rounding mode = rounding_ < 0 ? kNearestEven : static_cast<Rounding>(rounding_);
    b_.op.r[1] = source;
    b_.op.mode = mode;
    const bool wide = from == 8;
    if (isHalf(to_)) { // through double: exact for 32 bits
      if (wide) b_.fail("cvt of a 64-bit integer to a 16-bit float is not emulated");
      b_.op.r[1] = helper(
          isSigned ? intToFloat<int32_t, double>(kNearestEven) : intToFloat<uint32_t, double>(kNearestEven), source, 8);
      return narrowHalfResult<double>();
    }
    if (to_ == Type::F64) {
      b_.op.run = wide ? (isSigned ? intToFloat<int64_t, double>(mode) : intToFloat<uint64_t, double>(mode))
                       : (isSigned ? intToFloat<int32_t, double>(mode) : intToFloat<uint32_t, double>(mode));
      b_.op.r[0] = b_.result(0, 8);
    } else {
      b_.op.run = wide ? (isSigned ? intToFloat<int64_t, float>(mode) : intToFloat<uint64_t, float>(mode))
                       : (isSigned ? intToFloat<int32_t, float>(mode) : intToFloat<uint32_t, float>(mode));
      b_.op.r[0] = b_.result(0, 4);
      if (sat_) {
        Op clamp;
        clamp.run = integral32<false, true>(-1);
        clamp.r[0] = clamp.r[1] = b_.op.r[0];
        b_.after(clamp);
      }
    }
  }

  template <class S>
  void narrowHalfResult() {
    b_.op.mode = halfMode();
    b_.op.run = to_ == Type::BF16 ? runNarrowHalf<true, S> : runNarrowHalf<false, S>;
    b_.op.r[0] = out(2);
  }

  void floats() {
    if (to_ == Type::F64 && from_ == Type::F64) {
      b_.op.r[1] = in(8);
      b_.op.r[0] = b_.result(0, 8);
      if (sat_ || ftz_) b_.mods.unknown();
      b_.op.run = integral64(integral_);
      return;
    }
    if (from_ == Type::F64) {
      b_.op.r[1] = in(8);
      if (isHalf(to_)) return narrowHalfResult<double>();
      b_.op.r[0] = b_.result(0, 4);
      b_.op.mode = static_cast<uint8_t>(rounding_ < 0 ? 0 : rounding_);
      if (integral_ >= 0) b_.mods.unknown();
      b_.op.run = ftz_ ? (sat_ ? runRounded<runLanewise<Narrow<true, true>, float, double>>
                               : runRounded<runLanewise<Narrow<true, false>, float, double>>)
                       : (sat_ ? runRounded<runLanewise<Narrow<false, true>, float, double>>
                               : runRounded<runLanewise<Narrow<false, false>, float, double>>);
      return;
    }
    b_.op.r[1] = floatSource();
    if (to_ == Type::F64) {
      b_.op.r[0] = b_.result(0, 8);
      b_.op.run = ftz_ ? runLanewise<Widen<true>, double, float> : runLanewise<Widen<false>, double, float>;
    } else if (isHalf(to_)) {
      narrowHalfResult<float>();
    } else {
      b_.op.r[0] = b_.result(0, 4);
      b_.op.run = ftz_ ? (sat_ ? integral32<true, true>(integral_) : integral32<true, false>(integral_))
                       : (sat_ ? integral32<false, true>(integral_) : integral32<false, false>(integral_));
    }
  }

  Builder& b_;
  int rounding_, integral_;
  bool away_, ftz_, sat_, relu_, finite_;
  Type to_ = Type::None, from_ = Type::None;
};

void convert(Builder& b) {
  if (b.in.has("pack")) b.mods.unknown();
  Converter(b).run();
}

} // namespace

void addConvert(FamilyTable& t) { t["cvt"] = convert; }

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// Small pieces the op families share: flushing, saturation, rounding scopes.
#pragma once

#include <xmmintrin.h>

#include "builder.h"
#include "half.h"

namespace cudasim {

// .ftz: subnormal inputs and results become zero of the same sign.
inline float flush(float v) {
  const uint32_t bits = bitsAs<uint32_t>(v);
  return bitsAs<float>((bits & 0x7f800000u) == 0 ? bits & 0x80000000u : bits);
}

// PTX ISA, "Floating Point Instructions": a NaN result of a single precision op is 0x7fffffff.
inline float canonical(float v) { return v != v ? bitsAs<float>(0x7fffffffu) : v; }
inline double canonical(double v) { return v != v ? bitsAs<double>(0x7fffffffffffffffull) : v; }

// .sat: clamp to [0, 1]; NaN becomes +0.
inline float saturate(float v) { return v > 0.0f ? (v < 1.0f ? v : 1.0f) : 0.0f; }

// Sets the host's rounding mode. The barriers keep loads and stores, hence the arithmetic between
// them, inside.
class RoundingScope {
 public:
  explicit RoundingScope(uint8_t mode) : saved_(_mm_getcsr()) {
    static const unsigned modes[] = {_MM_ROUND_NEAREST, _MM_ROUND_TOWARD_ZERO, _MM_ROUND_DOWN, _MM_ROUND_UP};
    _mm_setcsr((saved_ & ~static_cast<unsigned>(_MM_ROUND_MASK)) | modes[mode]);
    asm volatile("" ::: "memory");
  }
  ~RoundingScope() {
    asm volatile("" ::: "memory");
    _mm_setcsr(saved_);
  }
  RoundingScope(const RoundingScope&) = delete;
  RoundingScope& operator=(const RoundingScope&) = delete;

 private:
  unsigned saved_;
};

template <Handler run>
void runRounded(Warp& w, const Op& op) {
  const RoundingScope scope(op.mode);
  run(w, op);
}

// .rn (default) .rz .rm .rp
inline Rounding takeRounding(Modifiers& mods) {
  const int mode = mods.takeAny({"rn", "rz", "rm", "rp"});
  return mode < 0 ? kNearestEven : static_cast<Rounding>(mode);
}

// The parts of shared opcodes that integers and 16-bit floats own.
bool buildInteger(Builder& b, ptx::Type type);
bool buildHalf(Builder& b, ptx::Type type);

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// The mode of floating-point numbers that each processor has in a register of its own.
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif !defined(__aarch64__)
#error "libvae4j runs on x86-64 and arm64"
#endif

namespace vae4j {

#if defined(__x86_64__)
using FloatMode = unsigned;
inline FloatMode float_mode() { return _mm_getcsr(); }
inline void set_float_mode(FloatMode mode) { _mm_setcsr(mode); }
// Flush-to-zero and denormals-are-zero.
constexpr FloatMode kFlush = 0x8040;
// To the nearest, all exceptions masked.
constexpr FloatMode kStandard = 0x1F80;
#else
using FloatMode = unsigned long;
inline FloatMode float_mode() {
  FloatMode mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}
inline void set_float_mode(FloatMode mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }
// FZ, which is both.
constexpr FloatMode kFlush = FloatMode{1} << 24;
constexpr FloatMode kStandard = 0;
#endif

// Adam's moments of dead units decay into denormals, which cost a hundred cycles each.
inline void flush_denormals() { set_float_mode(float_mode() | kFlush); }

// While this object exists, the calling thread rounds as Java does, whatever its program chose.
class StandardFloats {
 public:
  StandardFloats() : mode_(float_mode()) { set_float_mode(kStandard); }
  ~StandardFloats() { set_float_mode(mode_); }
  StandardFloats(const StandardFloats&) = delete;
  StandardFloats& operator=(const StandardFloats&) = delete;

 private:
  FloatMode mode_;
};

}  // namespace vae4j

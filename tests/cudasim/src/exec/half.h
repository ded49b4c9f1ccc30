// SPDX-License-Identifier: Apache-2.0
// Conversions between float and the 16-bit formats, with the four rounding modes of cvt.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace cudasim {

enum Rounding : uint8_t { kNearestEven, kTowardZero, kDown, kUp };

template <class To, class From>
inline To bitsAs(From v) {
  static_assert(sizeof(To) == sizeof(From));
  To out;
  std::memcpy(&out, &v, sizeof out);
  return out;
}

// Rounds a double to a binary format of `exponentBits` and `mantissaBits` (without the hidden one).
// Exact for every input: the double's own bits decide, subnormal results included.
template <int exponentBits, int mantissaBits>
inline uint32_t roundTo(double value, Rounding mode, bool saturateFinite = false) {
  constexpr int bias = (1 << (exponentBits - 1)) - 1;
  constexpr uint32_t infinity = ((1u << exponentBits) - 1) << mantissaBits;
  const uint64_t bits = bitsAs<uint64_t>(value);
  const uint32_t sign = static_cast<uint32_t>(bits >> 63) << (exponentBits + mantissaBits);
  if (value != value) {
    return (1u << (exponentBits + mantissaBits)) - 1; // canonical NaN: all ones but the sign
  }
  const double magnitude = std::fabs(value);
  if (magnitude == 0) {
    return sign;
  }
  if (std::isinf(magnitude)) {
    return sign | (saturateFinite ? infinity - 1 : infinity);
  }
  int exponent = std::ilogb(magnitude);
  if (exponent < 1 - bias) {
    exponent = 1 - bias;
  }
  // In units of the last place: below 2^53, so the split is exact.
  const double units = std::ldexp(magnitude, mantissaBits - exponent);
  const double whole = std::floor(units);
  const double rest = units - whole;
  uint64_t mantissa = static_cast<uint64_t>(whole);
  const bool negative = sign != 0;
  bool up = false;
  switch (mode) {
    case kNearestEven: up = rest > 0.5 || (rest == 0.5 && (mantissa & 1)); break;
    case kTowardZero: up = false; break;
    case kDown: up = rest > 0 && negative; break;
    case kUp: up = rest > 0 && !negative; break;
  }
  mantissa += up;
  // The encoding is monotone: a carry out of the mantissa steps the exponent by itself.
  const uint64_t base =
      mantissa >= (1ull << mantissaBits) ? static_cast<uint64_t>(exponent + bias - 1) << mantissaBits : 0;
  uint64_t encoded = base + mantissa;
  if (encoded >= infinity) {
    const bool toInfinity = mode == kNearestEven || (mode == kUp && !negative) || (mode == kDown && negative);
    encoded = toInfinity && !saturateFinite ? infinity : infinity - 1;
  }
  return sign | static_cast<uint32_t>(encoded);
}

inline uint16_t toBf16(double v, Rounding mode = kNearestEven) { return static_cast<uint16_t>(roundTo<8, 7>(v, mode)); }
inline uint16_t toF16(double v, Rounding mode = kNearestEven) { return static_cast<uint16_t>(roundTo<5, 10>(v, mode)); }

inline float fromBf16(uint16_t v) { return bitsAs<float>(static_cast<uint32_t>(v) << 16); }

inline float fromF16(uint16_t v) {
  const uint32_t sign = static_cast<uint32_t>(v & 0x8000) << 16;
  const uint32_t exponent = (v >> 10) & 31, mantissa = v & 1023;
  if (exponent == 31) {
    return bitsAs<float>(sign | 0x7f800000u | (mantissa << 13));
  }
  if (exponent == 0) {
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return bitsAs<float>(sign | bitsAs<uint32_t>(magnitude));
  }
  return bitsAs<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

// float to bf16, nearest even, by integer arithmetic: the fast path of matrix products.
inline uint16_t toBf16Fast(float v) {
  const uint32_t bits = bitsAs<uint32_t>(v);
  if (v != v) {
    return 0x7fff;
  }
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// tf32 keeps 10 bits of the mantissa; nearest, ties to even.
inline float toTf32(float v) {
  const uint32_t bits = bitsAs<uint32_t>(v);
  if ((bits & 0x7f800000u) == 0x7f800000u) return v;
  return bitsAs<float>((bits + 0xfffu + ((bits >> 13) & 1)) & 0xffffe000u);
}

inline float truncated(float v, uint32_t keep) {
  const float cut = bitsAs<float>(bitsAs<uint32_t>(v) & keep);
  return v != v ? v : cut;
}

} // namespace cudasim

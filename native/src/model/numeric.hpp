// SPDX-License-Identifier: Apache-2.0
// Elementary functions of doubles with the bits of io.github.vae4j.numeric.Elementary, whose
// comments are the specification: the same sums, products and quotients in the same order. No
// product and sum may be fused (-ffp-contract=off).
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace vae4j {
namespace numeric {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinNormal = std::numeric_limits<double>::min();
constexpr double kMaxValue = std::numeric_limits<double>::max();
constexpr double kLn2High = 0x1.62e42fefa3800p-1;
constexpr double kLn2Low = 0x1.ef35793c76730p-45;
constexpr double kLog2E = 0x1.71547652b82fep+0;
constexpr double kHalfPiHigh = 0x1.921fb54442d18p+0;
constexpr double kHalfPiMiddle = 0x1.1a62633145c08p-54;
constexpr double kHalfPiLow = -0x1.1f1976b7ed8fcp-106;
constexpr double kTwoByPi = 0x1.45f306dc9c883p-1;
constexpr double kThirdLow = 0x1.5555555555555p-56;
constexpr double kFifthLow = -0x1.999999999999ap-57;
constexpr double kRounding = 0x1.8p52;
constexpr int64_t kSqrtHalfBits = 0x3FE6A09E667F3BCD;
constexpr int64_t kHighBits = ~int64_t{0x7FFFFFF};
constexpr double kTiny = 0x1p-54;
constexpr double kPi = 0x1.921fb54442d18p+1;

inline int64_t bits_of(double x) {
  int64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

inline double from_bits(int64_t bits) {
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// k 2^52, as bits.
inline int64_t exponent_bits(int k) {
  return static_cast<int64_t>(static_cast<uint64_t>(static_cast<int64_t>(k)) << 52);
}

// The 26 leading bits: the product of two such numbers is exact.
inline double leading(double x) { return from_bits(bits_of(x) & kHighBits); }

// a b less its rounded value.
inline double product_error(double a, double b, double product) {
  double a_high = leading(a);
  double b_high = leading(b);
  double a_low = a - a_high;
  double b_low = b - b_high;
  return ((a_high * b_high - product) + (a_high * b_low + a_low * b_high)) + a_low * b_low;
}

// 2^k, k from -1022 to 1023.
inline double power(int k) { return from_bits(exponent_bits(k + 1023)); }

// e^r - 1 - r - r^2/2 for r up to 0.35 and z = r^2.
inline double cubic_tail(double r, double z) {
  double w = z * z;
  double first = (1.0 / 6 + r * (1.0 / 24)) + z * (1.0 / 120 + r * (1.0 / 720));
  double second = (1.0 / 5040 + r * (1.0 / 40320)) + z * (1.0 / 362880 + r * (1.0 / 3628800));
  double third = (1.0 / 39916800 + r * (1.0 / 479001600)) + z * (1.0 / 6227020800.0);
  return r * z * (first + w * (second + w * third));
}

// e^r - 1 - r for r up to 0.35.
inline double exp_tail(double r) {
  double z = r * r;
  return 0.5 * z + cubic_tail(r, z);
}

// e^(x + low), low at most half a unit of x.
inline double exp(double x, double low) {
  if (!(std::fabs(x) < 746)) {
    return x > 0 ? kInfinity : x < 0 ? 0 : x;
  }
  double shifted = x * kLog2E + kRounding;
  double k = shifted - kRounding;
  double high = x - k * kLn2High;
  double rest = k * kLn2Low - low;
  double r = high - rest;
  double c = (high - r) - rest;
  double sum = 1 + r;
  double e = sum + ((r - (sum - 1)) + (exp_tail(r) + (c + c * r)));
  int whole = static_cast<int>(bits_of(shifted));
  // Two factors, of which only the second can leave the normal range and round.
  int half = whole >> 1;
  return e * power(half) * power(whole - half);
}

inline double exp(double x) { return exp(x, 0); }

inline double expm1(double x) {
  if (!(std::fabs(x) >= kTiny)) {
    return x;
  }
  if (x > 45) {
    return exp(x);
  }
  if (x < -40) {
    return -1;
  }
  double shifted = x * kLog2E + kRounding;
  double k = shifted - kRounding;
  double high = x - k * kLn2High;
  double rest = k * kLn2Low;
  double r = high - rest;
  double c = (high - r) - rest;
  double top = leading(r);
  double half = 0.5 * top * top;
  double half_low = 0.5 * (r - top) * (r + top);
  double tail = half_low + (cubic_tail(r, r * r) + (c + c * r));
  double scale = power(static_cast<int>(bits_of(shifted)));
  double whole = scale - 1;
  double whole_low = (scale - whole) - 1;
  double first = whole + scale * r;
  double first_low = (whole - first) + scale * r;
  double sum = first + scale * half;
  return sum + (((first - sum) + scale * half) + (first_low + (whole_low + scale * tail)));
}

inline double tanh(double x) {
  double a = std::fabs(x);
  if (!(a >= 0x1p-28)) {
    return x;
  }
  if (a > 20) {
    return x > 0 ? 1 : -1;
  }
  // tanh a = (e^2a - 1) / (e^2a + 1), both in two parts.
  double shifted = 2 * a * kLog2E + kRounding;
  double k = shifted - kRounding;
  double high = 2 * a - k * kLn2High;
  double rest = k * kLn2Low;
  double r = high - rest;
  double c = (high - r) - rest;
  double scale = power(static_cast<int>(bits_of(shifted)));
  double tail = exp_tail(r) + (c + c * r);
  double part = r + tail;
  double part_low = scale * ((r - part) + tail);
  part *= scale;
  double less = scale - 1;
  double above = less + part;
  double above_low = ((less - above) + part) + (((scale - less) - 1) + part_low);
  double more = scale + 1;
  double below = more + part;
  double below_low = ((more - below) + part) + (((scale - more) + 1) + part_low);
  double quotient = above / below;
  double product = quotient * below;
  double left = (above - product) - product_error(quotient, below, product);
  double t = quotient + (left + (above_low - quotient * below_low)) / below;
  return x > 0 ? t : -t;
}

// k log 2 + log(1 + f) + low, f from sqrt(1/2) - 1 to sqrt(2) - 1.
inline double log_sum(double k, double f, double low) {
  double s = f / (2 + f);
  double z = s * s;
  double w = z * z;
  double v = w * w;
  double series = ((2.0 / 3 + z * (2.0 / 5)) + w * (2.0 / 7 + z * (2.0 / 9))) +
                  v * (((2.0 / 11 + z * (2.0 / 13)) + w * (2.0 / 15 + z * (2.0 / 17))) +
                       v * ((2.0 / 19 + z * (2.0 / 21)) + w * (2.0 / 23)));
  double top = leading(f);
  double half = 0.5 * top * top;
  double half_low = 0.5 * (f - top) * (f + top);
  double main = f - half;
  double main_low = (f - main) - half;
  double tail = s * ((half + half_low) + z * series) + (main_low - half_low);
  double powers = k * kLn2High;
  double sum = powers + main;
  return sum + (((powers - sum) + main) + (k * kLn2Low + (tail + low)));
}

inline double log(double x) {
  double normal = x;
  int shift = 0;
  if (!(x >= kMinNormal && x <= kMaxValue)) {
    if (!(x > 0 && x <= kMaxValue)) {
      return x == 0 ? -kInfinity : x < 0 ? kNan : x;
    }
    normal = x * 0x1p54;
    shift = -54;
  }
  int64_t bits = bits_of(normal);
  int k = static_cast<int>((bits - kSqrtHalfBits) >> 52);
  double f = from_bits(bits - exponent_bits(k)) - 1;
  return log_sum(shift + k, f, 0);
}

inline double log1p(double x) {
  if (!(std::fabs(x) >= kTiny)) {
    return x;
  }
  if (x > -0.29 && x < 0.41) {
    return log_sum(0, x, 0);
  }
  if (!(x > -1 && x <= kMaxValue)) {
    return x == -1 ? -kInfinity : x < -1 ? kNan : x;
  }
  double sum = 1 + x;
  double low = x > 1 ? 1 - (sum - x) : x - (sum - 1);
  int64_t bits = bits_of(sum);
  int k = static_cast<int>((bits - kSqrtHalfBits) >> 52);
  double f = from_bits(bits - exponent_bits(k)) - 1;
  return log_sum(k, f, low / sum);
}

// 1/7 + z/9 + z^2/11 + ...
inline double seventh_on(double z) {
  double sum = 1.0 / 29;
  for (int n = 27; n >= 7; n -= 2) {
    sum = sum * z + 1.0 / n;
  }
  return sum;
}

inline double power_at_the_edge(double x, double y) {
  if (x < 0 || x != x || y != y || (x == 1 && std::fabs(y) > kMaxValue)) {
    return kNan;
  }
  if (x == 1) {
    return 1;
  }
  return (x > 1) == (y > 0) ? kInfinity : 0;
}

// NaN where x is negative and y is not 0.
inline double pow(double x, double y) {
  if (y == 0) {
    return 1;
  }
  if (!(x > 0 && x <= kMaxValue && std::fabs(y) < 0x1p65)) {
    return power_at_the_edge(x, y);
  }
  bool denormal = x < kMinNormal;
  int64_t bits = bits_of(denormal ? x * 0x1p54 : x);
  int exponent = static_cast<int>((bits - kSqrtHalfBits) >> 52);
  double k = denormal ? exponent - 54 : exponent;
  double f = from_bits(bits - exponent_bits(exponent)) - 1;
  // s = f / (2 + f) and z = s^2 in two parts each.
  double d = 2 + f;
  double s = f / d;
  double p = s * d;
  double s_low = (((f - p) - product_error(s, d, p)) - s * (f - (d - 2))) / d;
  double z = s * s;
  double z_low = product_error(s, s, z) + 2 * s * s_low;
  // 1/5 + z (1/7 + ...), then 1/3 + z times that, then 1 + z times that.
  p = z * seventh_on(z);
  double fifth = 1.0 / 5 + p;
  double fifth_low = ((1.0 / 5 - fifth) + p) + kFifthLow;
  p = z * fifth;
  double third = 1.0 / 3 + p;
  double third_low = ((1.0 / 3 - third) + p) +
                     (kThirdLow + (product_error(z, fifth, p) + (z * fifth_low + z_low * fifth)));
  p = z * third;
  double one = 1 + p;
  double one_low = ((1 - one) + p) + (product_error(z, third, p) + (z * third_low + z_low * third));
  p = 2 * s * one;
  double p_low = product_error(2 * s, one, p) + 2 * (s * one_low + s_low * one);
  double powers = k * kLn2High;
  double log = powers + p;
  double log_low = ((powers - log) + p) + (k * kLn2Low + p_low);
  double product = y * log;
  return exp(product, product_error(y, log, product) + y * log_low);
}

// sin(r + c) for r up to pi/4.
inline double sine_near0(double r, double c) {
  double z = r * r;
  double w = z * z;
  double tail = (-1.0 / 6 + z * (1.0 / 120)) +
                w * ((-1.0 / 5040 + z * (1.0 / 362880)) +
                     w * ((-1.0 / 39916800 + z * (1.0 / 6227020800.0)) +
                          w * (-1.0 / 1307674368000.0 + z * (1.0 / 355687428096000.0))));
  return r + (r * z * tail + c * (1 - 0.5 * z));
}

// cos(r + c) for r up to pi/4.
inline double cosine_near0(double r, double c) {
  double z = r * r;
  double w = z * z;
  double tail =
      (1.0 / 24 + z * (-1.0 / 720)) +
      w * ((1.0 / 40320 + z * (-1.0 / 3628800)) +
           w * ((1.0 / 479001600 + z * (-1.0 / 87178291200.0)) + w * (1.0 / 20922789888000.0)));
  double top = leading(r);
  double half = 0.5 * top * top;
  double half_low = 0.5 * (r - top) * (r + top);
  double main = 1 - half;
  return main + (((1 - main) - half) + (w * tail - (half_low + r * c)));
}

// sin(x + quarters pi/2).
inline double of_angle(double x, int quarters) {
  if (!(std::fabs(x) <= 7)) {
    return kNan;
  }
  double shifted = x * kTwoByPi + kRounding;
  double k = shifted - kRounding;
  double high = x - k * kHalfPiHigh;
  double part = k * kHalfPiMiddle;
  double r = high - part;
  double taken = high - r;
  double c = ((high - (r + taken)) + (taken - part)) - k * kHalfPiLow;
  int quadrant = static_cast<int>(bits_of(shifted)) + quarters;
  double value = (quadrant & 1) == 0 ? sine_near0(r, c) : cosine_near0(r, c);
  return (quadrant & 2) == 0 ? value : -value;
}

// Of angles from -7 to 7; NaN for others.
inline double sin(double x) { return std::fabs(x) < 0x1p-27 ? x : of_angle(x, 0); }

inline double cos(double x) { return of_angle(x, 1); }

// Java's Math.max and Math.min: NaN where either is NaN, and -0 is below 0.
inline double larger(double a, double b) {
  if (a != a || b != b) return kNan;
  if (a == 0 && b == 0) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

inline double smaller(double a, double b) {
  if (a != a || b != b) return kNan;
  if (a == 0 && b == 0) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}

}  // namespace numeric
}  // namespace vae4j

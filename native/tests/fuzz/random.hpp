// SPDX-License-Identifier: Apache-2.0
// Random numbers, the same for a seed on every machine, and numbers that programs forget.
#pragma once

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace fuzz {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  // splitmix64.
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(next() % (static_cast<uint64_t>(high - low) + 1));
  }

  bool chance(int percent) { return between(1, 100) <= percent; }

  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  template <class T>
  const T& of(const std::vector<T>& values) {
    return values[static_cast<size_t>(between(0, static_cast<int64_t>(values.size()) - 1))];
  }

 private:
  uint64_t state_;
};

inline const std::vector<float>& hostile_floats() {
  static const std::vector<float> values = {
      0.0f,     -0.0f,     1.0f,    -1.0f,   0.5f,     255.0f,  FLT_MAX, -FLT_MAX,
      FLT_MIN,  1e-45f,    -1e-45f, 1e30f,   -1e30f,   88.8f,   -104,    16777216.0f,
      INFINITY, -INFINITY, NAN,     0x1p31f, -0x1p31f, 0x1p63f, -0x1p63f};
  return values;
}

inline const std::vector<double>& hostile_doubles() {
  static const std::vector<double> values = {
      0.0,     -0.0,     0.5,       -0.5,    1.0,
      2.0,     -1.0,     7.0,       0x1p31,  -0x1p31,
      1e18,    0x1p53,   0x1p62,    0x1p63,  -0x1p63,
      0x1p64,  1e300,    -1e300,    DBL_MIN, 5e-324,
      DBL_MAX, INFINITY, -INFINITY, NAN,     9223372036854774784.0};
  return values;
}

inline const std::vector<int64_t>& hostile_integers() {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  static const std::vector<int64_t> values = {kLeast,
                                              kLeast + 1,
                                              -(int64_t{1} << 32),
                                              -(int64_t{1} << 31),
                                              -2,
                                              -1,
                                              0,
                                              1,
                                              2,
                                              255,
                                              256,
                                              (int64_t{1} << 31) - 1,
                                              int64_t{1} << 31,
                                              int64_t{1} << 32,
                                              int64_t{1} << 40,
                                              int64_t{1} << 62,
                                              kMost - 1,
                                              kMost};
  return values;
}

}  // namespace fuzz

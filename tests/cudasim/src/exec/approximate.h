// SPDX-License-Identifier: Apache-2.0
// Results of approximate instructions. A device's bits are not documented, only bounds of its error: by the switch
// "approx" a result is the correctly rounded one, or another that PTX allows, the same for the same operands.
#pragma once

#include <algorithm>
#include <limits>

#include "block.h"
#include "lanes.h"

namespace cudasim {

// In the order of the values of the switch.
enum class Approximation : uint8_t { Rounded, Scattered, Low, High };

// Floats as integers in their order; both zeros are 0.
inline int64_t orderOf(float v) {
  const uint32_t bits = bitsAs<uint32_t>(v);
  return bits >> 31 ? -static_cast<int64_t>(bits & 0x7fffffffu) : static_cast<int64_t>(bits);
}
inline float floatAt(int64_t order) {
  return bitsAs<float>(order < 0 ? static_cast<uint32_t>(-order) | 0x80000000u : static_cast<uint32_t>(order));
}

// The results that are allowed, from the least to the greatest.
struct Allowed {
  int64_t low, high;
};

// So many steps from the correctly rounded result, of its sign and finite.
inline Allowed steps(float rounded, int64_t count) {
  const int64_t at = orderOf(rounded), most = orderOf(std::numeric_limits<float>::max());
  return at < 0 ? Allowed{std::max(at - count, -most), std::min(at + count, int64_t{0})}
                : Allowed{std::max(at - count, int64_t{0}), std::min(at + count, most)};
}

// Floats no further from the exact result than the error.
inline Allowed within(double exact, double error) {
  const auto at = [](double v, bool up) {
    const double most = std::numeric_limits<float>::max();
    const float f = static_cast<float>(std::clamp(v, -most, most));
    return orderOf(f) + (up && f < v ? 1 : !up && f > v ? -1 : 0);
  };
  const Allowed found = {at(exact - error, true), at(exact + error, false)};
  const int64_t rounded = orderOf(static_cast<float>(exact));
  return {std::min(found.low, rounded), std::max(found.high, rounded)};
}

// One unit in the last place of a result.
inline double unitOf(float rounded) { return std::ldexp(1.0, std::max(std::ilogb(rounded), -126) - 23); }

inline uint64_t scatter(uint64_t bits) { // splitmix64
  bits += 0x9e3779b97f4a7c15ull;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
  return bits ^ (bits >> 31);
}

inline int64_t choose(Approximation how, const Allowed& allowed, uint64_t operands) {
  switch (how) {
    case Approximation::Low: return allowed.low;
    case Approximation::High: return allowed.high;
    default: {
      const auto count = static_cast<uint64_t>(allowed.high - allowed.low) + 1;
      return allowed.low + static_cast<int64_t>(scatter(operands) % count);
    }
  }
}

// F's result for the operands, with .ftz or without.
template <class F, bool ftz, class... S>
struct Flushed {
  float operator()(S... a) const {
    const float v = F::of((ftz ? flush(a) : a)...);
    return canonical(ftz ? flush(v) : v);
  }
};

// F gives the result for the operands, and what else is allowed: `F::allowed(rounded, a...)`, for finite operands
// and finite results.
template <class F, bool ftz, class... S, size_t... I>
void approximateLanes(Warp& w, const Op& op, std::index_sequence<I...>) {
  float in[sizeof...(S)][kLanes];
  const Approximation how = w.block->launch.approximation;
  if (how != Approximation::Rounded) (std::memcpy(in[I], w.lanes<S>(op.r[I + 1]), sizeof in[I]), ...);
  runLanewise<Flushed<F, ftz, S...>, float, S...>(w, op);
  if (how == Approximation::Rounded) return;
  float* const d = w.lanes<float>(op.r[0]);
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1) || !std::isfinite(d[i]) || !(std::isfinite(in[I][i]) && ...)) continue;
    if (ftz) ((in[I][i] = flush(in[I][i])), ...);
    uint64_t operands = 0;
    ((operands = operands << 32 | bitsAs<uint32_t>(in[I][i])), ...);
    const int64_t chosen = choose(how, F::allowed(d[i], in[I][i]...), operands);
    if (chosen != orderOf(d[i])) d[i] = ftz ? flush(floatAt(chosen)) : floatAt(chosen);
  }
}

template <class F, bool ftz, class... S>
void runApproximate(Warp& w, const Op& op) {
  approximateLanes<F, ftz, S...>(w, op, std::index_sequence_for<S...>{});
}

// An instruction of floats, with .ftz or without.
template <class F, class... S>
void approximate32(Builder& b, bool ftz) {
  ftz ? b.lanewise<Flushed<F, true, S...>, float, S...>(OpClass::Special)
      : b.lanewise<Flushed<F, false, S...>, float, S...>(OpClass::Special);
  b.op.run = ftz ? runApproximate<F, true, S...> : runApproximate<F, false, S...>;
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
#include "interleave.h"

#include "block.h"

namespace cudasim {

namespace {

constexpr uint32_t kPlainAccessesPerSwitch = 4;

// splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators").
uint64_t mix(uint64_t v) {
  v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9ull;
  v = (v ^ (v >> 27)) * 0x94d049bb133111ebull;
  return v ^ (v >> 31);
}

} // namespace

Interleaving::Interleaving(const Launch& launch) : state_(mix(launch.interleave)) {
  for (const char c : launch.program->name) state_ = mix(state_ + static_cast<unsigned char>(c));
  for (int i = 0; i < 3; ++i) state_ = mix(mix(state_ + launch.grid[i]) + launch.block[i]);
}

uint64_t Interleaving::next() { return mix(state_ += 0x9e3779b97f4a7c15ull); }

bool Interleaving::leaves(const Op& op) {
  return op.yield == Yield::Always || (op.yield == Yield::Sometimes && below(kPlainAccessesPerSwitch) == 0);
}

} // namespace cudasim

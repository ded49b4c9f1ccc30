// SPDX-License-Identifier: Apache-2.0
// Blocks and warps of a launch that take turns, in an order that a seed decides.
#pragma once

#include <cstdint>

namespace cudasim {

struct Launch;
struct Block;
struct Op;

class Interleaving {
 public:
  // The same launch and seed give the same order: kernel, grid and block are all that is hashed.
  explicit Interleaving(const Launch& launch);

  uint32_t below(uint32_t n) { return static_cast<uint32_t>((next() >> 32) * n >> 32); }
  // Whether the warp is left after this op.
  bool leaves(const Op& op);
  // How many blocks are on the device at once.
  uint32_t resident() { return 4 + below(5); }

 private:
  uint64_t next();
  uint64_t state_;
};

} // namespace cudasim

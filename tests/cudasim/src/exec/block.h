// SPDX-License-Identifier: Apache-2.0
// One thread block while it runs, and the launch it belongs to.
#pragma once

#include <memory>

#include "barriers.h"
#include "global_shadow.h"
#include "interleave.h"
#include "memory_map.h"
#include "program.h"
#include "shadow.h"

namespace cudasim {

struct OpCounters {
  uint64_t warps = 0; // executions
  uint64_t lanes = 0; // of them, lanes that took part
  uint64_t sectors = 0;
  uint64_t bytes = 0;     // distinct ones that the lanes of a request asked for
  uint64_t conflicts = 0; // extra passes over the shared memory banks
};

enum class Approximation : uint8_t; // approximate.h

struct Launch {
  const Program* program = nullptr;
  const MemoryMap* memory = nullptr;
  uint32_t grid[3] = {1, 1, 1};
  uint32_t block[3] = {1, 1, 1};
  uint32_t dynamicShared = 0;
  std::vector<std::byte> parameters;
  bool judge = true;
  bool profile = false;
  uint64_t opLimit = 0;
  uint64_t interleave = 0; // seed, 0: blocks one after the other
  uint64_t shadow = 0;     // bytes of global memory that are judged at most, 0: none
  uint64_t id = 0;
  Approximation approximation{};
};

struct Block {
  Block(const Launch& launch, GlobalShadow* global, Interleaving* turns);

  // Runs the block of this index to its end; throws KernelFault.
  void run(uint64_t index);
  // The same in parts: from its start, a warp that is chosen by the turns until it is left.
  void begin(uint64_t index);
  void step();
  bool done() const;

  const Launch& launch;
  const Program& program;
  uint32_t index[3] = {0, 0, 0};
  uint32_t linear = 0; // the same as one number
  uint32_t threads = 0;
  GlobalShadow* const global; // null: not judged
  std::vector<ThreadOrder> order; // per thread, for it
  bool fenced = false;            // a thread took part in the order of memory
  std::vector<std::byte> shared;
  std::vector<Part> sharedParts;
  SharedShadow shadow;
  Barriers barriers;
  std::vector<Warp> warps;
  std::vector<const MemoryRange*> rangeOf; // last allocation each op touched
  std::vector<OpCounters> counters;        // per op, when profiling
  uint64_t executed = 0;
  const Warp* current = nullptr; // for the message of a fault

  // Whether the bytes are the launch's parameters, or shared or local memory of this block.
  bool owns(const std::byte* host) const {
    const auto in = [host](const std::vector<std::byte>& v) { return host >= v.data() && host < v.data() + v.size(); };
    return in(shared) || in(local_) || in(launch.parameters);
  }

 private:
  void runReady(Warp& w);
  template <bool profile, bool turns>
  void runWarp(Warp& w);
  [[noreturn]] void deadlock();

  Interleaving* const turns_; // null: warps run until they wait
  std::vector<std::byte> registers_, local_;
  std::vector<uint8_t> localWritten_; // for each byte of it
  std::vector<uint32_t> predicates_;
};

// The fault of a launch.
struct LaunchError {
  int code = 0;
  std::string text;
};

// The result of a launch, apart from memory.
struct LaunchResult {
  LaunchError error;
  std::vector<OpCounters> counters; // of each op, when the launch profiles
  bool judged = false;              // global memory, to the end
};

// Runs all blocks.
LaunchResult runGrid(const Launch& launch);

} // namespace cudasim

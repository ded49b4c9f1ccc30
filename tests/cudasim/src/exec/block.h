// One thread block while it runs, and the launch it belongs to.
#pragma once

#include <memory>

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
  uint64_t id = 0;
};

struct Block {
  explicit Block(const Launch& launch);

  // Runs the block of this index to its end; throws KernelFault.
  void run(uint64_t index);

  const Launch& launch;
  const Program& program;
  uint32_t index[3] = {0, 0, 0};
  uint32_t threads = 0;
  std::vector<std::byte> shared;
  SharedShadow shadow;
  uint32_t interval = 1;
  uint32_t barrierArrivals[16] = {}; // threads of bar.arrive
  std::vector<Warp> warps;
  std::vector<const MemoryRange*> rangeOf; // last allocation each op touched
  std::vector<OpCounters> counters;        // per op, when profiling
  uint64_t executed = 0;
  const Warp* current = nullptr; // for the message of a fault

  SharedShadow::Who who(const Warp& w, int lane) const {
    return {static_cast<uint16_t>(w.id * kLanes + static_cast<uint32_t>(lane)),
            static_cast<uint16_t>(w.id), w.synchronised};
  }

 private:
  void prepare(uint64_t index);
  template <bool profile> void runWarp(Warp& w);
  bool releaseBarriers();
  void release(const std::vector<Warp*>& waiting, uint32_t barrier);

  std::vector<std::byte> registers_, local_;
  std::vector<uint32_t> predicates_;
};

// What went wrong in a launch.
struct LaunchError {
  int code = 0;
  std::string text;
};

// Runs all blocks. Adds the counters of each op to `counters` when the launch profiles.
LaunchError runGrid(const Launch& launch, std::vector<OpCounters>& counters);

} // namespace cudasim

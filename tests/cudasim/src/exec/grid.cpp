// SPDX-License-Identifier: Apache-2.0
// Runs the blocks of a launch on a few threads. Blocks that communicate (global atomics) run in
// order on one thread, so that results have the same bits whatever the number of threads; so do those
// whose global memory is judged. With a seed, blocks take turns.
#include <pmmintrin.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <thread>

#include "block.h"

namespace cudasim {

namespace {

// The host's floating point state while it plays the device: nearest even, subnormals kept.
class DeviceFloatState {
 public:
  DeviceFloatState() : saved_(_mm_getcsr()) { _mm_setcsr(0x1f80); }
  ~DeviceFloatState() { _mm_setcsr(saved_); }
  DeviceFloatState(const DeviceFloatState&) = delete;
  DeviceFloatState& operator=(const DeviceFloatState&) = delete;

 private:
  unsigned saved_;
};

std::string describe(const Block& b, const KernelFault& fault) {
  const Program& p = b.program;
  const Warp& w = *b.current;
  const Line& line = p.lines[w.pc == 0 ? 0 : w.pc - 1];
  std::ostringstream out;
  out << fault.what << "\n  kernel " << p.name << ", PTX line " << line.ptx;
  if (line.source != 0) {
    const auto file = p.files.find(line.file);
    out << " (" << (file == p.files.end() ? "source" : file->second) << ":" << line.source << ")";
  }
  out << ", block (" << b.index[0] << "," << b.index[1] << "," << b.index[2] << ")";
  const uint32_t thread = w.id * kLanes + static_cast<uint32_t>(std::max(fault.lane, 0));
  const uint32_t* dim = b.launch.block;
  out << ", " << (fault.lane < 0 ? "warp of thread (" : "thread (") << thread % dim[0] << ","
      << thread / dim[0] % dim[1] << "," << thread / dim[0] / dim[1] << ")";
  return out.str();
}

unsigned threadCount() {
  static const unsigned count = [] {
    const char* wanted = std::getenv("VAE4J_CUDASIM_THREADS");
    const unsigned n = wanted ? static_cast<unsigned>(std::atoi(wanted)) : std::thread::hardware_concurrency();
    return std::max(1u, std::min(n, 16u));
  }();
  return count;
}

struct Shared {
  std::atomic<uint64_t> next{0};
  std::mutex mutex;
  uint64_t faultBlock = ~0ull;
  LaunchError error;
  GlobalShadow* global = nullptr;
};

void add(const Block& block, std::vector<OpCounters>& counters) {
  counters.resize(block.counters.size());
  for (size_t i = 0; i < counters.size(); ++i) {
    counters[i].warps += block.counters[i].warps;
    counters[i].lanes += block.counters[i].lanes;
    counters[i].sectors += block.counters[i].sectors;
    counters[i].bytes += block.counters[i].bytes;
    counters[i].conflicts += block.counters[i].conflicts;
  }
}

void work(const Launch& launch, uint64_t blocks, uint64_t chunk, Shared& shared, std::vector<OpCounters>& counters) {
  const DeviceFloatState state;
  Block block(launch, shared.global, nullptr);
  for (;;) {
    const uint64_t first = shared.next.fetch_add(chunk);
    if (first >= blocks) break;
    for (uint64_t i = first; i < std::min(blocks, first + chunk); ++i) {
      {
        const std::lock_guard<std::mutex> lock(shared.mutex);
        if (i > shared.faultBlock) return;
      }
      try {
        block.run(i);
      } catch (const KernelFault& fault) {
        const std::lock_guard<std::mutex> lock(shared.mutex);
        if (i < shared.faultBlock) { // the first block's fault is the one reported
          shared.faultBlock = i;
          shared.error = {fault.code, describe(block, fault)};
        }
        return;
      }
    }
  }
  if (launch.profile) {
    const std::lock_guard<std::mutex> lock(shared.mutex);
    add(block, counters);
  }
}

// A few blocks are on the device at once; the first to end makes room for the next. Blocks differ in how
// often it is their turn, so that some fall far behind others.
void takeTurns(const Launch& launch, uint64_t blocks, GlobalShadow* global, LaunchResult& result) {
  const DeviceFloatState state;
  Interleaving turns(launch);
  struct Slot {
    std::unique_ptr<Block> block;
    uint32_t weight;
  };
  std::vector<Slot> slots;
  uint64_t next = 0;
  const auto begin = [&](Slot& slot) {
    slot.block->begin(next++);
    slot.weight = 1u << (2 * turns.below(3));
  };
  for (uint64_t room = std::min<uint64_t>(blocks, turns.resident()); room > 0; --room) {
    slots.push_back({std::make_unique<Block>(launch, global, &turns), 1});
    begin(slots.back());
  }
  while (!slots.empty()) {
    uint32_t total = 0;
    for (const Slot& s : slots) total += s.weight;
    uint32_t chosen = turns.below(total);
    auto slot = slots.begin();
    while (chosen >= slot->weight) chosen -= slot++->weight;
    Block& block = *slot->block;
    try {
      block.step();
    } catch (const KernelFault& fault) {
      result.error = {fault.code, describe(block, fault)};
      return;
    }
    if (!block.done()) continue;
    if (next < blocks) {
      begin(*slot);
    } else {
      if (launch.profile) add(block, result.counters);
      slots.erase(slot);
    }
  }
}

} // namespace

LaunchResult runGrid(const Launch& launch) {
  LaunchResult result;
  const uint64_t blocks = uint64_t{launch.grid[0]} * launch.grid[1] * launch.grid[2];
  const uint64_t warps = blocks * ((launch.block[0] * launch.block[1] * launch.block[2] + 31) / 32);
  std::unique_ptr<GlobalShadow> global;
  if (launch.judge && launch.shadow != 0) global = std::make_unique<GlobalShadow>(launch, launch.shadow);
  if (launch.interleave != 0) {
    takeTurns(launch, blocks, global.get(), result);
    result.judged = global != nullptr && !global->overran();
    return result;
  }
  Shared shared;
  shared.global = global.get();
  // A thread costs some 20 us: small launches and ordered ones stay on the caller's.
  const unsigned threads = launch.program->ordered || warps < 64 || global != nullptr
                               ? 1
                               : static_cast<unsigned>(std::min<uint64_t>(threadCount(), blocks));
  const uint64_t chunk = std::max<uint64_t>(1, std::min<uint64_t>(16, blocks / (threads * 4)));
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < threads; ++i) {
    helpers.emplace_back([&] { work(launch, blocks, chunk, shared, result.counters); });
  }
  work(launch, blocks, chunk, shared, result.counters);
  for (std::thread& helper : helpers) {
    helper.join();
  }
  result.error = shared.error;
  result.judged = global != nullptr && !global->overran();
  return result;
}

const char* nameOf(OpClass c) {
  static const char* const names[] = {
      "helper",    "float32",    "float64",   "float16",    "special",     "integer",    "logic",
      "compare",   "convert",    "move",      "loadGlobal", "storeGlobal", "loadShared", "storeShared",
      "loadLocal", "storeLocal", "loadParam", "atomic",     "warp",        "barrier",    "control"};
  return names[static_cast<int>(c)];
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// The counters as JSON.
#include <sstream>

#include "runtime.h"

namespace cudasim {

void Profile::reset() {
  calls.clear();
  perKernel.clear();
  launches = graphLaunches = matmuls = judgedLaunches = 0;
}

namespace {

bool isGlobal(const Op& op) {
  return op.cls == OpClass::LoadGlobal || op.cls == OpClass::StoreGlobal || op.cls == OpClass::Atomic;
}
bool isShared(const Op& op) { return op.cls == OpClass::LoadShared || op.cls == OpClass::StoreShared; }

struct Traffic {
  uint64_t requests = 0, bytes = 0, sectors = 0;
  void add(const OpCounters& c) {
    requests += c.warps;
    bytes += c.bytes;
    sectors += c.sectors;
  }
};

void write(std::ostream& out, const char* name, const Traffic& t) {
  out << "\"" << name << "\":{\"requests\":" << t.requests << ",\"bytes\":" << t.bytes << ",\"sectors\":" << t.sectors
      << "}";
}

void write(std::ostream& out, const KernelProfile& k) {
  out << "{\"launches\":" << k.launches << ",\"blocks\":" << k.blocks << ",\"threads\":" << k.threads;
  uint64_t perClass[kOpClasses] = {}, total = 0, conflicts = 0;
  Traffic loads, stores, atomics, shared;
  for (size_t i = 0; i < k.ops.size(); ++i) {
    const Op& op = k.program->ops[i];
    const OpCounters& c = k.ops[i];
    if (op.cls == OpClass::Helper) continue;
    perClass[static_cast<int>(op.cls)] += c.warps;
    total += c.warps;
    conflicts += c.conflicts;
    if (op.cls == OpClass::LoadGlobal) loads.add(c);
    if (op.cls == OpClass::StoreGlobal) stores.add(c);
    if (op.cls == OpClass::Atomic) atomics.add(c);
    if (isShared(op)) shared.add(c);
  }
  out << ",\"warpInstructions\":" << total << ",\"byClass\":{";
  const char* separator = "";
  for (int c = 1; c < kOpClasses; ++c) {
    if (perClass[c] == 0) continue;
    out << separator << "\"" << nameOf(static_cast<OpClass>(c)) << "\":" << perClass[c];
    separator = ",";
  }
  out << "},";
  write(out, "globalLoads", loads);
  out << ",";
  write(out, "globalStores", stores);
  out << ",";
  write(out, "atomics", atomics);
  out << ",\"shared\":{\"requests\":" << shared.requests << ",\"bytes\":" << shared.bytes
      << ",\"bankConflicts\":" << conflicts << "},\"accesses\":[";
  separator = "";
  for (size_t i = 0; i < k.ops.size(); ++i) {
    const Op& op = k.program->ops[i];
    const OpCounters& c = k.ops[i];
    if (!(isGlobal(op) || isShared(op)) || c.warps == 0) continue;
    const Line& line = k.program->lines[i];
    out << separator << "{\"kind\":\"" << nameOf(op.cls) << "\",\"ptxLine\":" << line.ptx
        << ",\"sourceLine\":" << line.source << ",\"requests\":" << c.warps << ",\"bytes\":" << c.bytes
        << ",\"sectors\":" << c.sectors << ",\"conflicts\":" << c.conflicts << "}";
    separator = ",";
  }
  out << "]}";
}

} // namespace

std::string Profile::json(const DeviceMemory& memory) const {
  std::ostringstream out;
  out << "{\"launches\":" << launches << ",\"graphLaunches\":" << graphLaunches << ",\"matmuls\":" << matmuls
      << ",\"judgedLaunches\":" << judgedLaunches << ",\"memory\":{\"liveBytes\":" << memory.used()
      << ",\"peakBytes\":" << memory.peak() << ",\"liveAllocations\":" << memory.live().size()
      << ",\"pinnedAllocations\":" << memory.pinnedRanges().size() << "},\"calls\":{";
  const char* separator = "";
  for (const auto& [name, count] : calls) {
    out << separator << "\"" << name << "\":" << count;
    separator = ",";
  }
  out << "},\"kernels\":{";
  separator = "";
  for (const auto& [name, kernel] : perKernel) {
    out << separator << "\"" << name << "\":";
    write(out, kernel);
    separator = ",";
  }
  out << "}}";
  return out.str();
}

} // namespace cudasim

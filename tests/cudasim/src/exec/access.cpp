// SPDX-License-Identifier: Apache-2.0
#include "access.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace cudasim {

namespace {

constexpr int kErrorIllegalAddress = 700, kErrorMisaligned = 716, kErrorUnwritten = 719;

const char* verb(AccessKind kind) {
  return kind == AccessKind::Read ? "read" : kind == AccessKind::Write ? "write" : "atomic";
}

[[noreturn]] void illegal(const Op& op, AccessKind kind, int lane, const char* space, uint64_t address,
                          const std::string& why, int code = kErrorIllegalAddress) {
  char hex[32];
  std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(address));
  throw KernelFault{code, lane,
                    std::string("illegal ") + space + " " + verb(kind) + " of " + std::to_string(op.bytes * op.count) +
                        " bytes at " + hex + ": " + why};
}

struct Addresses {
  uint64_t at[kLanes];
  uint64_t low = ~0ull, high = 0, bits = 0;
};

// Lanes that do not take part repeat the address of the first one that does.
void addressesOf(const Warp& w, const Op& op, int slot, Addresses& out) {
  const uint64_t displacement = static_cast<uint64_t>(op.imm);
  if (op.r[slot] == kNone) {
    std::fill(std::begin(out.at), std::end(out.at), displacement);
  } else if (op.address32) {
    const uint32_t* base = w.lanes<uint32_t>(op.r[slot]);
    for (int i = 0; i < kLanes; ++i) out.at[i] = static_cast<uint32_t>(base[i] + displacement);
  } else {
    const uint64_t* base = w.lanes<uint64_t>(op.r[slot]);
    for (int i = 0; i < kLanes; ++i) out.at[i] = base[i] + displacement;
  }
  if (w.mask != kAllLanes) {
    const uint64_t first = out.at[__builtin_ctz(w.mask)];
    for (int i = 0; i < kLanes; ++i) out.at[i] = (w.mask >> i) & 1 ? out.at[i] : first;
  }
  uint64_t low = ~0ull, high = 0, bits = 0;
  for (int i = 0; i < kLanes; ++i) {
    low = std::min(low, out.at[i]);
    high = std::max(high, out.at[i]);
    bits |= out.at[i];
  }
  out.low = low;
  out.high = high;
  out.bits = bits;
}

int firstMisaligned(const Warp& w, const Addresses& a, uint64_t size) {
  for (int i = 0; i < kLanes; ++i) {
    if (((w.mask >> i) & 1) && (a.at[i] & (size - 1)) != 0) return i;
  }
  return 0;
}

// The distinct elements that the lanes access, and their distinct 32-byte sectors, which the memory
// system moves. An aligned element never spans two sectors.
void countRequest(const Warp& w, const Addresses& a, uint64_t size, OpCounters& c) {
  uint64_t at[kLanes];
  int n = 0;
  for (int i = 0; i < kLanes; ++i) {
    if ((w.mask >> i) & 1) at[n++] = a.at[i];
  }
  std::sort(at, at + n);
  n = static_cast<int>(std::unique(at, at + n) - at);
  c.bytes += size * static_cast<uint64_t>(n);
  for (int i = 0; i < n; ++i) c.sectors += i == 0 || at[i] >> 5 != at[i - 1] >> 5;
}

// Extra passes over the 32 banks of 4 bytes. Wide accesses are served in halves or quarters of a
// warp, so each group of lanes that moves 128 bytes counts by itself.
uint64_t countConflicts(const Warp& w, const Addresses& a, uint64_t size) {
  const int group = static_cast<int>(kLanes * 4 / std::max<uint64_t>(size, 4));
  uint64_t extra = 0;
  for (int first = 0; first < kLanes; first += group) {
    uint64_t words[kLanes * 4];
    int n = 0;
    for (int i = first; i < first + group; ++i) {
      if (!((w.mask >> i) & 1)) continue;
      for (uint64_t word = a.at[i] >> 2; word <= (a.at[i] + size - 1) >> 2; ++word) words[n++] = word;
    }
    std::sort(words, words + n);
    const int distinct = static_cast<int>(std::unique(words, words + n) - words);
    uint64_t perBank[32] = {}, most = 0;
    for (int k = 0; k < distinct; ++k) most = std::max(most, ++perBank[words[k] & 31]);
    extra += most > 1 ? most - 1 : 0;
  }
  return extra;
}

// True where all bytes of an access without gaps were written before: there is nothing to judge or to note.
bool wasWritten(const Addresses& a, uint64_t size, const MemoryRange& range) {
  const uint64_t bytes = a.high + size - a.low;
  return range.written == nullptr ||
         (bytes <= kLanes * size && std::memchr(range.written + (a.low - range.begin), 0, bytes) == nullptr);
}

// Of one lane's access to memory of which some bytes were never written.
void judgeWritten(Warp& w, const Op& op, AccessKind kind, int lane, uint64_t address, uint64_t size,
                  const MemoryRange& range) {
  uint8_t* const written = range.written + (address - range.begin);
  if (kind != AccessKind::Write && w.block->launch.judge && std::count(written, written + size, 0) != 0) {
    illegal(op, kind, lane, "global", address, "nobody has written it, " + w.block->launch.memory->describe(address),
            kErrorUnwritten);
  }
  if (kind != AccessKind::Read) std::fill_n(written, size, uint8_t{1});
}

void resolveGlobal(Warp& w, const Op& op, const Addresses& a, AccessKind kind, Access& out) {
  Block& b = *w.block;
  const uint64_t size = static_cast<uint64_t>(op.bytes) * op.count;
  if ((a.bits & (size - 1)) != 0) {
    const int lane = firstMisaligned(w, a, size);
    illegal(op, kind, lane, "global", a.at[lane], "not aligned", kErrorMisaligned);
  }
  const MemoryRange* range = b.rangeOf[op.index];
  const auto holds = [&](const MemoryRange* r) { return r != nullptr && a.low >= r->begin && a.high + size <= r->end; };
  if (!holds(range)) {
    range = b.rangeOf[op.index] = b.launch.memory->find(a.low);
  }
  if (holds(range)) {
    std::byte* const host = range->host;
    const uint64_t begin = range->begin;
    for (int i = 0; i < kLanes; ++i) out.host[i] = host + (a.at[i] - begin);
    const bool written = wasWritten(a, size, *range);
    for (int i = 0; !written && i < kLanes; ++i) {
      if ((w.mask >> i) & 1) judgeWritten(w, op, kind, i, a.at[i], size, *range);
    }
  } else {
    for (int i = 0; i < kLanes; ++i) {
      if (!((w.mask >> i) & 1)) continue;
      const MemoryRange* r = b.launch.memory->find(a.at[i]);
      if (r == nullptr || a.at[i] + size > r->end) {
        illegal(op, kind, i, "global", a.at[i], b.launch.memory->describe(a.at[i]));
      }
      if (r->written != nullptr) judgeWritten(w, op, kind, i, a.at[i], size, *r);
      out.host[i] = r->host + (a.at[i] - r->begin);
    }
  }
  if (b.launch.profile) countRequest(w, a, size, b.counters[op.index]);
}

// The variable that holds the bytes; a fault that names the one beside them, where none does.
const Part& partFor(const std::vector<Part>& parts, const Op& op, AccessKind kind, int lane, const char* space,
                    uint64_t address, uint64_t size) {
  const Part* const part = partOf(parts, address);
  if (part != nullptr && part->holds(address, address + size)) return *part;
  std::string why = "in no variable";
  if (part != nullptr) {
    const bool before = address < part->begin;
    const uint64_t distance = before ? part->begin - address : address - std::min(address, part->begin + part->bytes);
    why = std::to_string(distance) + (before ? " bytes before " : " bytes past the end of ") + part->name + ", " +
          std::to_string(part->bytes) + " bytes of " + space + " memory";
  }
  illegal(op, kind, lane, space, address, why);
}

void resolveShared(Warp& w, const Op& op, const Addresses& a, AccessKind kind, Access& out) {
  Block& b = *w.block;
  const uint64_t size = static_cast<uint64_t>(op.bytes) * op.count;
  if ((a.bits & (size - 1)) != 0) {
    const int lane = firstMisaligned(w, a, size);
    illegal(op, kind, lane, "shared", a.at[lane], "not aligned", kErrorMisaligned);
  }
  const Part* const part = partOf(b.sharedParts, a.low);
  if (part != nullptr && part->holds(a.low, a.high + size)) {
    std::byte* const host = b.shared.data() + part->at;
    for (int i = 0; i < kLanes; ++i) out.host[i] = host + (a.at[i] - part->begin);
  } else {
    for (int i = 0; i < kLanes; ++i) {
      if (!((w.mask >> i) & 1)) continue;
      const Part& p = partFor(b.sharedParts, op, kind, i, "shared", a.at[i], size);
      out.host[i] = b.shared.data() + p.at + (a.at[i] - p.begin);
    }
  }
  if (b.launch.profile) {
    OpCounters& c = b.counters[op.index];
    c.bytes += size * static_cast<uint64_t>(__builtin_popcount(w.mask));
    c.conflicts += countConflicts(w, a, size);
  }
}

void resolveLocal(Warp& w, const Op& op, const Addresses& a, AccessKind kind, Access& out) {
  const uint64_t size = static_cast<uint64_t>(op.bytes) * op.count;
  const Program& program = w.block->program;
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) continue;
    const Part& p = partFor(program.localParts, op, kind, i, "local", a.at[i], size);
    if ((a.at[i] & (size - 1)) != 0) illegal(op, kind, i, "local", a.at[i], "not aligned", kErrorMisaligned);
    const uint64_t at = static_cast<uint64_t>(i) * program.localBytes + p.at + (a.at[i] - p.begin);
    out.host[i] = w.local + at;
    if (kind == AccessKind::Write) {
      std::fill_n(w.localWritten + at, size, uint8_t{1});
    } else if (w.block->launch.judge && std::count(w.localWritten + at, w.localWritten + at + size, 0) != 0) {
      illegal(op, kind, i, "local", a.at[i], "of " + p.name + ", which this thread has not written there",
              kErrorUnwritten);
    }
  }
}

void resolveParameter(Warp& w, const Op& op, const Addresses& a, AccessKind kind, Access& out) {
  const auto& parameters = w.block->launch.parameters;
  const uint64_t size = static_cast<uint64_t>(op.bytes) * op.count;
  for (int i = 0; i < kLanes; ++i) {
    if (kind != AccessKind::Read || a.at[i] + size > parameters.size()) {
      illegal(op, kind, i, "param", a.at[i], "outside the kernel's parameters");
    }
    out.host[i] = const_cast<std::byte*>(parameters.data()) + a.at[i];
  }
}

void resolveIn(uint64_t window, Warp& w, const Op& op, Addresses& a, AccessKind kind, Access& out) {
  for (uint64_t& address : a.at) address -= window;
  a.low -= window;
  a.high -= window;
  a.bits &= ~kWindowMask;
  if (window == kSharedWindow) return resolveShared(w, op, a, kind, out);
  if (window == kLocalWindow) return resolveLocal(w, op, a, kind, out);
  if (window == kParamWindow) return resolveParameter(w, op, a, kind, out);
  resolveGlobal(w, op, a, kind, out);
}

uint64_t windowOf(uint64_t address) {
  const uint64_t window = address & kWindowMask;
  return window == kSharedWindow || window == kLocalWindow || window == kParamWindow ? window : 0;
}

void resolveGeneric(Warp& w, const Op& op, Addresses& a, AccessKind kind, Access& out) {
  const uint64_t window = windowOf(a.low);
  if (window == windowOf(a.high)) return resolveIn(window, w, op, a, kind, out);
  // Lanes point into different spaces: one space after the other.
  const uint32_t all = w.mask;
  for (int i = 0; i < kLanes; ++i) {
    if (!((all >> i) & 1)) continue;
    w.mask = 1u << i;
    Addresses one;
    std::fill(std::begin(one.at), std::end(one.at), a.at[i]);
    one.low = one.high = one.bits = a.at[i];
    Access single;
    resolveIn(windowOf(a.at[i]), w, op, one, kind, single);
    out.host[i] = single.host[i];
  }
  w.mask = all;
}

} // namespace

void resolveAccess(Warp& w, const Op& op, int slot, AccessKind kind, Access& out) {
  Addresses a;
  addressesOf(w, op, slot, a);
  switch (op.space) {
    case MemorySpace::Global: return resolveGlobal(w, op, a, kind, out);
    case MemorySpace::Shared: return resolveShared(w, op, a, kind, out);
    case MemorySpace::Local: return resolveLocal(w, op, a, kind, out);
    case MemorySpace::Param: return resolveParameter(w, op, a, kind, out);
    case MemorySpace::Generic: return resolveGeneric(w, op, a, kind, out);
  }
}

void judgeShared(Warp& w, const Op& op, int lane, AccessKind kind, const std::byte* host, const std::byte* data) {
  Block& b = *w.block;
  const size_t at = static_cast<size_t>(host - b.shared.data());
  const int size = op.bytes * op.count;
  const auto thread =
      lane < 0 ? SharedShadow::kSeveral : static_cast<uint16_t>(w.id * kLanes + static_cast<uint32_t>(lane));
  const SharedShadow::Who who = {w, thread, b.barriers.interval};
  const char* wrong = kind == AccessKind::Read    ? b.shadow.read(at, size, who)
                      : kind == AccessKind::Write ? b.shadow.write(at, size, who, host, data)
                                                  : b.shadow.atomic(at, size, who);
  if (wrong != nullptr) {
    illegal(op, kind, lane < 0 ? __builtin_ctz(w.mask) : lane, "shared", at, b.shadow.describe(wrong), 719);
  }
}

void judgeSharedReads(Warp& w, const Op& op, const Access& a) {
  const uint32_t rest = w.mask & (w.mask - 1);
  const int first = __builtin_ctz(w.mask);
  bool same = rest != 0;
  for (int i = 0; i < kLanes; ++i) same &= !((w.mask >> i) & 1) || a.host[i] == a.host[first];
  if (same) {
    if (isShared(*w.block, a.host[first])) judgeShared(w, op, -1, AccessKind::Read, a.host[first], nullptr);
    return;
  }
  for (int i = 0; i < kLanes; ++i) {
    if (((w.mask >> i) & 1) && isShared(*w.block, a.host[i])) {
      judgeShared(w, op, i, AccessKind::Read, a.host[i], nullptr);
    }
  }
}

namespace {

uint64_t addressOf(const Warp& w, const Op& op, int slot, int lane) {
  const uint64_t displacement = static_cast<uint64_t>(op.imm);
  if (op.r[slot] == kNone) return displacement;
  return (op.address32 ? w.lanes<uint32_t>(op.r[slot])[lane] : w.lanes<uint64_t>(op.r[slot])[lane]) + displacement;
}

bool isGlobal(const Warp& w, const Op& op, const std::byte* host) {
  return op.space == MemorySpace::Global || !w.block->owns(host);
}

} // namespace

void judgeGlobalReads(Warp& w, const Op& op, int slot, const Access& a) {
  for (int i = 0; i < kLanes; ++i) {
    if (((w.mask >> i) & 1) && isGlobal(w, op, a.host[i])) {
      w.block->global->read(w, op, i, a.host[i], addressOf(w, op, slot, i));
    }
  }
}

void judgeGlobal(Warp& w, const Op& op, int lane, AccessKind kind, const std::byte* host, const std::byte* data) {
  if (!isGlobal(w, op, host)) return;
  const uint64_t address = addressOf(w, op, 9, lane);
  if (kind == AccessKind::Write) {
    w.block->global->write(w, op, lane, host, data, address);
  } else {
    w.block->global->atomic(w, op, lane, host, address);
  }
}

} // namespace cudasim

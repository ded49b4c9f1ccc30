// SPDX-License-Identifier: Apache-2.0
#include "device_memory.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <iterator>

namespace cudasim {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kGranularity = 512; // allocations are aligned to it, with as much left between
constexpr size_t kRememberFreed = 65536;
constexpr uint64_t kLarge = 64ull << 20; // from here on, memory is not filled with poison, which would take the host's

constexpr uint64_t kSparse = 1ull << 20; // from here on, zeros are pages that the host does not keep

uint64_t roundUp(uint64_t v, uint64_t to) { return (v + to - 1) / to * to; }

const MemoryRange* holding(const std::map<uint64_t, MemoryRange>& ranges, uint64_t address) {
  auto it = ranges.upper_bound(address);
  if (it == ranges.begin()) return nullptr;
  --it;
  return address < it->second.end ? &it->second : nullptr;
}

// Gives the whole pages within the bytes back to the host: they read as zeros.
void dropPages(std::byte* host, uint64_t bytes) {
  const uint64_t first = roundUp(reinterpret_cast<uint64_t>(host), kPage);
  const uint64_t last = (reinterpret_cast<uint64_t>(host) + bytes) / kPage * kPage;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

std::string name(const MemoryRange& r) {
  char text[128];
  std::snprintf(text, sizeof text, "allocation #%llu (0x%llx, %llu bytes, %s)",
                static_cast<unsigned long long>(r.serial), static_cast<unsigned long long>(r.begin),
                static_cast<unsigned long long>(r.end - r.begin), r.call.c_str());
  return text;
}

} // namespace

bool DeviceMemory::reserve() {
  if (host_ != nullptr) return true;
  for (uint64_t size = 1ull << 38; size >= 1ull << 32; size /= 2) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* host = mmap(nullptr, size, PROT_NONE, flags, -1, 0);
    void* device = mmap(nullptr, size, PROT_NONE, flags, -1, 0);
    void* written = mmap(nullptr, size, PROT_NONE, flags, -1, 0);
    if (host != MAP_FAILED && device != MAP_FAILED && written != MAP_FAILED) {
      host_ = static_cast<std::byte*>(host);
      written_ = static_cast<uint8_t*>(written);
      base_ = reinterpret_cast<uint64_t>(device);
      size_ = size;
      return true;
    }
    if (host != MAP_FAILED) munmap(host, size);
    if (device != MAP_FAILED) munmap(device, size);
    if (written != MAP_FAILED) munmap(written, size);
  }
  return false;
}

// An offset with room for the bytes and a gap behind them; ~0 where there is none.
uint64_t DeviceMemory::place(uint64_t bytes) {
  const uint64_t need = roundUp(bytes, kGranularity) + kGranularity;
  const uint64_t alignment = bytes >= kPage ? kPage : kGranularity;
  uint64_t at = roundUp(next_, alignment);
  if (at + need <= size_) {
    next_ = at + need;
    return at;
  }
  at = 0; // every address was used once: first fit from the start
  for (const auto& [begin, range] : live_) {
    if (at + need <= begin - base_) break;
    at = roundUp(range.end - base_ + kGranularity, alignment);
  }
  return at + need <= size_ ? at : ~0ull;
}

uint64_t DeviceMemory::allocate(uint64_t bytes, const char* call) {
  const uint64_t counted = roundUp(bytes, kGranularity);
  if (counted > capacity_ || used_ > capacity_ - counted || !reserve()) return 0;
  const uint64_t at = place(bytes);
  if (at == ~0ull) return 0;
  const uint64_t first = at / kPage * kPage;
  const uint64_t length = roundUp(at + bytes, kPage) - first;
  for (void* pages : {static_cast<void*>(host_ + first), static_cast<void*>(written_ + first)}) {
    if (mprotect(pages, length, PROT_READ | PROT_WRITE) != 0) return 0;
  }
  MemoryRange r;
  r.begin = base_ + at;
  r.end = r.begin + bytes;
  r.host = host_ + at;
  r.serial = ++serial_;
  r.call = call;
  // Fresh memory is poison: NaN as a float, -1 as an integer.
  if (bytes < kLarge) std::memset(r.host, 0xff, bytes);
  r.written = written_ + at;
  clear(reinterpret_cast<std::byte*>(r.written), bytes);
  freed_.erase(freed_.lower_bound(r.begin), freed_.upper_bound(r.end));
  live_[r.begin] = r;
  used_ += counted;
  peak_ = std::max(peak_, used_);
  return r.begin;
}

bool DeviceMemory::release(uint64_t address, std::string& why) {
  const auto found = live_.find(address);
  if (found == live_.end()) {
    const auto before = freed_.find(address);
    why = before != freed_.end() ? "double free of " + name(before->second)
                                 : "free of an address that no allocation starts at: " + describe(address);
    return false;
  }
  const MemoryRange r = found->second;
  live_.erase(found);
  used_ -= roundUp(r.end - r.begin, kGranularity);
  if (r.end - r.begin < kLarge) std::memset(r.host, 0xfe, r.end - r.begin);
  dropPages(r.host, r.end - r.begin);
  dropPages(reinterpret_cast<std::byte*>(written_ + (r.host - host_)), r.end - r.begin);
  if (freed_.size() >= kRememberFreed) freed_.erase(freed_.begin());
  freed_[r.begin] = r;
  return true;
}

void DeviceMemory::addPinned(void* host, uint64_t bytes, const char* call) {
  MemoryRange r;
  r.begin = reinterpret_cast<uint64_t>(host);
  r.end = r.begin + bytes;
  r.host = static_cast<std::byte*>(host);
  r.serial = ++serial_;
  r.call = call;
  pinned_[r.begin] = r;
}

bool DeviceMemory::removePinned(void* host) { return pinned_.erase(reinterpret_cast<uint64_t>(host)) != 0; }

const MemoryRange* DeviceMemory::pinned(const void* host, uint64_t bytes) const {
  const uint64_t at = reinterpret_cast<uint64_t>(host);
  const MemoryRange* r = holding(pinned_, at);
  return r != nullptr && at + bytes <= r->end ? r : nullptr;
}

const MemoryRange* DeviceMemory::find(uint64_t address) const {
  const MemoryRange* r = holding(live_, address);
  return r != nullptr ? r : holding(pinned_, address);
}

void DeviceMemory::wrote(uint64_t address, uint64_t bytes) {
  const MemoryRange* r = find(address);
  if (r == nullptr || r->written == nullptr) return;
  if (bytes == r->end - r->begin) {
    r->written = nullptr;
  } else {
    std::memset(r->written + (address - r->begin), 1, bytes);
  }
}

void DeviceMemory::copiedWritten(uint64_t to, uint64_t from, uint64_t bytes) {
  if (writtenAt(from, bytes) == bytes) return wrote(to, bytes);
  const MemoryRange *target = find(to), *source = find(from);
  if (live_.count(target->begin) == 0) return; // pinned memory: the host writes it, too
  if (target->written == nullptr) {
    target->written = written_ + (target->host - host_);
    std::memset(target->written, 1, target->end - target->begin);
  }
  std::memmove(target->written + (to - target->begin), source->written + (from - source->begin), bytes);
}

uint64_t DeviceMemory::writtenAt(uint64_t address, uint64_t bytes) const {
  const MemoryRange* r = find(address);
  if (r == nullptr || r->written == nullptr) return bytes;
  const uint8_t* const from = r->written + (address - r->begin);
  const void* const gap = std::memchr(from, 0, bytes);
  return gap == nullptr ? bytes : static_cast<uint64_t>(static_cast<const uint8_t*>(gap) - from);
}

void DeviceMemory::clear(std::byte* host, uint64_t bytes) {
  if (bytes < kSparse) {
    std::memset(host, 0, bytes);
    return;
  }
  const uint64_t before = roundUp(reinterpret_cast<uint64_t>(host), kPage) - reinterpret_cast<uint64_t>(host);
  const uint64_t after = (reinterpret_cast<uint64_t>(host) + bytes) % kPage;
  std::memset(host, 0, before);
  std::memset(host + bytes - after, 0, after);
  dropPages(host, bytes);
}

std::byte* DeviceMemory::translate(uint64_t address, uint64_t bytes) const {
  const MemoryRange* r = find(address);
  return r != nullptr && bytes <= r->end - address ? r->host + (address - r->begin) : nullptr;
}

std::string DeviceMemory::describe(uint64_t address) const {
  if (address < 65536) return "null pointer";
  if (const MemoryRange* r = find(address)) {
    return std::to_string(r->end - address) + " bytes before the end of " + name(*r);
  }
  if (const MemoryRange* r = holding(freed_, address)) return "use after free of " + name(*r);
  auto it = live_.upper_bound(address);
  if (it != live_.begin()) {
    const MemoryRange& before = std::prev(it)->second;
    if (address - before.end < 1 << 20) {
      return std::to_string(address - before.end) + " bytes past the end of " + name(before);
    }
  }
  return "in no allocation";
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// Device and pinned host memory. A device address is never a host address (reading through it on
// the host is a segmentation fault, as with a real device), and an address is not handed out again
// until the whole range was used once, so that a use after free is seen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "../exec/memory_map.h"

namespace cudasim {

class DeviceMemory : public MemoryMap {
 public:
  explicit DeviceMemory(uint64_t capacity) : capacity_(capacity) {}

  // 0 where the device is full.
  uint64_t allocate(uint64_t bytes, const char* call);
  bool release(uint64_t address, std::string& why);
  uint64_t capacity() const { return capacity_; }
  void setCapacity(uint64_t bytes) { capacity_ = bytes; }
  uint64_t used() const { return used_; }
  uint64_t peak() const { return peak_; }
  void resetPeak() { peak_ = used_; }
  const std::map<uint64_t, MemoryRange>& live() const { return live_; }

  void addPinned(void* host, uint64_t bytes, const char* call);
  bool removePinned(void* host);
  // The pinned range that holds all the bytes, or null.
  const MemoryRange* pinned(const void* host, uint64_t bytes) const;
  const std::map<uint64_t, MemoryRange>& pinnedRanges() const { return pinned_; }

  // Something has written the bytes, which lie in one allocation; or what is known of others was copied with them.
  void wrote(uint64_t address, uint64_t bytes);
  void copiedWritten(uint64_t to, uint64_t from, uint64_t bytes);
  // How many of the bytes were written before the first that was not.
  uint64_t writtenAt(uint64_t address, uint64_t bytes) const;
  // Fills with zeros; whole pages take none of the host's memory until they are written again.
  static void clear(std::byte* host, uint64_t bytes);

  // Where `bytes` at a device address are kept; null where they are not all in one allocation.
  std::byte* translate(uint64_t address, uint64_t bytes) const;

  const MemoryRange* find(uint64_t address) const override;
  std::string describe(uint64_t address) const override;

 private:
  bool reserve();
  uint64_t place(uint64_t bytes);

  uint64_t capacity_, used_ = 0, peak_ = 0, serial_ = 0;
  uint64_t base_ = 0, size_ = 0, next_ = 0; // the range of device addresses
  std::byte* host_ = nullptr;
  uint8_t* written_ = nullptr; // of each byte of host_
  std::map<uint64_t, MemoryRange> live_, freed_, pinned_;
};

} // namespace cudasim

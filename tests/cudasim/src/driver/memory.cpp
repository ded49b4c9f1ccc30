// SPDX-License-Identifier: Apache-2.0
// Allocation, copies and fills.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "stream.h"

using namespace cudasim;

namespace {

std::string hex(uint64_t v) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(v));
  return text;
}

CUresult allocate(Runtime& rt, CUdeviceptr* out, size_t bytes, const char* call) {
  if (out == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  const uint64_t address = rt.memory.allocate(bytes, call);
  if (address == 0) return CUDA_ERROR_OUT_OF_MEMORY;
  *out = address;
  return CUDA_SUCCESS;
}

CUresult release(Runtime& rt, CUdeviceptr address) {
  if (address == 0) return CUDA_SUCCESS;
  std::string why;
  if (!rt.memory.release(address, why)) return rt.note(CUDA_ERROR_INVALID_VALUE, why);
  return CUDA_SUCCESS;
}

// A copy's or a fill's end that lies on the device must be in one allocation, when it is submitted
// and again when it runs.
CUresult checkDevice(Runtime& rt, CUdeviceptr address, size_t bytes, const char* call) {
  if (rt.memory.translate(address, bytes) != nullptr) return CUDA_SUCCESS;
  return rt.note(CUDA_ERROR_INVALID_VALUE, std::string(call) + " of " + std::to_string(bytes) + " bytes at " +
                                               hex(address) + ": " + rt.memory.describe(address));
}

enum class Place { Host, Device };
struct End {
  Place place;
  uint64_t address;
};

std::byte* locate(const Runtime& rt, const End& end, size_t bytes) {
  return end.place == Place::Host ? reinterpret_cast<std::byte*>(end.address) : rt.memory.translate(end.address, bytes);
}

Work copyWork(const char* call, End to, End from, size_t bytes) {
  Work work;
  work.type = NodeType::Memcpy;
  work.name = call;
  work.run = [=]() -> LaunchError {
    Runtime& rt = runtime();
    std::byte* target = locate(rt, to, bytes);
    const std::byte* source = locate(rt, from, bytes);
    if (target == nullptr || source == nullptr) {
      const uint64_t bad = target == nullptr ? to.address : from.address;
      return {CUDA_ERROR_ILLEGAL_ADDRESS, std::string(call) + " at " + hex(bad) + ": " + rt.memory.describe(bad)};
    }
    std::memmove(target, source, bytes);
    if (to.place == Place::Device) {
      from.place == Place::Device ? rt.memory.copiedWritten(to.address, from.address, bytes)
                                  : rt.memory.wrote(to.address, bytes);
    }
    return {};
  };
  return work;
}

CUresult check(Runtime& rt, const End& end, size_t bytes, const char* call) {
  if (end.place == Place::Host) return end.address == 0 ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
  return checkDevice(rt, end.address, bytes, call);
}

// "The function will return once the pageable buffer has been copied to the staging memory for DMA
// transfer to device memory, but the DMA to final destination may not have completed"; the
// asynchronous one "may synchronize with the stream and stage the copy into pinned memory". So the host
// may change its bytes at once, but only the order of the stream says when the device has them.
bool late(const Runtime& rt, const End& to, const End& from, size_t bytes) {
  return rt.switches.get("copy.late") != 0 && to.place == Place::Device && from.place == Place::Host &&
         !rt.memory.pinned(reinterpret_cast<void*>(from.address), bytes);
}

Work stagedWork(const char* call, End to, End from, size_t bytes) {
  const auto* first = reinterpret_cast<const std::byte*>(from.address);
  const auto staged = std::make_shared<const std::vector<std::byte>>(first, first + bytes);
  Work work = copyWork(call, to, {Place::Host, reinterpret_cast<uint64_t>(staged->data())}, bytes);
  work.run = [staged, copy = std::move(work.run)] { return copy(); };
  return work;
}

CUresult copyNow(Runtime& rt, const char* call, End to, End from, size_t bytes) {
  if (bytes == 0) return CUDA_SUCCESS;
  for (const End& end : {to, from}) {
    if (const CUresult rc = check(rt, end, bytes, call)) return rc;
  }
  if (late(rt, to, from, bytes)) {
    rt.runUntil(rt.legacyStream.lastTicket); // "a stream sync is performed before the copy is initiated"
    return rt.sticky != CUDA_SUCCESS ? rt.sticky : enqueue(rt, &rt.legacyStream, stagedWork(call, to, from, bytes));
  }
  if (const CUresult rc = enqueue(rt, &rt.legacyStream, copyWork(call, to, from, bytes))) return rc;
  rt.runAll();
  return rt.sticky;
}

CUresult copyAsync(Runtime& rt, const char* call, End to, End from, size_t bytes, CUstream handle) {
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (bytes == 0) return CUDA_SUCCESS;
  for (const End& end : {to, from}) {
    if (const CUresult rc = check(rt, end, bytes, call)) return rc;
  }
  const auto pageable = [&](const End& end) {
    return end.place == Place::Host && !rt.memory.pinned(reinterpret_cast<void*>(end.address), bytes);
  };
  if (!pageable(to) && !pageable(from)) return enqueue(rt, stream, copyWork(call, to, from, bytes));
  // Pageable memory makes the copy synchronous, which a capture cannot record.
  if (stream->capture) return checkNotCapturing(rt, stream);
  if (late(rt, to, from, bytes)) return enqueue(rt, stream, stagedWork(call, to, from, bytes));
  if (const CUresult rc = enqueue(rt, stream, copyWork(call, to, from, bytes))) return rc;
  rt.runUntil(stream->lastTicket);
  return rt.sticky;
}

template <class T>
Work fillWork(const char* call, CUdeviceptr address, T value, size_t count) {
  Work work;
  work.type = NodeType::Memset;
  work.name = call;
  work.run = [=]() -> LaunchError {
    Runtime& rt = runtime();
    std::byte* target = rt.memory.translate(address, count * sizeof(T));
    if (target == nullptr) {
      return {CUDA_ERROR_ILLEGAL_ADDRESS,
              std::string(call) + " at " + hex(address) + ": " + rt.memory.describe(address)};
    }
    rt.memory.wrote(address, count * sizeof(T));
    if (value == 0 && rt.memory.pinned(target, 1) == nullptr) {
      DeviceMemory::clear(target, count * sizeof(T));
      return {};
    }
    for (size_t i = 0; i < count; ++i) std::memcpy(target + i * sizeof(T), &value, sizeof(T));
    return {};
  };
  return work;
}

template <class T>
CUresult fill(Runtime& rt, const char* call, CUdeviceptr address, T value, size_t count, CUstream handle, bool wait) {
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (count == 0) return CUDA_SUCCESS;
  // "the destination must be aligned to the size of the value"
  if (address % sizeof(T) != 0) return CUDA_ERROR_INVALID_VALUE;
  if (const CUresult rc = checkDevice(rt, address, count * sizeof(T), call)) return rc;
  if (const CUresult rc = enqueue(rt, stream, fillWork(call, address, value, count))) return rc;
  if (wait) rt.runAll();
  return wait ? rt.sticky : CUDA_SUCCESS;
}

End host(const void* p) { return {Place::Host, reinterpret_cast<uint64_t>(p)}; }
End device(CUdeviceptr p) { return {Place::Device, p}; }

// cuMemcpy and cuMemcpyAsync infer each end from its address.
End infer(const Runtime& rt, CUdeviceptr p) {
  return rt.memory.find(p) != nullptr ? device(p) : host(reinterpret_cast<void*>(p));
}

} // namespace

CUDASIM_API cuMemAlloc_v2(CUdeviceptr* out, size_t bytes) {
  ENTER(kContext | kUnsafe);
  return allocate(rt, out, bytes, __func__);
}

CUDASIM_API cuMemFree_v2(CUdeviceptr address) {
  ENTER(kContext | kUnsafe);
  rt.runAll(); // waits for the device
  return rt.sticky != CUDA_SUCCESS ? rt.sticky : release(rt, address);
}

CUDASIM_API cuMemAllocAsync(CUdeviceptr* out, size_t bytes, CUstream handle) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) {
    checkNotCapturing(rt, stream);
    return rt.note(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "memory nodes of graphs are not emulated");
  }
  return allocate(rt, out, bytes, __func__);
}

CUDASIM_API cuMemFreeAsync(CUdeviceptr address, CUstream handle) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) {
    checkNotCapturing(rt, stream);
    return rt.note(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "memory nodes of graphs are not emulated");
  }
  if (rt.memory.live().count(address) == 0) return release(rt, address); // reports the fault
  Work work;
  work.type = NodeType::Host;
  work.name = __func__;
  work.run = [address]() -> LaunchError {
    std::string why;
    if (!runtime().memory.release(address, why)) return {CUDA_ERROR_ILLEGAL_ADDRESS, why};
    return {};
  };
  return enqueue(rt, stream, std::move(work));
}

CUDASIM_API cuMemGetInfo_v2(size_t* available, size_t* total) {
  ENTER(kContext);
  if (available == nullptr || total == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *total = rt.memory.capacity();
  *available = rt.memory.capacity() - std::min(rt.memory.capacity(), rt.memory.used());
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemGetAddressRange_v2(CUdeviceptr* base, size_t* bytes, CUdeviceptr address) {
  ENTER(kContext);
  const MemoryRange* r = rt.memory.find(address);
  if (r == nullptr) return CUDA_ERROR_NOT_FOUND;
  if (base != nullptr) *base = r->begin;
  if (bytes != nullptr) *bytes = r->end - r->begin;
  return CUDA_SUCCESS;
}

namespace {

CUresult allocatePinned(Runtime& rt, void** out, size_t bytes, const char* call) {
  if (out == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  *out = std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (*out == nullptr) return CUDA_ERROR_OUT_OF_MEMORY;
  std::memset(*out, 0xff, bytes);
  rt.memory.addPinned(*out, bytes, call);
  return CUDA_SUCCESS;
}

// Whether pinned memory starts here, and was allocated (or registered).
bool startsPinned(const Runtime& rt, void* host, bool allocated) {
  const auto found = rt.memory.pinnedRanges().find(reinterpret_cast<uint64_t>(host));
  return found != rt.memory.pinnedRanges().end() && (found->second.call != "cuMemHostRegister_v2") == allocated;
}

} // namespace

CUDASIM_API cuMemAllocHost_v2(void** out, size_t bytes) {
  ENTER(kContext | kUnsafe);
  return allocatePinned(rt, out, bytes, __func__);
}

CUDASIM_API cuMemHostAlloc(void** out, size_t bytes, unsigned flags) {
  ENTER(kContext | kUnsafe);
  return flags > 7 ? CUDA_ERROR_INVALID_VALUE : allocatePinned(rt, out, bytes, __func__);
}

CUDASIM_API cuMemFreeHost(void* host) {
  ENTER(kContext | kUnsafe | kIgnoresSticky);
  rt.runAll();
  if (!startsPinned(rt, host, true)) {
    return rt.note(CUDA_ERROR_INVALID_VALUE, "cuMemFreeHost of memory that was not allocated so (or freed before)");
  }
  rt.memory.removePinned(host);
  std::free(host);
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemHostRegister_v2(void* host, size_t bytes, unsigned) {
  ENTER(kContext | kUnsafe);
  if (host == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  if (rt.memory.pinned(host, 1)) return CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
  rt.memory.addPinned(host, bytes, __func__);
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemHostUnregister(void* host) {
  ENTER(kContext | kUnsafe | kIgnoresSticky);
  rt.runAll();
  if (!startsPinned(rt, host, false)) return CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
  rt.memory.removePinned(host);
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemHostGetDevicePointer_v2(CUdeviceptr* out, void* host, unsigned) {
  ENTER(kContext);
  if (out == nullptr || !rt.memory.pinned(host, 1)) return CUDA_ERROR_INVALID_VALUE;
  *out = reinterpret_cast<CUdeviceptr>(host);
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t n) {
  ENTER(kContext);
  return copyNow(rt, __func__, device(to), host(from), n);
}
CUDASIM_API cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t n) {
  ENTER(kContext);
  return copyNow(rt, __func__, host(to), device(from), n);
}
CUDASIM_API cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t n) {
  ENTER(kContext);
  return copyNow(rt, __func__, device(to), device(from), n);
}
CUDASIM_API cuMemcpy(CUdeviceptr to, CUdeviceptr from, size_t n) {
  ENTER(kContext);
  return copyNow(rt, __func__, infer(rt, to), infer(rt, from), n);
}
CUDASIM_API cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t n, CUstream s) {
  ENTER(kContext);
  return copyAsync(rt, __func__, device(to), host(from), n, s);
}
CUDASIM_API cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t n, CUstream s) {
  ENTER(kContext);
  return copyAsync(rt, __func__, host(to), device(from), n, s);
}
CUDASIM_API cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t n, CUstream s) {
  ENTER(kContext);
  return copyAsync(rt, __func__, device(to), device(from), n, s);
}
CUDASIM_API cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t n, CUstream s) {
  ENTER(kContext);
  return copyAsync(rt, __func__, infer(rt, to), infer(rt, from), n, s);
}

CUDASIM_API cuMemsetD8_v2(CUdeviceptr p, unsigned char v, size_t n) {
  ENTER(kContext);
  return fill(rt, __func__, p, v, n, nullptr, true);
}
CUDASIM_API cuMemsetD16_v2(CUdeviceptr p, unsigned short v, size_t n) {
  ENTER(kContext);
  return fill(rt, __func__, p, v, n, nullptr, true);
}
CUDASIM_API cuMemsetD32_v2(CUdeviceptr p, unsigned v, size_t n) {
  ENTER(kContext);
  return fill(rt, __func__, p, v, n, nullptr, true);
}
CUDASIM_API cuMemsetD8Async(CUdeviceptr p, unsigned char v, size_t n, CUstream s) {
  ENTER(kContext);
  return fill(rt, __func__, p, v, n, s, false);
}
CUDASIM_API cuMemsetD16Async(CUdeviceptr p, unsigned short v, size_t n, CUstream s) {
  ENTER(kContext);
  return fill(rt, __func__, p, v, n, s, false);
}
CUDASIM_API cuMemsetD32Async(CUdeviceptr p, unsigned v, size_t n, CUstream s) {
  ENTER(kContext);
  return fill(rt, __func__, p, v, n, s, false);
}

CUDASIM_API cuDeviceGetDefaultMemPool(CUmemoryPool* out, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr || device < 0 || device >= rt.settings.devices) return CUDA_ERROR_INVALID_VALUE;
  *out = &rt.defaultPool;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceGetMemPool(CUmemoryPool* out, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr || device < 0 || device >= rt.settings.devices) return CUDA_ERROR_INVALID_VALUE;
  *out = &rt.defaultPool;
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemPoolSetAttribute(CUmemoryPool pool, int attribute, void* value) {
  ENTER(kInit);
  if (pool != &rt.defaultPool || value == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (attribute == 4) std::memcpy(&pool->releaseThreshold, value, 8); // RELEASE_THRESHOLD
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemPoolGetAttribute(CUmemoryPool pool, int attribute, void* value) {
  ENTER(kInit);
  if (pool != &rt.defaultPool || value == nullptr) return CUDA_ERROR_INVALID_VALUE;
  const uint64_t v = attribute == 4 ? pool->releaseThreshold : attribute >= 5 ? rt.memory.used() : 1;
  std::memcpy(value, &v, attribute < 4 ? 4 : 8);
  return CUDA_SUCCESS;
}

CUDASIM_API cuMemPoolTrimTo(CUmemoryPool pool, size_t) {
  ENTER(kInit);
  return pool == &rt.defaultPool ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

// SPDX-License-Identifier: Apache-2.0
// Initialisation, devices and contexts.
#include <dlfcn.h>

#include <cstring>

#include "control.h"
#include "stream.h"

using namespace cudasim;

namespace {

bool validDevice(const Runtime& rt, CUdevice device) { return device >= 0 && device < rt.settings.devices; }

int attribute(const Runtime& rt, int which) {
  switch (which) {
    case 1: return 1024;             // MAX_THREADS_PER_BLOCK
    case 2:
    case 3: return 1024;     // MAX_BLOCK_DIM_X, Y
    case 4: return 64;               // MAX_BLOCK_DIM_Z
    case 5: return 2147483647;       // MAX_GRID_DIM_X
    case 6:
    case 7: return 65535;    // MAX_GRID_DIM_Y, Z
    case 8: return 49152;            // MAX_SHARED_MEMORY_PER_BLOCK
    case 9: return 65536;            // TOTAL_CONSTANT_MEMORY
    case 10: return 32;              // WARP_SIZE
    case 12: return 65536;           // MAX_REGISTERS_PER_BLOCK
    case 13: return 1980000;         // CLOCK_RATE, kHz
    case 14: return 512;             // TEXTURE_ALIGNMENT
    case 16: return 132;             // MULTIPROCESSOR_COUNT
    case 19:
    case 31: return 1;      // CAN_MAP_HOST_MEMORY, CONCURRENT_KERNELS
    case 36: return 2619000;         // MEMORY_CLOCK_RATE
    case 37: return 5120;            // GLOBAL_MEMORY_BUS_WIDTH
    case 38: return 52428800;        // L2_CACHE_SIZE
    case 39: return 2048;            // MAX_THREADS_PER_MULTIPROCESSOR
    case 40: return 3;               // ASYNC_ENGINE_COUNT
    case 41: return 1;               // UNIFIED_ADDRESSING
    case 75: return rt.settings.capability / 10; // COMPUTE_CAPABILITY_MAJOR
    case 76: return rt.settings.capability % 10; // COMPUTE_CAPABILITY_MINOR
    case 81: return 233472;          // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
    case 82: return 65536;           // MAX_REGISTERS_PER_MULTIPROCESSOR
    case 97: return 232448;          // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
    case 106: return 32;             // MAX_BLOCKS_PER_MULTIPROCESSOR
    case 111: return 1024;           // RESERVED_SHARED_MEMORY_PER_BLOCK
    case 115: return 1;              // MEMORY_POOLS_SUPPORTED
    default: return 0;
  }
}

Context* newContext(Runtime& rt, bool primary, unsigned flags) {
  auto* context = new Context;
  context->primary = primary;
  context->flags = flags;
  rt.contexts.insert(context);
  return context;
}

// Ends a context: objects that still exist in it are leaks, and are freed.
void destroy(Runtime& rt, Context* context) {
  rt.runAll();
  if (rt.contexts.size() == 1) {
    rt.reportLeaks("context end");
    std::string why;
    while (!rt.memory.live().empty()) rt.memory.release(rt.memory.live().begin()->first, why);
    while (!rt.memory.pinnedRanges().empty()) {
      const auto& [begin, range] = *rt.memory.pinnedRanges().begin();
      void* host = reinterpret_cast<void*>(begin);
      const bool ours = std::string(range.call).find("Alloc") != std::string::npos;
      rt.memory.removePinned(host);
      if (ours) std::free(host);
    }
    for (Stream* s : rt.streams) delete s;
    for (Event* e : rt.events) delete e;
    for (Module* m : rt.modules) delete m;
    for (Graph* g : rt.graphs) delete g;
    for (GraphExec* g : rt.execs) delete g;
    rt.streams.clear();
    rt.events.clear();
    rt.modules.clear();
    rt.functions.clear();
    rt.graphs.clear();
    rt.execs.clear();
    rt.captures.clear();
    rt.sticky = CUDA_SUCCESS; // a new context starts clean
  }
  rt.contexts.erase(context);
  auto& stack = contextStack();
  if (!stack.empty() && stack.back() == context) stack.pop_back();
  delete context;
}

} // namespace

CUDASIM_API cuInit(unsigned flags) {
  ENTER(kNothing);
  if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
  if (rt.settings.devices == 0) return CUDA_ERROR_NO_DEVICE;
  rt.initialised = true;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDriverGetVersion(int* out) {
  ENTER(kNothing);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = rt.settings.driverVersion;
  return CUDA_SUCCESS;
}

// NVRTC asks for private tables when cuInit succeeds; with an error it does without.
CUDASIM_API cuGetExportTable(const void** table, const void*) {
  if (table != nullptr) *table = nullptr;
  return CUDA_ERROR_INVALID_VALUE;
}

CUDASIM_API cuGetProcAddress_v2(const char* symbol, void** out, int, uint64_t, int* status) {
  ENTER(kNothing);
  if (symbol == nullptr || out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = nullptr;
  for (const char* suffix : {"_v4", "_v3", "_v2", ""}) {
    if ((*out = dlsym(RTLD_DEFAULT, (std::string(symbol) + suffix).c_str())) != nullptr) break;
  }
  if (status != nullptr) *status = *out != nullptr ? 0 : 1; // SUCCESS, SYMBOL_NOT_FOUND
  return *out != nullptr ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

CUDASIM_API cuDeviceGetCount(int* out) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = rt.settings.devices;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceGet(CUdevice* out, int ordinal) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, ordinal)) return CUDA_ERROR_INVALID_DEVICE;
  *out = ordinal;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceGetName(char* out, int length, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr || length <= 0) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  std::strncpy(out, "cudasim (emulated)", static_cast<size_t>(length));
  out[length - 1] = '\0';
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceGetUuid_v2(unsigned char* out, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  std::memcpy(out, "cudasim-device-0", 16);
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceTotalMem_v2(size_t* out, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  *out = rt.memory.capacity();
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceGetAttribute(int* out, int which, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr || which < 1 || which > 200) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  *out = attribute(rt, which);
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceComputeCapability(int* major, int* minor, CUdevice device) {
  ENTER(kInit);
  if (major == nullptr || minor == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  *major = rt.settings.capability / 10;
  *minor = rt.settings.capability % 10;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDeviceGetPCIBusId(char* out, int length, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr || length < 13) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  std::strcpy(out, "0000:00:00.0");
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxCreate_v4(CUcontext* out, void*, unsigned flags, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  *out = newContext(rt, false, flags);
  contextStack().push_back(*out);
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxDestroy_v2(CUcontext context) {
  ENTER(kInit);
  if (rt.contexts.count(context) == 0 || context->primary) return CUDA_ERROR_INVALID_CONTEXT;
  destroy(rt, context);
  return CUDA_SUCCESS;
}

CUDASIM_API cuDevicePrimaryCtxRetain(CUcontext* out, CUdevice device) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  if (rt.primary == nullptr) rt.primary = newContext(rt, true, 0);
  ++rt.primaryUses;
  *out = rt.primary;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  ENTER(kInit);
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  if (rt.primary == nullptr || rt.primaryUses == 0) return CUDA_ERROR_INVALID_CONTEXT;
  if (--rt.primaryUses != 0) return CUDA_SUCCESS;
  if (rt.runtimeRetains) {
    rt.runAll();
    rt.reportLeaks("the last release of the primary context, which cuBLASLt's CUDA runtime retains");
    return CUDA_SUCCESS;
  }
  destroy(rt, rt.primary);
  rt.primary = nullptr;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDevicePrimaryCtxReset_v2(CUdevice device) {
  ENTER(kInit);
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  if (rt.primary != nullptr) {
    destroy(rt, rt.primary);
    rt.primary = nullptr;
    rt.primaryUses = 0;
    rt.runtimeRetains = false;
  }
  return CUDA_SUCCESS;
}

void cudasim_new_process(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.runtimeRetains = false;
  if (rt.primary == nullptr || rt.primaryUses != 0) return;
  destroy(rt, rt.primary);
  rt.primary = nullptr;
}

CUDASIM_API cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
  ENTER(kInit);
  if (flags == nullptr || active == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  *active = rt.primary != nullptr;
  *flags = rt.primary ? rt.primary->flags : 0;
  return CUDA_SUCCESS;
}

CUDASIM_API cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned flags) {
  ENTER(kInit);
  if (!validDevice(rt, device)) return CUDA_ERROR_INVALID_DEVICE;
  if (rt.primary) rt.primary->flags = flags;
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxGetCurrent(CUcontext* out) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = currentContext();
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxSetCurrent(CUcontext context) {
  ENTER(kInit);
  if (context != nullptr && rt.contexts.count(context) == 0) return CUDA_ERROR_INVALID_CONTEXT;
  auto& stack = contextStack();
  if (!stack.empty()) stack.pop_back();
  if (context != nullptr) stack.push_back(context);
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxPushCurrent_v2(CUcontext context) {
  ENTER(kInit);
  if (rt.contexts.count(context) == 0) return CUDA_ERROR_INVALID_CONTEXT;
  contextStack().push_back(context);
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxPopCurrent_v2(CUcontext* out) {
  ENTER(kInit);
  auto& stack = contextStack();
  if (stack.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  if (out != nullptr) *out = stack.back();
  stack.pop_back();
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxGetDevice(CUdevice* out) {
  ENTER(kContext | kIgnoresSticky);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = 0;
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxGetFlags(unsigned* out) {
  ENTER(kContext | kIgnoresSticky);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = currentContext()->flags;
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxGetApiVersion(CUcontext, unsigned* out) {
  ENTER(kInit);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = rt.settings.driverVersion;
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  ENTER(kContext);
  if (least != nullptr) *least = 0;
  if (greatest != nullptr) *greatest = -5;
  return CUDA_SUCCESS;
}

CUDASIM_API cuCtxSynchronize() {
  ENTER(kContext | kUnsafe);
  rt.runAll();
  return rt.sticky;
}

// SPDX-License-Identifier: Apache-2.0
// Kernel launches and occupancy.
#include <algorithm>
#include <cstring>

#include "stream.h"

using namespace cudasim;

namespace {

// CU_LAUNCH_PARAM_* of the `extra` array.
void* const kExtraEnd = nullptr;
void* const kExtraPointer = reinterpret_cast<void*>(1);
void* const kExtraSize = reinterpret_cast<void*>(2);

CUresult gather(const Program& p, void** parameters, void** extra, std::vector<std::byte>& out) {
  out.assign(p.parameterBytes, std::byte{0});
  if (parameters != nullptr && extra != nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (extra != nullptr) {
    const void* data = nullptr;
    size_t size = 0;
    for (void** e = extra; *e != kExtraEnd; e += 2) {
      if (*e == kExtraPointer) data = e[1];
      if (*e == kExtraSize) size = *static_cast<size_t*>(e[1]);
    }
    if (data == nullptr || size < out.size()) return CUDA_ERROR_INVALID_VALUE;
    std::memcpy(out.data(), data, out.size());
    return CUDA_SUCCESS;
  }
  if (p.parameters.empty()) return CUDA_SUCCESS;
  if (parameters == nullptr) return CUDA_ERROR_INVALID_VALUE;
  for (size_t i = 0; i < p.parameters.size(); ++i) {
    if (parameters[i] == nullptr) return CUDA_ERROR_INVALID_VALUE;
    std::memcpy(out.data() + p.parameters[i].offset, parameters[i], p.parameters[i].bytes);
  }
  return CUDA_SUCCESS;
}

CUresult validate(const Function& f, const Launch& l) {
  const auto& [gx, gy, gz] = l.grid;
  const auto& [bx, by, bz] = l.block;
  if (gx == 0 || gy == 0 || gz == 0 || bx == 0 || by == 0 || bz == 0) return CUDA_ERROR_INVALID_VALUE;
  if (gx > 2147483647u || gy > 65535 || gz > 65535) return CUDA_ERROR_INVALID_VALUE;
  if (bx > 1024 || by > 1024 || bz > 64 || uint64_t{bx} * by * bz > 1024) return CUDA_ERROR_INVALID_VALUE;
  const Program& p = *f.program;
  const int* most = p.maxThreads;
  if (most[0] != 0 && bx * by * bz > static_cast<uint32_t>(most[0] * most[1] * most[2])) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  const int* required = p.requiredThreads;
  for (int i = 0; i < 3; ++i) {
    if (required[0] != 0 && l.block[i] != static_cast<uint32_t>(required[i])) return CUDA_ERROR_INVALID_VALUE;
  }
  // Static and dynamic shared memory: 48 KiB, unless the kernel opted in to more.
  if (l.dynamicShared > f.maxDynamicShared) return CUDA_ERROR_INVALID_VALUE;
  const uint32_t total = l.dynamicShared + p.sharedBytes;
  if (total > std::max(49152u, f.maxDynamicShared + p.sharedBytes) || total > 232448) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  return CUDA_SUCCESS;
}

Work kernelWork(Runtime& rt, Function* f, std::shared_ptr<Launch> launch) {
  Work work;
  work.type = NodeType::Kernel;
  work.name = f->name;
  launch->memory = &rt.memory;
  launch->judge = rt.settings.judge;
  launch->opLimit = rt.settings.opLimit;
  launch->id = rt.nextLaunchId++;
  launch->program = f->program.get();
  launch->approximation = static_cast<Approximation>(rt.switches.get("approx"));
  std::shared_ptr<const Program> program = f->program;
  work.run = [f, program, launch]() -> LaunchError {
    Runtime& runtimeNow = runtime();
    if (runtimeNow.functions.count(f) == 0) {
      return {CUDA_ERROR_ILLEGAL_ADDRESS, "launch of kernel " + program->name + ", whose module was unloaded"};
    }
    launch->profile = runtimeNow.profile.kernels;
    launch->interleave = runtimeNow.settings.interleave;
    launch->shadow = runtimeNow.settings.shadow;
    const LaunchResult result = runGrid(*launch);
    const std::vector<OpCounters>& counters = result.counters;
    runtimeNow.profile.judgedLaunches += result.judged;
    if (launch->profile) {
      KernelProfile& k = runtimeNow.profile.perKernel[program->name];
      if (k.program != program) k.ops.assign(program->ops.size(), {});
      k.program = program;
      ++k.launches;
      const uint64_t blocks = uint64_t{launch->grid[0]} * launch->grid[1] * launch->grid[2];
      k.blocks += blocks;
      k.threads += blocks * launch->block[0] * launch->block[1] * launch->block[2];
      for (size_t i = 0; i < counters.size(); ++i) {
        k.ops[i].warps += counters[i].warps;
        k.ops[i].lanes += counters[i].lanes;
        k.ops[i].sectors += counters[i].sectors;
        k.ops[i].bytes += counters[i].bytes;
        k.ops[i].conflicts += counters[i].conflicts;
      }
    }
    return result.error;
  };
  return work;
}

CUresult launchKernel(Runtime& rt, CUfunction f, const uint32_t (&grid)[3], const uint32_t (&block)[3], unsigned shared,
                      CUstream handle, void** parameters, void** extra) {
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  auto launch = std::make_shared<Launch>();
  std::copy(std::begin(grid), std::end(grid), launch->grid);
  std::copy(std::begin(block), std::end(block), launch->block);
  launch->dynamicShared = shared;
  if (const CUresult rc = validate(*f, *launch)) return rc;
  if (const CUresult rc = gather(*f->program, parameters, extra, launch->parameters)) return rc;
  return enqueue(rt, stream, kernelWork(rt, f, std::move(launch)));
}

} // namespace

CUDASIM_API cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                           unsigned shared, CUstream stream, void** parameters, void** extra) {
  ENTER(kContext);
  return launchKernel(rt, f, {gx, gy, gz}, {bx, by, bz}, shared, stream, parameters, extra);
}

// CUlaunchAttribute: an id and a union of 64 bytes.
struct LaunchAttribute {
  unsigned id;
  char pad[4];
  unsigned char value[64];
};

// The launch may overlap the kernel ahead of it in the stream, and in capture becomes an edge that lets it. Kernels
// run one after the other here, which is one of the orders that are allowed.
constexpr unsigned kProgrammaticStreamSerialization = 6;

// CUlaunchConfig: grid, block, shared bytes, stream, attributes.
struct LaunchConfig {
  unsigned grid[3], block[3], shared;
  CUstream stream;
  const LaunchAttribute* attributes;
  unsigned attributeCount;
};

CUDASIM_API cuLaunchKernelEx(const LaunchConfig* config, CUfunction f, void** parameters, void** extra) {
  ENTER(kContext);
  if (config == nullptr) return CUDA_ERROR_INVALID_VALUE;
  for (unsigned i = 0; i < config->attributeCount; ++i) {
    if (config->attributes[i].id != kProgrammaticStreamSerialization) {
      return rt.note(CUDA_ERROR_NOT_SUPPORTED,
                     "launch attributes but programmatic stream serialization are not emulated");
    }
    if (rt.settings.capability < 90) {
      return rt.note(CUDA_ERROR_NOT_SUPPORTED, "programmatic dependent launch needs compute capability 9.0");
    }
  }
  return launchKernel(rt, f, config->grid, config->block, config->shared, config->stream, parameters, extra);
}

CUDASIM_API cuLaunchHostFunc(CUstream handle, void (*function)(void*), void* data) {
  ENTER(kContext);
  Stream* stream = streamOf(rt, handle);
  if (stream == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  if (function == nullptr) return CUDA_ERROR_INVALID_VALUE;
  Work work;
  work.type = NodeType::Host;
  work.name = "cuLaunchHostFunc";
  work.run = [function, data]() -> LaunchError {
    function(data);
    return {};
  };
  return enqueue(rt, stream, std::move(work));
}

namespace {

int blocksPerMultiprocessor(const Function& f, int threads, size_t dynamicShared) {
  const int byThreads = threads > 0 ? 2048 / ((threads + 31) / 32 * 32) : 0;
  const size_t shared = f.program->sharedBytes + dynamicShared + 1024;
  return std::min({byThreads, 32, static_cast<int>(233472 / shared)});
}

} // namespace

CUDASIM_API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* out, CUfunction f, int threads, size_t shared) {
  ENTER(kContext);
  if (out == nullptr || threads <= 0) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = blocksPerMultiprocessor(*f, threads, shared);
  return CUDA_SUCCESS;
}

CUDASIM_API cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* out, CUfunction f, int threads, size_t shared,
                                                                 unsigned) {
  ENTER(kContext);
  if (out == nullptr || threads <= 0) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = blocksPerMultiprocessor(*f, threads, shared);
  return CUDA_SUCCESS;
}

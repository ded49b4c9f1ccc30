// SPDX-License-Identifier: Apache-2.0
// Modules, libraries and functions.
#include <cstring>
#include <fstream>
#include <sstream>

#include "stream.h"

using namespace cudasim;

namespace {

// The newest PTX ISA that a driver compiles: 9.0 for CUDA 13.0, 9.1 for 13.1 ("Release notes" of the PTX
// ISA). Those of CUDA 12 are not told apart: 8.8, of its last.
int newestPtx(const Runtime& rt) {
  const int major = rt.settings.driverVersion / 1000, minor = rt.settings.driverVersion % 1000 / 10;
  return major >= 13 ? 90 + minor : 88;
}

uint64_t findGlobal(void* context, const std::string& name) {
  for (const Module::Global& g : static_cast<Module*>(context)->globals) {
    if (g.name == name) return g.address;
  }
  return 0;
}

void place(Runtime& rt, Module& module, const ptx::Module& source) {
  for (const ptx::Variable& v : source.variables) {
    if (v.space != ptx::Space::Global && v.space != ptx::Space::Const) continue;
    if (v.isExtern || v.unsized) throw ptx::Error(1, "extern variable '" + v.name + "' is not emulated");
    const uint64_t bytes = std::max<uint64_t>(1, static_cast<uint64_t>(v.bytes()));
    const uint64_t address = rt.memory.allocate(bytes, "module variable");
    if (address == 0) throw CUDA_ERROR_OUT_OF_MEMORY;
    module.globals.push_back({v.name, address, bytes});
    std::byte* host = rt.memory.translate(address, bytes);
    std::memset(host, 0, bytes); // "variables are initialised to zero by default"
    rt.memory.wrote(address, bytes);
  }
  for (const ptx::Variable& v : source.variables) {
    const uint64_t address = findGlobal(&module, v.name);
    if (address == 0) continue;
    std::byte* host = rt.memory.translate(address, 1);
    const size_t size = static_cast<size_t>(ptx::sizeOf(v.type));
    for (size_t i = 0; i < v.values.size(); ++i) {
      const ptx::Initializer& value = v.values[i];
      const uint64_t bits = value.bits + (value.symbol.empty() ? 0 : findGlobal(&module, value.symbol));
      std::memcpy(host + i * size, &bits, size);
    }
  }
}

void drop(Runtime& rt, Module* module) {
  std::string why;
  for (const Module::Global& g : module->globals) rt.memory.release(g.address, why);
  for (const auto& f : module->functions) rt.functions.erase(f.get());
  rt.modules.erase(module);
  delete module;
}

CUresult load(Runtime& rt, const void* image, CUmodule* out, std::string& log) {
  if (out == nullptr || image == nullptr) return CUDA_ERROR_INVALID_VALUE;
  const char* text = static_cast<const char*>(image);
  // Machine code (an ELF file or a fat binary of them) cannot be interpreted.
  static const unsigned char fat[] = {0x50, 0xed, 0x55, 0xba}, wrapper[] = {0xb1, 0x43, 0x62, 0x46};
  if (std::memcmp(text, "\177ELF", 4) == 0 || std::memcmp(text, fat, 4) == 0 || std::memcmp(text, wrapper, 4) == 0) {
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  }
  auto* module = new Module;
  rt.modules.insert(module);
  CUresult rc = CUDA_ERROR_INVALID_PTX;
  try {
    const ptx::Module source = ptx::parse(text);
    if (10 * source.versionMajor + source.versionMinor > newestPtx(rt)) {
      rc = CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
      throw ptx::Error(1, ".version " + std::to_string(source.versionMajor) + "." +
                              std::to_string(source.versionMinor) + " is newer than this driver's " +
                              std::to_string(newestPtx(rt) / 10) + "." + std::to_string(newestPtx(rt) % 10));
    }
    if (source.target > rt.settings.capability) {
      throw ptx::Error(1, ".target sm_" + std::to_string(source.target) + " is above the device's sm_" +
                              std::to_string(rt.settings.capability));
    }
    place(rt, *module, source);
    for (const ptx::Function& f : source.functions) {
      if (!f.isEntry) continue;
      auto function = std::make_unique<Function>();
      function->module = module;
      function->name = f.name;
      function->program = lower(source, f, findGlobal, module);
      rt.functions.insert(function.get());
      module->functions.push_back(std::move(function));
    }
    *out = module;
    return CUDA_SUCCESS;
  } catch (const ptx::Error& e) {
    log = e.what();
    rt.note(rc, log);
  } catch (const CUresult code) {
    rc = code;
  }
  drop(rt, module);
  return rc;
}

// Copies the log where the caller's JIT options ask for it.
void writeLog(unsigned count, const int* options, void** values, const std::string& log) {
  char* buffer = nullptr;
  size_t size = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == 5) buffer = static_cast<char*>(values[i]);          // ERROR_LOG_BUFFER
    if (options[i] == 6)
      size = static_cast<size_t>(static_cast<unsigned>(reinterpret_cast<uintptr_t>(values[i]))); // _SIZE_BYTES
  }
  if (buffer == nullptr || size == 0) return;
  std::strncpy(buffer, log.c_str(), size);
  buffer[size - 1] = '\0';
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == 6) values[i] = reinterpret_cast<void*>(std::min(log.size(), size - 1));
  }
}

CUresult functionNamed(Module* module, const char* name, CUfunction* out) {
  for (const auto& f : module->functions) {
    if (f->name == name) {
      *out = f.get();
      return CUDA_SUCCESS;
    }
  }
  return CUDA_ERROR_NOT_FOUND;
}

CUresult globalNamed(Module* module, const char* name, CUdeviceptr* address, size_t* bytes) {
  for (const Module::Global& g : module->globals) {
    if (g.name == name) {
      if (address != nullptr) *address = g.address;
      if (bytes != nullptr) *bytes = g.bytes;
      return CUDA_SUCCESS;
    }
  }
  return CUDA_ERROR_NOT_FOUND;
}

CUresult attributeOf(Runtime& rt, int which, const Function& f, int* out) {
  const Program& p = *f.program;
  switch (which) {
    case 0: {
      const int limit = p.requiredThreads[0] ? p.requiredThreads[0] * p.requiredThreads[1] * p.requiredThreads[2]
                        : p.maxThreads[0]    ? p.maxThreads[0] * p.maxThreads[1] * p.maxThreads[2]
                                             : 1024;
      *out = limit;
      return CUDA_SUCCESS;
    }
    case 1: *out = static_cast<int>(p.sharedBytes); return CUDA_SUCCESS;
    case 2: *out = 0; return CUDA_SUCCESS;
    case 3: *out = static_cast<int>(p.localBytes); return CUDA_SUCCESS;
    case 4: *out = 0; return CUDA_SUCCESS; // registers are allocated by ptxas, which is not here
    case 5: *out = newestPtx(rt); return CUDA_SUCCESS;
    case 6: *out = rt.settings.capability; return CUDA_SUCCESS;
    case 7: *out = 0; return CUDA_SUCCESS;
    case 8: *out = static_cast<int>(f.maxDynamicShared); return CUDA_SUCCESS;
    case 9: *out = -1; return CUDA_SUCCESS;
    default: return CUDA_ERROR_INVALID_VALUE;
  }
}

CUresult setAttribute(Function& f, int which, int value) {
  if (which == 8) { // MAX_DYNAMIC_SHARED_SIZE_BYTES, with the static part at most the opt-in limit
    if (value < 0 || static_cast<uint32_t>(value) + f.program->sharedBytes > 232448) return CUDA_ERROR_INVALID_VALUE;
    f.maxDynamicShared = static_cast<uint32_t>(value);
    return CUDA_SUCCESS;
  }
  return which == 9 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

} // namespace

CUDASIM_API cuModuleLoadData(CUmodule* out, const void* image) {
  ENTER(kContext | kUnsafe);
  std::string log;
  return load(rt, image, out, log);
}

CUDASIM_API cuModuleLoadDataEx(CUmodule* out, const void* image, unsigned count, int* options, void** values) {
  ENTER(kContext | kUnsafe);
  std::string log;
  const CUresult rc = load(rt, image, out, log);
  writeLog(count, options, values, log);
  return rc;
}

CUDASIM_API cuModuleLoadFatBinary(CUmodule* out, const void* image) {
  ENTER(kContext | kUnsafe);
  std::string log;
  return load(rt, image, out, log);
}

CUDASIM_API cuModuleLoad(CUmodule* out, const char* path) {
  ENTER(kContext | kUnsafe);
  std::ifstream file(path ? path : "", std::ios::binary);
  if (!file) return CUDA_ERROR_FILE_NOT_FOUND;
  std::stringstream text;
  text << file.rdbuf();
  std::string log;
  return load(rt, text.str().c_str(), out, log);
}

CUDASIM_API cuModuleUnload(CUmodule module) {
  ENTER(kContext | kUnsafe | kIgnoresSticky);
  if (rt.modules.count(module) == 0) return CUDA_ERROR_INVALID_HANDLE;
  rt.runAll();
  drop(rt, module);
  return CUDA_SUCCESS;
}

CUDASIM_API cuModuleGetFunction(CUfunction* out, CUmodule module, const char* name) {
  ENTER(kContext);
  if (out == nullptr || name == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.modules.count(module) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return functionNamed(module, name, out);
}

CUDASIM_API cuModuleGetFunctionCount(unsigned* out, CUmodule module) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.modules.count(module) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = static_cast<unsigned>(module->functions.size());
  return CUDA_SUCCESS;
}

CUDASIM_API cuModuleGetGlobal_v2(CUdeviceptr* address, size_t* bytes, CUmodule module, const char* name) {
  ENTER(kContext);
  if (name == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.modules.count(module) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return globalNamed(module, name, address, bytes);
}

CUDASIM_API cuModuleGetLoadingMode(int* out) {
  ENTER(kNothing);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *out = 1; // eager
  return CUDA_SUCCESS;
}

CUDASIM_API cuLibraryLoadData(CUlibrary* out, const void* image, int* jitOptions, void** jitValues, unsigned jitCount,
                              int*, void**, unsigned) {
  ENTER(kContext | kUnsafe);
  std::string log;
  const CUresult rc = load(rt, image, out, log);
  writeLog(jitCount, jitOptions, jitValues, log);
  return rc;
}

CUDASIM_API cuLibraryUnload(CUlibrary library) {
  ENTER(kContext | kUnsafe | kIgnoresSticky);
  if (rt.modules.count(library) == 0) return CUDA_ERROR_INVALID_HANDLE;
  rt.runAll();
  drop(rt, library);
  return CUDA_SUCCESS;
}

CUDASIM_API cuLibraryGetKernel(CUkernel* out, CUlibrary library, const char* name) {
  ENTER(kContext);
  if (out == nullptr || name == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.modules.count(library) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return functionNamed(library, name, out);
}

CUDASIM_API cuLibraryGetModule(CUmodule* out, CUlibrary library) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.modules.count(library) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = library;
  return CUDA_SUCCESS;
}

CUDASIM_API cuLibraryGetGlobal(CUdeviceptr* address, size_t* bytes, CUlibrary library, const char* name) {
  ENTER(kContext);
  if (name == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.modules.count(library) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return globalNamed(library, name, address, bytes);
}

CUDASIM_API cuKernelGetFunction(CUfunction* out, CUkernel kernel) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(kernel) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = kernel;
  return CUDA_SUCCESS;
}

CUDASIM_API cuKernelGetAttribute(int* out, int which, CUkernel kernel, CUdevice) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(kernel) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return attributeOf(rt, which, *kernel, out);
}

CUDASIM_API cuKernelSetAttribute(int which, int value, CUkernel kernel, CUdevice) {
  ENTER(kContext);
  if (rt.functions.count(kernel) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return setAttribute(*kernel, which, value);
}

CUDASIM_API cuFuncGetAttribute(int* out, int which, CUfunction f) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return attributeOf(rt, which, *f, out);
}

CUDASIM_API cuFuncSetAttribute(CUfunction f, int which, int value) {
  ENTER(kContext);
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  return setAttribute(*f, which, value);
}

CUDASIM_API cuFuncSetCacheConfig(CUfunction f, int) {
  ENTER(kContext);
  return rt.functions.count(f) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUDASIM_API cuFuncGetModule(CUmodule* out, CUfunction f) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = f->module;
  return CUDA_SUCCESS;
}

CUDASIM_API cuFuncGetName(const char** out, CUfunction f) {
  ENTER(kContext);
  if (out == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  *out = f->name.c_str();
  return CUDA_SUCCESS;
}

CUDASIM_API cuFuncGetParamInfo(CUfunction f, size_t index, size_t* offset, size_t* bytes) {
  ENTER(kContext);
  if (offset == nullptr) return CUDA_ERROR_INVALID_VALUE;
  if (rt.functions.count(f) == 0) return CUDA_ERROR_INVALID_HANDLE;
  if (index >= f->program->parameters.size()) return CUDA_ERROR_INVALID_VALUE;
  *offset = f->program->parameters[index].offset;
  if (bytes != nullptr) *bytes = f->program->parameters[index].bytes;
  return CUDA_SUCCESS;
}

// SPDX-License-Identifier: Apache-2.0
// Between the bindings and the real NVRTC: each call is counted and can be made to fail, as the
// driver's can, and else goes on to the first libnvrtc.so.13 of LD_LIBRARY_PATH that is not this one.
#include <dlfcn.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>

#include "../driver/control.h"

#define NVRTC_API extern "C" __attribute__((visibility("default")))

namespace {

constexpr int kInternalError = 11; // NVRTC_ERROR_INTERNAL_ERROR
constexpr const char* kName = "libnvrtc.so.13";

void* openReal() {
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&openReal), &self) == 0) return nullptr;
  char* own = realpath(self.dli_fname, nullptr);
  const char* folders = std::getenv("LD_LIBRARY_PATH");
  std::istringstream list(folders == nullptr ? "" : folders);
  void* found = nullptr;
  for (std::string folder; found == nullptr && std::getline(list, folder, ':');) {
    char* path = realpath((folder + "/" + kName).c_str(), nullptr);
    if (path != nullptr && own != nullptr && std::strcmp(path, own) != 0) found = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    std::free(path);
  }
  std::free(own);
  if (found == nullptr) cudasim_library_report("no real libnvrtc.so.13 in LD_LIBRARY_PATH to go on to");
  return found;
}

void* symbol(const char* name) {
  static void* const real = openReal();
  return real == nullptr ? nullptr : dlsym(real, name);
}

template <typename... Arguments>
int forward(const char* name, Arguments... arguments) {
  if (const int injected = cudasim_library_enter(name)) return injected;
  const auto function = reinterpret_cast<int (*)(Arguments...)>(symbol(name));
  return function == nullptr ? kInternalError : function(arguments...);
}

using Program = void*;

} // namespace

NVRTC_API const char* nvrtcGetErrorString(int code) {
  const auto function = reinterpret_cast<const char* (*)(int)>(symbol(__func__));
  return function == nullptr ? "the real NVRTC is missing" : function(code);
}

NVRTC_API int nvrtcVersion(int* major, int* minor) { return forward(__func__, major, minor); }

NVRTC_API int nvrtcCreateProgram(Program* out, const char* source, const char* name, int headers,
                                 const char* const* texts, const char* const* names) {
  return forward(__func__, out, source, name, headers, texts, names);
}

NVRTC_API int nvrtcDestroyProgram(Program* program) { return forward(__func__, program); }

NVRTC_API int nvrtcCompileProgram(Program program, int count, const char* const* options) {
  return forward(__func__, program, count, options);
}

NVRTC_API int nvrtcGetProgramLogSize(Program program, size_t* out) { return forward(__func__, program, out); }
NVRTC_API int nvrtcGetProgramLog(Program program, char* out) { return forward(__func__, program, out); }
NVRTC_API int nvrtcGetCUBINSize(Program program, size_t* out) { return forward(__func__, program, out); }
NVRTC_API int nvrtcGetCUBIN(Program program, char* out) { return forward(__func__, program, out); }
NVRTC_API int nvrtcGetPTXSize(Program program, size_t* out) { return forward(__func__, program, out); }
NVRTC_API int nvrtcGetPTX(Program program, char* out) { return forward(__func__, program, out); }

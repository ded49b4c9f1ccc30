// SPDX-License-Identifier: Apache-2.0
// The interface of the driver to the other emulated libraries, and their objects in it.
#include <cstring>

#include "control.h"
#include "stream.h"

using namespace cudasim;

int cudasim_set_switches(const char* text) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.runAll(); // submitted work has the settings of its submission
  std::string why;
  if (text == nullptr || *text == '\0') {
    rt.switches.reset();
    return 0;
  }
  if (rt.switches.parse(text, why)) return 0;
  rt.report.add("cudasim_set_switches: " + why, rt.settings);
  return 1;
}

int cudasim_library_switch(const char* name) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  return rt.switches.get(name);
}

int cudasim_library_capability(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  return rt.settings.capability;
}

void cudasim_library_own(const void* object, const char* kind) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.libraryObjects[object] = {kind, false};
}

void cudasim_library_drop(const void* object) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.libraryObjects.erase(object);
}

void cudasim_library_retain(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  if (currentContext() != nullptr && currentContext()->primary) rt.runtimeRetains = true;
}

int cudasim_library_synchronize(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  if (const CUresult rc = checkNotCapturing(rt, nullptr)) return rc;
  rt.runAll();
  return rt.sticky;
}

int cudasim_library_enter(const char* name) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  ++rt.profile.calls[name];
  return rt.faults.next(name);
}

void cudasim_library_report(const char* text) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.report.add(text, rt.settings);
}

int cudasim_library_context(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  if (!rt.initialised || currentContext() == nullptr) return CUDA_ERROR_INVALID_CONTEXT;
  return rt.sticky;
}

void* cudasim_library_translate(unsigned long long address, unsigned long long bytes) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  return rt.memory.translate(address, bytes);
}

unsigned long long cudasim_library_written(unsigned long long address, unsigned long long bytes) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  return rt.settings.judge ? rt.memory.writtenAt(address, bytes) : bytes;
}

void cudasim_library_wrote(unsigned long long address, unsigned long long bytes) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.memory.wrote(address, bytes);
}

int cudasim_library_describe(unsigned long long address, char* out, int size) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  const std::string text = rt.memory.describe(address);
  if (out != nullptr && size > 0) {
    std::strncpy(out, text.c_str(), static_cast<size_t>(size));
    out[size - 1] = '\0';
  }
  return static_cast<int>(text.size()) + 1;
}

int cudasim_library_submit(void* stream, const char* name, cudasim_job job, void* data, void (*drop)(void*)) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  const std::shared_ptr<void> owned(data, drop);
  Stream* s = streamOf(rt, static_cast<CUstream>(stream));
  if (s == nullptr) return CUDA_ERROR_INVALID_HANDLE;
  Work work;
  work.type = NodeType::Kernel;
  work.name = name;
  work.run = [owned, job]() -> LaunchError {
    ++runtime().profile.matmuls;
    char text[512] = "";
    const int code = job(owned.get(), text, sizeof text);
    return {code, text};
  };
  return enqueue(rt, s, std::move(work));
}

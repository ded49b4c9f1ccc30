// SPDX-License-Identifier: Apache-2.0
// The functions for tests in addition to the CUDA API: faults, counters, the report.
#include "control.h"

#include <cstring>

#include "stream.h"

using namespace cudasim;

namespace {

int copyOut(const std::string& text, char* out, int size) {
  if (out != nullptr && size > 0) {
    std::strncpy(out, text.c_str(), static_cast<size_t>(size));
    out[size - 1] = '\0';
  }
  return static_cast<int>(text.size()) + 1;
}

} // namespace

int cudasim_set_faults(const char* text) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  std::string why;
  if (rt.faults.set(text ? text : "", why)) return 0;
  rt.report.add("cudasim_set_faults: " + why, rt.settings);
  return 1;
}

void cudasim_reset_counts(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.runAll();
  rt.profile.reset();
  rt.memory.resetPeak();
}

void cudasim_profile_kernels(int on) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.runAll();
  rt.profile.kernels = on != 0;
}

int cudasim_profile_json(char* out, int size) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  return copyOut(rt.profile.json(rt.memory), out, size);
}

int cudasim_report(char* out, int size) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  return copyOut(rt.report.text(), out, size);
}

void cudasim_clear_report(void) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  rt.report.clear();
}

int cudasim_set_option(const char* name, long long value) {
  Runtime& rt = runtime();
  const std::lock_guard<std::recursive_mutex> lock(rt.mutex);
  const std::string n = name ? name : "";
  if (n == "memory") {
    rt.memory.setCapacity(static_cast<uint64_t>(value));
  } else if (n == "driver") {
    rt.settings.driverVersion = static_cast<int>(value);
  } else if (n == "capability") {
    rt.settings.capability = static_cast<int>(value);
  } else if (n == "devices") {
    rt.settings.devices = static_cast<int>(value);
    if (value == 0) rt.initialised = false;
  } else if (n == "judge") {
    rt.settings.judge = value != 0;
  } else if (n == "eager") {
    rt.settings.eager = value != 0;
  } else if (n == "order") {
    if (value < 0 || value > 2) return 1;
    rt.runAll();
    rt.settings.order = static_cast<Order>(value);
  } else if (n == "interleave" || n == "shadow") {
    if (value < 0) return 1;
    rt.runAll();
    (n == "shadow" ? rt.settings.shadow : rt.settings.interleave) = static_cast<uint64_t>(value);
  } else if (n == "quiet") {
    rt.settings.quiet = value != 0;
  } else if (n == "oplimit") {
    rt.settings.opLimit = static_cast<uint64_t>(value);
  } else {
    return 1;
  }
  return 0;
}

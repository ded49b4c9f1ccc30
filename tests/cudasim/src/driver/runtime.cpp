// SPDX-License-Identifier: Apache-2.0
#include "runtime.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

namespace cudasim {

namespace {

uint64_t parseBytes(const char* text) {
  char* end = nullptr;
  const uint64_t value = std::strtoull(text, &end, 10);
  switch (*end) {
    case 'k':
    case 'K': return value << 10;
    case 'm':
    case 'M': return value << 20;
    case 'g':
    case 'G': return value << 30;
    default: return value;
  }
}

Settings readSettings() {
  Settings s;
  const auto integer = [](const char* name, int otherwise) {
    const char* value = std::getenv(name);
    return value ? std::atoi(value) : otherwise;
  };
  const auto text = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  s.driverVersion = integer("VAE4J_CUDASIM_DRIVER", s.driverVersion);
  s.capability = integer("VAE4J_CUDASIM_CC", s.capability);
  s.devices = integer("VAE4J_CUDASIM_DEVICES", s.devices);
  s.judge = integer("VAE4J_CUDASIM_JUDGE", 1) != 0;
  s.eager = integer("VAE4J_CUDASIM_EAGER", 0) != 0;
  s.quiet = integer("VAE4J_CUDASIM_QUIET", 0) != 0;
  s.reportFile = text("VAE4J_CUDASIM_REPORT");
  s.profileFile = text("VAE4J_CUDASIM_PROFILE");
  if (const char* memory = std::getenv("VAE4J_CUDASIM_MEMORY")) s.memory = parseBytes(memory);
  if (const char* limit = std::getenv("VAE4J_CUDASIM_OPLIMIT")) s.opLimit = parseBytes(limit);
  if (const char* seed = std::getenv("VAE4J_CUDASIM_INTERLEAVE")) s.interleave = std::strtoull(seed, nullptr, 10);
  if (const char* shadow = std::getenv("VAE4J_CUDASIM_SHADOW")) s.shadow = parseBytes(shadow);
  return s;
}

void writeProfile() {
  Runtime& rt = runtime();
  std::ofstream(rt.settings.profileFile) << rt.profile.json(rt.memory) << "\n";
}

} // namespace

Runtime::Runtime() : settings(readSettings()), memory(settings.memory) {
  if (const char* text = std::getenv("VAE4J_CUDASIM_FAULTS")) {
    std::string why;
    if (!faults.set(text, why)) {
      std::fprintf(stderr, "cudasim: VAE4J_CUDASIM_FAULTS: %s\n", why.c_str());
      std::abort();
    }
  }
  if (const char* text = std::getenv("VAE4J_CUDASIM_SWITCHES")) {
    std::string why;
    if (!switches.parse(text, why)) {
      std::fprintf(stderr, "cudasim: VAE4J_CUDASIM_SWITCHES: %s\n", why.c_str());
      std::abort();
    }
  }
  if (!settings.profileFile.empty()) {
    profile.kernels = true;
    std::atexit(writeProfile);
  }
}

Runtime& runtime() {
  static Runtime* const instance = new Runtime; // lives as long as the process: no exit order
  return *instance;
}

std::vector<Context*>& contextStack() {
  thread_local std::vector<Context*> stack;
  return stack;
}

bool Faults::set(const std::string& text, std::string& why) {
  std::vector<Fault> parsed;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find_first_of(",;", at);
    if (end == std::string::npos) end = text.size();
    const std::string item = text.substr(at, end - at);
    at = end + 1;
    if (item.empty()) continue;
    const size_t colon = item.find(':'), equals = item.find('=');
    if (colon == std::string::npos || equals == std::string::npos || colon > equals || colon == 0) {
      why = "expected call:number=code, given '" + item + "'";
      return false;
    }
    Fault f;
    f.name = item.substr(0, colon);
    const std::string number = item.substr(colon + 1, equals - colon - 1);
    f.at = number == "*" ? 0 : std::strtoull(number.c_str(), nullptr, 10);
    f.code = std::atoi(item.c_str() + equals + 1);
    if ((f.at == 0 && number != "*") || f.code == 0) {
      why = "expected call:number=code with both above 0, given '" + item + "'";
      return false;
    }
    parsed.push_back(f);
  }
  faults_ = std::move(parsed);
  return true;
}

int Faults::next(const std::string& name) {
  int code = 0;
  for (Fault& f : faults_) {
    // "cuMemAlloc" also means cuMemAlloc_v2: callers know the name without its version.
    const bool versioned = name.size() > f.name.size() && name.compare(0, f.name.size(), f.name) == 0 &&
                           name.compare(f.name.size(), 2, "_v") == 0;
    if (f.name == name || versioned) {
      ++f.seen;
      if (f.at == 0 || f.seen == f.at) code = f.code;
    }
  }
  return code;
}

void Report::add(const std::string& text, const Settings& settings) {
  ++count_;
  text_ += text + "\n";
  if (!settings.quiet) std::fprintf(stderr, "cudasim: %s\n", text.c_str());
  if (!settings.reportFile.empty()) std::ofstream(settings.reportFile, std::ios::app) << text << "\n";
}

void Runtime::fail(CUresult code, const std::string& text) {
  report.add(std::string(errorName(code)) + ": " + text, settings);
  if (sticky == CUDA_SUCCESS) sticky = code;
  pending.clear(); // the context is lost: nothing more runs in it
}

CUresult Runtime::note(CUresult code, const std::string& text) {
  report.add(std::string(errorName(code)) + ": " + text, settings);
  return code;
}

LaunchError Runtime::runWork(Work& work) {
  if (work.type == NodeType::Kernel) {
    ++profile.launches;
    if (const int code = faults.next("launch")) return {code, "injected fault of launch " + work.name};
  }
  return work.run();
}

bool Runtime::runNext(Pending next) {
  const LaunchError error = runWork(next.work);
  if (error.code != CUDA_SUCCESS) fail(error.code, error.text);
  return error.code == CUDA_SUCCESS;
}

void Runtime::runInOrder(uint64_t ticket) {
  while (!pending.empty() && pending.front().ticket <= ticket) {
    Pending next = std::move(pending.front());
    pending.pop_front();
    if (!runNext(std::move(next))) return;
  }
}

void Runtime::runNeeded(uint64_t ticket) {
  std::set<uint64_t> needed = {ticket};
  for (auto p = pending.rbegin(); p != pending.rend(); ++p) {
    if (needed.count(p->ticket)) needed.insert(p->after.begin(), p->after.end());
  }
  for (auto p = pending.begin(); p != pending.end();) {
    if (!needed.count(p->ticket)) {
      ++p;
      continue;
    }
    Pending next = std::move(*p);
    p = pending.erase(p);
    if (!runNext(std::move(next))) return;
  }
}

void Runtime::runUntil(uint64_t ticket) {
  if (settings.order == Order::Submitted) {
    runInOrder(ticket);
  } else {
    runNeeded(ticket);
  }
}

bool Runtime::isPending(uint64_t ticket) const {
  for (const Pending& p : pending) {
    if (p.ticket == ticket) return true;
  }
  return false;
}

void Runtime::submit(Stream* stream, Work work, uint64_t event) {
  std::vector<uint64_t> after = {stream->lastTicket, event};
  // The legacy stream waits for all others, and those that are not non-blocking wait for it.
  if (stream == &legacyStream) {
    for (const Pending& p : pending) after.push_back(p.ticket);
  } else if (!(stream->flags & 1)) {
    after.push_back(legacyStream.lastTicket);
  }
  stream->lastTicket = ++lastTicket;
  pending.push_back({lastTicket, std::move(after), std::move(work)});
  if (settings.order == Order::Early && stream->second) runNeeded(lastTicket);
  // A device makes progress by itself; a long queue is also memory.
  if (settings.eager || pending.size() > 256) runAll();
}

void Runtime::reportLeaks(const char* when) {
  size_t shown = 0;
  for (const auto* list : {&memory.live(), &memory.pinnedRanges()}) {
    for (const auto& [begin, r] : *list) {
      if (std::exchange(r.leaked, true) || ++shown > 20) continue;
      char hex[32];
      std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(begin));
      report.add(std::string("leak: ") + std::to_string(r.end - r.begin) + " bytes at " + hex + " of " + r.call +
                     " (allocation #" + std::to_string(r.serial) + ") live at " + when,
                 settings);
    }
  }
  const auto say = [&](size_t count, const std::string& kind) {
    if (count != 0) report.add("leak: " + std::to_string(count) + " " + kind + " live at " + when, settings);
  };
  const auto handles = [&](const auto& objects, const char* kind) {
    size_t count = 0;
    for (auto* object : objects) count += !std::exchange(object->leaked, true);
    say(count, kind);
  };
  handles(streams, "stream(s)");
  handles(events, "event(s)");
  handles(modules, "module(s)");
  handles(graphs, "graph(s)");
  handles(execs, "executable graph(s)");
  std::map<std::string, size_t> ofLibraries;
  for (auto& [object, entry] : libraryObjects) ofLibraries[entry.kind] += !std::exchange(entry.leaked, true);
  for (const auto& [kind, count] : ofLibraries) say(count, kind);
}

Call::Call(const char* name, unsigned needs) : rt(runtime()), lock_(rt.mutex) {
  ++rt.profile.calls[name];
  if (const int injected = rt.faults.next(name)) {
    code = injected;
    // Some codes are fatal wherever they come from: the context is lost.
    const bool fatal = injected == CUDA_ERROR_ILLEGAL_ADDRESS || injected == CUDA_ERROR_LAUNCH_TIMEOUT ||
                       injected == CUDA_ERROR_ASSERT || injected == CUDA_ERROR_MISALIGNED_ADDRESS ||
                       injected == CUDA_ERROR_LAUNCH_FAILED;
    if (fatal) rt.fail(injected, std::string("injected fault of ") + name);
    return;
  }
  if ((needs & kInit) && !rt.initialised) {
    code = CUDA_ERROR_NOT_INITIALIZED;
  } else if ((needs & kContext) == kContext && currentContext() == nullptr) {
    code = CUDA_ERROR_INVALID_CONTEXT;
  } else if ((needs & kContext) == kContext && rt.contexts.count(currentContext()) == 0) {
    code = CUDA_ERROR_CONTEXT_IS_DESTROYED;
  } else if ((needs & kContext) == kContext && !(needs & kIgnoresSticky) && rt.sticky != CUDA_SUCCESS) {
    code = rt.sticky;
  } else if (needs & kUnsafe) {
    code = checkNotCapturing(rt, nullptr);
  }
}

} // namespace cudasim

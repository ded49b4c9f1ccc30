// SPDX-License-Identifier: Apache-2.0
// The state of the emulated driver, and the guard every API function enters through.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "../exec/block.h"
#include "api.h"
#include "device_memory.h"
#include "switches.h"

namespace cudasim {

// Which of the orders that streams and events allow is taken, so that one that a program must not
// rely on can be tried: as submitted; a stream only as far as something waits for it; the streams
// made beside another before all that they do not wait for.
enum class Order : int { Submitted = 0, Late = 1, Early = 2 };

struct Settings {
  Order order = Order::Submitted;
  int driverVersion = 13000; // of driver 580, the oldest that CUDA 13 works with
  int capability = 90;
  int devices = 1;
  uint64_t memory = 8ull << 30;
  bool judge = true;
  bool eager = false; // run work when it is submitted rather than when something waits for it
  bool quiet = false;
  uint64_t opLimit = 1ull << 29;
  uint64_t interleave = 0; // seed of the turns that blocks and warps take, 0: none
  uint64_t shadow = 0;     // bytes of global memory that are judged in a launch, 0: none
  std::string reportFile, profileFile;
};

// "cuMemAlloc_v2:3=2,launch:5=719": call 3 of cuMemAlloc_v2 returns 2, kernel 5 fails with 719.
class Faults {
 public:
  bool set(const std::string& text, std::string& why);
  int next(const std::string& name); // counts one call; 0, or the code to fail with

 private:
  struct Fault {
    std::string name;
    uint64_t at; // 0: every call
    int code;
    uint64_t seen = 0;
  };
  std::vector<Fault> faults_;
};

struct KernelProfile {
  uint64_t launches = 0, blocks = 0, threads = 0;
  std::shared_ptr<const Program> program;
  std::vector<OpCounters> ops;
};

class Profile {
 public:
  bool kernels = false; // count instructions and memory traffic too
  std::map<std::string, uint64_t> calls;
  std::map<std::string, KernelProfile> perKernel;
  uint64_t launches = 0, graphLaunches = 0, matmuls = 0;
  uint64_t judgedLaunches = 0; // kernels whose global memory was judged to the end
  std::string json(const DeviceMemory& memory) const;
  void reset();
};

class Report {
 public:
  void add(const std::string& text, const Settings& settings);
  std::string text() const { return text_; }
  uint64_t count() const { return count_; }
  void clear() {
    text_.clear();
    count_ = 0;
  }

 private:
  std::string text_;
  uint64_t count_ = 0;
};

enum class NodeType : int {
  Kernel = 0,
  Memcpy = 1,
  Memset = 2,
  Host = 3,
  Graph = 4,
  Empty = 5,
  WaitEvent = 6,
  EventRecord = 7
};

// Work of a stream or of a graph node. Returns an error that becomes sticky in the context.
struct Work {
  NodeType type = NodeType::Empty;
  std::string name;
  std::function<LaunchError()> run;
};

struct Context {
  bool primary = false;
  unsigned flags = 0;
};

struct Capture; // a capture in progress, stream.cpp

struct Stream {
  unsigned flags = 0;
  int priority = 0;
  uint64_t id = 0;
  uint64_t lastTicket = 0; // of the work last submitted
  bool second = false;     // made while there was another
  std::shared_ptr<Capture> capture;
  bool leaked = false; // and reported so
};

struct Event {
  unsigned flags = 0;
  bool recorded = false, complete = false;
  uint64_t ticket = 0;
  double milliseconds = 0;
  std::weak_ptr<Capture> capture; // recorded into a capture
  bool captured = false;
  Stream* capturedOn = nullptr;
  bool leaked = false;
};

struct GraphNode {
  Work work;
};

struct Graph {
  std::vector<std::shared_ptr<GraphNode>> nodes; // in an order that respects the dependencies
  bool leaked = false;
};

struct GraphExec {
  std::vector<std::shared_ptr<GraphNode>> nodes;
  bool leaked = false;
};

struct Function {
  Module* module = nullptr;
  std::string name;
  std::shared_ptr<const Program> program;
  uint32_t maxDynamicShared = 49152;
};

struct Module {
  std::vector<std::unique_ptr<Function>> functions;
  struct Global {
    std::string name;
    uint64_t address, bytes;
  };
  std::vector<Global> globals;
  bool leaked = false;
};

struct MemoryPool {
  uint64_t releaseThreshold = 0;
};

struct Runtime {
  Runtime();
  std::recursive_mutex mutex;
  Settings settings;
  Switches switches;
  DeviceMemory memory;
  Faults faults;
  Profile profile;
  Report report;
  bool initialised = false;
  CUresult sticky = CUDA_SUCCESS;

  std::set<Context*> contexts;
  Context* primary = nullptr;
  int primaryUses = 0;
  // The CUDA runtime inside cuBLASLt retains the primary context and never releases it, so that
  // remaining objects of a program and a sticky error stay in it.
  bool runtimeRetains = false;
  struct LibraryObject {
    std::string kind;
    bool leaked;
  };
  std::map<const void*, LibraryObject> libraryObjects;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Module*> modules;
  std::set<Function*> functions;
  std::set<Graph*> graphs;
  std::set<GraphExec*> execs;
  std::set<Capture*> captures; // open ones
  MemoryPool defaultPool;
  Stream legacyStream; // stream 0

  struct Pending {
    uint64_t ticket;
    std::vector<uint64_t> after; // the tickets that it waits for
    Work work;
  };
  std::deque<Pending> pending;
  uint64_t lastTicket = 0;
  uint64_t nextStreamId = 1, nextLaunchId = 1;

  // Runs the work of the ticket and, at least, the work that it waits for.
  void runUntil(uint64_t ticket);
  void runAll() { runInOrder(lastTicket); }
  bool isPending(uint64_t ticket) const;
  // Behind the stream's work, and behind that of another ticket; 0 for none.
  void submit(Stream* stream, Work work, uint64_t after = 0);
  LaunchError runWork(Work& work);
  void fail(CUresult code, const std::string& text); // sticky
  CUresult note(CUresult code, const std::string& text); // not sticky: report and return
  void reportLeaks(const char* when); // each once

 private:
  void runInOrder(uint64_t ticket);
  void runNeeded(uint64_t ticket);
  bool runNext(Pending next);
};

Runtime& runtime();
std::vector<Context*>& contextStack(); // of this thread
inline Context* currentContext() {
  const auto& stack = contextStack();
  return stack.empty() ? nullptr : stack.back();
}

enum CallNeeds : unsigned {
  kNothing = 0,
  kInit = 1,
  kContext = 2 | kInit,
  kUnsafe = 4,       // prohibited while a stream captures ("potentially unsafe API calls")
  kIgnoresSticky = 8 // still answers after a fatal error
};

// Locks the driver, counts the call, injects its fault, checks its requirements.
class Call {
 public:
  Call(const char* name, unsigned needs);
  bool failed() const { return code != CUDA_SUCCESS; }
  CUresult code = CUDA_SUCCESS;
  Runtime& rt;

 private:
  std::unique_lock<std::recursive_mutex> lock_;
};

#define ENTER(needs)                     \
  ::cudasim::Call call(__func__, needs); \
  if (call.failed()) return call.code;   \
  [[maybe_unused]] ::cudasim::Runtime& rt = call.rt

// Null means the legacy stream; unknown handles give nullptr.
Stream* streamOf(Runtime& rt, CUstream handle);

// Submits, or records where the stream captures. The result of the API call.
CUresult enqueue(Runtime& rt, Stream* stream, Work work);

// CUDA_SUCCESS, or why this stream's state forbids a call that waits for it.
CUresult checkNotCapturing(Runtime& rt, Stream* stream);

const char* errorName(CUresult code);
const char* errorText(CUresult code);

} // namespace cudasim

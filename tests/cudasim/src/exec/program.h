// SPDX-License-Identifier: Apache-2.0
// A kernel that is ready to run: its ops, and the resources of a block.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../ptx/ast.h"
#include "warp.h"

namespace cudasim {

struct Line {
  int ptx = 0;
  int source = 0;
  int file = 0;
};

struct Parameter {
  uint32_t offset, bytes;
};

// A variable of shared or local memory. Each has a slot of addresses of its own, far larger than itself, so that
// an access past its end is not in another variable; and an address that is no more aligned than its declaration
// asks for. Its bytes are kept close to those of the others, at `at`.
struct Part {
  std::string name;
  uint64_t begin = 0;
  uint32_t bytes = 0, at = 0;
  bool holds(uint64_t low, uint64_t end) const { return low >= begin && end <= begin + bytes; }
};
constexpr int kSlotBits = 20;

// The part in whose slot the address is, or null.
inline const Part* partOf(const std::vector<Part>& parts, uint64_t address) {
  const uint64_t slot = address >> kSlotBits;
  return slot < parts.size() ? &parts[slot] : nullptr;
}

enum class Special : uint8_t {
  TidX,
  TidY,
  TidZ,
  NtidX,
  NtidY,
  NtidZ,
  CtaidX,
  CtaidY,
  CtaidZ,
  NctaidX,
  NctaidY,
  NctaidZ,
  LaneId,
  WarpId,
  NWarpId,
  LanemaskEq,
  LanemaskLe,
  LanemaskLt,
  LanemaskGe,
  LanemaskGt,
  DynamicShared,
  TotalShared,
  GridId,
  SmId,
  NSmId,
};

struct Program {
  std::string name;
  std::vector<Op> ops;
  std::vector<Line> lines; // parallel to ops
  std::map<int, std::string> files;
  std::vector<Parameter> parameters;
  uint32_t parameterBytes = 0;
  uint32_t sharedBytes = 0; // static
  uint32_t dynamicSharedOffset = 0;
  uint32_t localBytes = 0; // per thread
  std::vector<Part> sharedParts, localParts; // the last of the shared ones: the dynamic part, if it has a name
  bool dynamicShared = false;                // whether it has
  uint32_t registerBytes = 0;
  uint32_t predicateCount = 2; // 0: false, 1: true
  struct Constant {
    uint32_t offset, bytes;
    uint64_t value;
  };
  std::vector<Constant> constants;
  std::vector<std::pair<Special, uint32_t>> specials; // register offset (u32 lanes)
  std::vector<std::vector<uint32_t>> branchTables;
  bool ordered = false; // blocks communicate: run them in order, on one thread
  int maxThreads[3] = {0, 0, 0};
  int requiredThreads[3] = {0, 0, 0};
};

// Address of a module-scope .global or .const variable, or 0.
using SymbolAddress = uint64_t (*)(void* context, const std::string& name);

// Throws ptx::Error where an instruction is unknown.
std::unique_ptr<Program> lower(const ptx::Module& module, const ptx::Function& entry, SymbolAddress resolve,
                               void* context);

} // namespace cudasim

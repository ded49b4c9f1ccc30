// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "lowering.h"

namespace cudasim {

namespace {

uint64_t roundUp(uint64_t value, uint64_t alignment) {
  return alignment == 0 ? value : (value + alignment - 1) / alignment * alignment;
}

const FamilyTable& families() {
  static const FamilyTable table = [] {
    FamilyTable t;
    addInteger(t);
    addCarry(t);
    addBits(t);
    addFloat(t);
    addSpecial(t);
    addCompare(t);
    addConvert(t);
    addMove(t);
    addMemory(t);
    addAtomic(t);
    addWarpWide(t);
    addControl(t);
    return t;
  }();
  return table;
}

} // namespace

Lowering::Lowering(const ptx::Module& module, const ptx::Function& entry, SymbolAddress resolve, void* context)
    : module_(module), entry_(entry), resolve_(resolve), context_(context), program_(std::make_unique<Program>()) {}

std::unique_ptr<Program> Lowering::run() {
  Program& p = *program_;
  p.name = entry_.name;
  p.files = module_.files;
  std::copy(std::begin(entry_.maxThreads), std::end(entry_.maxThreads), p.maxThreads);
  std::copy(std::begin(entry_.requiredThreads), std::end(entry_.requiredThreads), p.requiredThreads);
  layOutParameters();
  layOutVariables();
  for (const ptx::Statement& s : entry_.body) {
    if (s.kind == ptx::Statement::Kind::Label) {
      labels_[s.label] = static_cast<uint32_t>(p.ops.size());
    } else {
      lowerInstruction(s.instruction);
    }
  }
  ptx::Instruction end; // a kernel may fall off its end
  end.parts = {"ret"};
  end.line = entry_.body.empty() ? entry_.line : entry_.body.back().instruction.line;
  lowerInstruction(end);
  for (const auto& [op, label] : branches_) {
    const auto found = labels_.find(label.first);
    if (found == labels_.end()) {
      throw ptx::Error(label.second, "unknown label '" + label.first + "'");
    }
    p.ops[op].target = found->second;
  }
  p.branchTables.resize(tables_.size());
  for (const auto& [name, index] : tables_) {
    for (const std::string& target : entry_.branchTargets.at(name)) {
      p.branchTables[index].push_back(labels_.at(target));
    }
  }
  setReconvergence(p);
  return std::move(program_);
}

void Lowering::layOutParameters() {
  uint64_t at = 0;
  for (const ptx::Variable& v : entry_.parameters) {
    at = roundUp(at, static_cast<uint64_t>(v.alignment));
    symbols_[v.name] = {ptx::Space::Param, at};
    program_->parameters.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(v.bytes())});
    at += static_cast<uint64_t>(v.bytes());
  }
  program_->parameterBytes = static_cast<uint32_t>(at);
}

uint64_t Lowering::addPart(std::vector<Part>& parts, const std::string& name, const ptx::Variable& v, uint32_t at) {
  const uint64_t slot = parts.size(), alignment = static_cast<uint64_t>(v.alignment);
  const uint64_t bytes = v.unsized ? 0 : static_cast<uint64_t>(v.bytes());
  if (slot >= 1u << (32 - kSlotBits) || alignment + bytes > 1u << kSlotBits) {
    throw ptx::Error(entry_.line, "too many variables, or too large a one: '" + name + "'");
  }
  parts.push_back({name, (slot << kSlotBits) + alignment, static_cast<uint32_t>(bytes), at});
  return parts.back().begin;
}

void Lowering::addVariable(const ptx::Variable& v, const std::string& name) {
  Program& p = *program_;
  const auto place = [&](uint32_t& size, std::vector<Part>& parts) {
    const uint64_t at = roundUp(size, static_cast<uint64_t>(v.alignment));
    size = static_cast<uint32_t>(at + static_cast<uint64_t>(v.bytes()));
    return addPart(parts, name, v, static_cast<uint32_t>(at));
  };
  switch (v.space) {
    case ptx::Space::Shared:
      if (!v.unsized) {
        symbols_[name] = {v.space, place(p.sharedBytes, p.sharedParts)};
      }
      break;
    case ptx::Space::Local:
    case ptx::Space::Param: // of a call sequence
      symbols_[name] = {ptx::Space::Local, place(p.localBytes, p.localParts)};
      break;
    default: throw ptx::Error(entry_.line, "variable '" + name + "' cannot be declared in a function");
  }
}

void Lowering::layOutVariables() {
  for (const ptx::Variable& v : module_.variables) {
    if (v.space == ptx::Space::Shared) {
      addVariable(v, v.name);
    }
  }
  for (const ptx::Variable& v : entry_.variables) {
    addVariable(v, v.name);
  }
  program_->dynamicSharedOffset = static_cast<uint32_t>(roundUp(program_->sharedBytes, 16));
  program_->localBytes = static_cast<uint32_t>(roundUp(program_->localBytes, 16));
  // All unsized arrays are one, as aligned as the most aligned.
  const ptx::Variable* most = nullptr;
  const auto eachUnsized = [&](auto f) {
    for (const auto* list : {&module_.variables, &entry_.variables}) {
      for (const ptx::Variable& v : *list) {
        if (v.space == ptx::Space::Shared && v.unsized) f(v);
      }
    }
  };
  eachUnsized([&](const ptx::Variable& v) {
    if (most == nullptr || v.alignment > most->alignment) most = &v;
  });
  if (most == nullptr) return;
  program_->dynamicShared = true;
  const uint64_t address = addPart(program_->sharedParts, most->name, *most, program_->dynamicSharedOffset);
  eachUnsized([&](const ptx::Variable& v) { symbols_[v.name] = {v.space, address}; });
}

uint32_t Lowering::allocate(int bytes) {
  const uint32_t offset = program_->registerBytes;
  program_->registerBytes += static_cast<uint32_t>(std::max(bytes * kLanes, 64));
  return offset;
}

const Lowering::Register& Lowering::registerNamed(const std::string& name, int line) {
  const auto known = registers_.find(name);
  if (known != registers_.end()) {
    return known->second;
  }
  const auto declared = entry_.registers.find(name);
  if (declared == entry_.registers.end()) {
    throw ptx::Error(line, "unknown register '" + name + "'");
  }
  Register r;
  r.type = declared->second;
  r.bytes = ptx::sizeOf(r.type);
  if (r.bytes > 8) {
    throw ptx::Error(line, "128-bit registers are not emulated");
  }
  r.offset = r.bytes == 0 ? program_->predicateCount++ : allocate(r.bytes);
  return registers_[name] = r;
}

uint32_t Lowering::constant(int bytes, uint64_t value) {
  if (bytes < 8) {
    value &= (1ull << (8 * bytes)) - 1;
  }
  const auto [entry, fresh] = constants_.try_emplace({bytes, value}, 0);
  if (fresh) {
    entry->second = allocate(bytes);
    program_->constants.push_back({entry->second, static_cast<uint32_t>(bytes), value});
  }
  return entry->second;
}

uint32_t Lowering::special(const std::string& name, int line) {
  static const std::unordered_map<std::string, Special> names = {{"%tid.x", Special::TidX},
                                                                 {"%tid.y", Special::TidY},
                                                                 {"%tid.z", Special::TidZ},
                                                                 {"%ntid.x", Special::NtidX},
                                                                 {"%ntid.y", Special::NtidY},
                                                                 {"%ntid.z", Special::NtidZ},
                                                                 {"%ctaid.x", Special::CtaidX},
                                                                 {"%ctaid.y", Special::CtaidY},
                                                                 {"%ctaid.z", Special::CtaidZ},
                                                                 {"%nctaid.x", Special::NctaidX},
                                                                 {"%nctaid.y", Special::NctaidY},
                                                                 {"%nctaid.z", Special::NctaidZ},
                                                                 {"%laneid", Special::LaneId},
                                                                 {"%warpid", Special::WarpId},
                                                                 {"%nwarpid", Special::NWarpId},
                                                                 {"%lanemask_eq", Special::LanemaskEq},
                                                                 {"%lanemask_le", Special::LanemaskLe},
                                                                 {"%lanemask_lt", Special::LanemaskLt},
                                                                 {"%lanemask_ge", Special::LanemaskGe},
                                                                 {"%lanemask_gt", Special::LanemaskGt},
                                                                 {"%dynamic_smem_size", Special::DynamicShared},
                                                                 {"%total_smem_size", Special::TotalShared},
                                                                 {"%gridid", Special::GridId},
                                                                 {"%smid", Special::SmId},
                                                                 {"%nsmid", Special::NSmId}};
  const auto found = names.find(name);
  if (found == names.end()) {
    throw ptx::Error(line, "unknown register '" + name + "'");
  }
  const auto [entry, fresh] = specials_.try_emplace(found->second, 0);
  if (fresh) {
    entry->second = allocate(4);
    program_->specials.emplace_back(found->second, entry->second);
  }
  return entry->second;
}

const Lowering::Symbol& Lowering::symbol(const std::string& name, int line) {
  const auto known = symbols_.find(name);
  if (known != symbols_.end()) {
    return known->second;
  }
  const uint64_t address = resolve_(context_, name);
  if (address == 0) {
    throw ptx::Error(line, "unknown symbol '" + name + "'");
  }
  return symbols_[name] = {ptx::Space::Global, address};
}

void Lowering::append(Op op, const ptx::Instruction& in) {
  op.index = static_cast<uint32_t>(program_->ops.size());
  program_->ops.push_back(op);
  program_->lines.push_back({in.line, in.sourceLine, in.sourceFile});
}

void Lowering::lowerInstruction(const ptx::Instruction& in) {
  const auto family = families().find(in.parts[0]);
  if (family == families().end()) {
    throw ptx::Error(in.line, "unknown instruction '" + in.opcode() + "'");
  }
  before_.clear();
  after_.clear();
  Builder b(*this, in);
  if (!in.guard.empty()) {
    b.op.guard = b.predicate(in.guard);
    b.op.guardNegated = in.guardNegated;
  }
  const size_t pendingBranches = branches_.size();
  family->second(b);
  if (b.op.run == nullptr) {
    b.mods.unknown();
  }
  const auto guarded = [&](Op helper) {
    helper.guard = b.op.guard;
    helper.guardNegated = b.op.guardNegated;
    append(helper, in);
  };
  std::for_each(before_.begin(), before_.end(), guarded);
  for (size_t i = pendingBranches; i < branches_.size(); ++i) {
    branches_[i].first = static_cast<uint32_t>(program_->ops.size());
  }
  append(b.op, in);
  std::for_each(after_.begin(), after_.end(), guarded);
}

std::unique_ptr<Program> lower(const ptx::Module& module, const ptx::Function& entry, SymbolAddress resolve,
                               void* context) {
  ptx::Function flat = entry;
  ptx::inlineCalls(module, flat);
  return Lowering(module, flat, resolve, context).run();
}

} // namespace cudasim

// SPDX-License-Identifier: Apache-2.0
// Turns the statements of one kernel into ops; owns the register and symbol assignment.
#pragma once

#include "builder.h"

namespace cudasim {

class Lowering {
 public:
  Lowering(const ptx::Module& module, const ptx::Function& entry, SymbolAddress resolve, void* context);
  std::unique_ptr<Program> run();

 private:
  friend class Builder;

  struct Register {
    uint32_t offset = 0;
    int bytes = 0; // 0: predicate
    ptx::Type type = ptx::Type::None;
  };
  struct Symbol {
    ptx::Space space = ptx::Space::Global;
    uint64_t address = 0;
  };

  void layOutParameters();
  void layOutVariables();
  uint64_t addPart(std::vector<Part>& parts, const std::string& name, const ptx::Variable& v, uint32_t at);
  void addVariable(const ptx::Variable& v, const std::string& name);
  const Register& registerNamed(const std::string& name, int line);
  uint32_t allocate(int bytes);
  uint32_t constant(int bytes, uint64_t value);
  uint32_t special(const std::string& name, int line);
  const Symbol& symbol(const std::string& name, int line);
  void lowerInstruction(const ptx::Instruction& in);
  void append(Op op, const ptx::Instruction& in);

  const ptx::Module& module_;
  const ptx::Function& entry_;
  SymbolAddress resolve_;
  void* context_;
  std::unique_ptr<Program> program_;
  std::unordered_map<std::string, Register> registers_;
  std::unordered_map<std::string, Symbol> symbols_;
  std::map<std::pair<int, uint64_t>, uint32_t> constants_;
  std::map<Special, uint32_t> specials_;
  std::unordered_map<std::string, uint32_t> labels_;
  std::vector<std::pair<uint32_t, std::pair<std::string, int>>> branches_;
  std::map<std::string, uint32_t> tables_;
  std::vector<Op> before_, after_;
};

// Sets the reconvergence point of every branch to its immediate post-dominator.
void setReconvergence(Program& program);

} // namespace cudasim

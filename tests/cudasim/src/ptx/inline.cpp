// SPDX-License-Identifier: Apache-2.0
// Direct calls are inlined when a kernel is loaded: the executor then needs no call stack, and the
// post-dominators that reconvergence uses are those of the whole kernel.
#include <algorithm>

#include "ast.h"

namespace cudasim::ptx {

namespace {

class Inliner {
 public:
  Inliner(const Module& module, Function& kernel) : module_(module), kernel_(kernel) {}

  void run() {
    std::vector<Statement> body = std::move(kernel_.body);
    kernel_.body.clear();
    append(body, {kernel_.name});
  }

 private:
  using Names = std::map<std::string, std::string>;

  void append(std::vector<Statement>& body, const std::vector<std::string>& callers) {
    for (Statement& s : body) {
      if (s.kind == Statement::Kind::Instruction && s.instruction.parts[0] == "call") {
        expand(s.instruction, callers);
      } else {
        kernel_.body.push_back(std::move(s));
      }
    }
  }

  const Function& callee(const Instruction& call) const {
    const std::string& name = call.operands[0].name;
    for (const Function& f : module_.functions) {
      if (f.name == name && !f.isEntry && !f.isDeclaration) {
        return f;
      }
    }
    throw Error(call.line, "call of '" + name + "', which has no body in this module");
  }

  void expand(const Instruction& call, const std::vector<std::string>& callers) {
    if (call.operands[0].name == "__assertfail") { // assert() ends the kernel, as on a device
      Statement trap;
      trap.instruction = call;
      trap.instruction.parts = {"trap"};
      trap.instruction.operands.clear();
      kernel_.body.push_back(trap);
      return;
    }
    const Function& f = callee(call);
    if (std::find(callers.begin(), callers.end(), f.name) != callers.end()) {
      throw Error(call.line, "recursive call of '" + f.name + "' is not emulated");
    }
    if (call.arguments.size() != f.parameters.size() || call.results.size() != f.results.size()) {
      throw Error(call.line, "call of '" + f.name + "' with the wrong number of arguments");
    }
    if (!call.guard.empty()) {
      throw Error(call.line, "predicated call is not emulated");
    }
    const std::string suffix = "@" + std::to_string(++expansions_);
    const std::string end = "$end" + suffix;
    Names names;
    for (size_t i = 0; i < f.parameters.size(); ++i) {
      names[f.parameters[i].name] = call.arguments[i];
    }
    for (size_t i = 0; i < f.results.size(); ++i) {
      names[f.results[i].name] = call.results[i];
    }
    for (const auto& [name, type] : f.registers) {
      names[name] = name + suffix;
      kernel_.registers[name + suffix] = type;
    }
    for (Variable v : f.variables) {
      // A .shared variable of a function exists once a block, however often it is inlined.
      if (v.space != Space::Shared) {
        names[v.name] = v.name + suffix;
        v.name += suffix;
      } else {
        names[v.name] = f.name + "." + v.name;
        v.name = f.name + "." + v.name;
      }
      const auto same = [&](const Variable& other) { return other.name == v.name; };
      if (std::none_of(kernel_.variables.begin(), kernel_.variables.end(), same)) {
        kernel_.variables.push_back(v);
      }
    }
    for (const auto& [label, targets] : f.branchTargets) {
      std::vector<std::string>& renamed = kernel_.branchTargets[label + suffix];
      names[label] = label + suffix;
      for (const std::string& target : targets) {
        renamed.push_back(target + suffix);
      }
    }
    for (const Statement& s : f.body) {
      if (s.kind == Statement::Kind::Label) {
        names[s.label] = s.label + suffix;
      }
    }
    std::vector<Statement> body;
    for (Statement s : f.body) {
      rename(s, names);
      if (s.kind == Statement::Kind::Instruction && s.instruction.parts[0] == "ret") {
        s.instruction.parts = {"bra"};
        Operand target;
        target.kind = Operand::Kind::Symbol;
        target.name = end;
        s.instruction.operands = {target};
      }
      body.push_back(std::move(s));
    }
    std::vector<std::string> chain = callers;
    chain.push_back(f.name);
    append(body, chain);
    Statement label;
    label.kind = Statement::Kind::Label;
    label.label = end;
    kernel_.body.push_back(label);
  }

  static void rename(std::string& name, const Names& names) {
    const auto found = names.find(name);
    if (found != names.end()) {
      name = found->second;
    }
  }
  static void rename(Operand& operand, const Names& names) {
    rename(operand.name, names);
    rename(operand.second, names);
    for (Operand& element : operand.elements) {
      rename(element, names);
    }
  }
  static void rename(Statement& s, const Names& names) {
    if (s.kind == Statement::Kind::Label) {
      rename(s.label, names);
      return;
    }
    Instruction& in = s.instruction;
    rename(in.guard, names);
    for (auto* list : {&in.results, &in.arguments}) {
      for (std::string& name : *list) {
        rename(name, names);
      }
    }
    for (Operand& operand : in.operands) {
      rename(operand, names);
    }
  }

  const Module& module_;
  Function& kernel_;
  int expansions_ = 0;
};

} // namespace

void inlineCalls(const Module& module, Function& kernel) { Inliner(module, kernel).run(); }

} // namespace cudasim::ptx

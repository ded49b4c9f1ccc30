// SPDX-License-Identifier: Apache-2.0
// The output of the PTX parser: a module of variables and functions whose instructions are still text
// (opcode parts and operands). Lowering (exec/lower.cpp) turns a kernel into ops.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace cudasim::ptx {

// A PTX text that cannot be loaded; the message names the line.
struct Error : std::runtime_error {
  Error(int line, const std::string& what) : std::runtime_error("PTX line " + std::to_string(line) + ": " + what) {}
};

enum class Type : uint8_t {
  None,
  U8,
  U16,
  U32,
  U64,
  S8,
  S16,
  S32,
  S64,
  B8,
  B16,
  B32,
  B64,
  B128,
  F16,
  F32,
  F64,
  F16x2,
  BF16,
  BF16x2,
  TF32,
  Pred,
};

int sizeOf(Type type);                            // bytes; 0 for predicates
bool parseType(const std::string& part, Type& type);
inline bool isFloat(Type t) { return t >= Type::F16 && t <= Type::TF32; }
inline bool isSigned(Type t) { return t >= Type::S8 && t <= Type::S64; }

enum class Space : uint8_t { Generic, Global, Const, Shared, Local, Param };

struct Operand {
  enum class Kind : uint8_t { Register, Immediate, Symbol, Address, Vector, Sink };
  Kind kind = Kind::Sink;
  std::string name;        // register, or symbol, or base of an address
  bool symbolBase = false; // Address: base is a variable, not a register
  bool negated = false;    // !%p
  int64_t offset = 0;      // Address, Symbol
  enum class Literal : uint8_t { Integer, Float, Double } literal = Literal::Integer;
  uint64_t bits = 0;             // Immediate: integer value, or the bits of the literal
  std::vector<Operand> elements; // Vector
  std::string second;            // %r|%p
};

struct Instruction {
  std::vector<std::string> parts; // "ld", "global", "f32"
  std::vector<Operand> operands;
  std::string guard; // predicate register, or empty
  bool guardNegated = false;
  int line = 0;       // of the PTX text
  int sourceLine = 0; // of the .loc before it, or 0
  int sourceFile = 0;
  // call only: names of the variables that carry results and arguments
  std::vector<std::string> results, arguments;

  std::string opcode() const;
  bool has(const char* part) const;
};

struct Statement {
  enum class Kind : uint8_t { Instruction, Label } kind = Kind::Instruction;
  std::string label;
  Instruction instruction;
};

struct Initializer {
  uint64_t bits = 0;
  std::string symbol; // address of a variable, or empty
  bool generic = false;
};

struct Variable {
  std::string name;
  Space space = Space::Global;
  Type type = Type::B8;
  int alignment = 1;
  int64_t elements = 1;
  bool isExtern = false;
  bool unsized = false; // extern .shared x[]: dynamic shared memory
  std::vector<Initializer> values;
  int64_t bytes() const { return elements * sizeOf(type); }
};

struct Function {
  std::string name;
  bool isEntry = false;
  bool isDeclaration = false;
  std::vector<Variable> parameters;
  std::vector<Variable> results;
  std::map<std::string, Type> registers;
  std::vector<Variable> variables; // .shared, .local and call-sequence .param
  std::map<std::string, std::vector<std::string>> branchTargets;
  std::vector<Statement> body;
  int maxThreads[3] = {0, 0, 0};
  int requiredThreads[3] = {0, 0, 0};
  int line = 0;
};

struct Module {
  int versionMajor = 0, versionMinor = 0;
  int target = 0; // 90 for sm_90
  std::vector<Variable> variables;
  std::vector<Function> functions;
  std::map<int, std::string> files; // .file
};

Module parse(const std::string& text);

// Replaces each direct call by the callee's body; refuses recursion.
void inlineCalls(const Module& module, Function& kernel);

} // namespace cudasim::ptx

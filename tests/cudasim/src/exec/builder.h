// SPDX-License-Identifier: Apache-2.0
// Helpers of the instruction families, which convert a PTX instruction to an op.
#pragma once

#include <functional>
#include <initializer_list>
#include <unordered_map>

#include "program.h"

namespace cudasim {

// The modifiers of an opcode. Each must be taken by the family, so none is ever ignored.
class Modifiers {
 public:
  explicit Modifiers(const ptx::Instruction& in) : in_(in), used_(in.parts.size(), false) { used_[0] = true; }
  bool take(const char* name);
  // The one of the names that is there, or -1.
  int takeAny(std::initializer_list<const char*> names);
  ptx::Type takeType();
  ptx::Type takeTypeOr(ptx::Type otherwise);
  void ignore(std::initializer_list<const char*> names);
  void finish() const; // throws for a modifier nobody took
  [[noreturn]] void unknown() const;

 private:
  const ptx::Instruction& in_;
  std::vector<bool> used_;
};

class Lowering;

class Builder {
 public:
  Builder(Lowering& lowering, const ptx::Instruction& in) : in(in), mods(in), lowering_(lowering) {}

  const ptx::Instruction& in;
  Modifiers mods;
  Op op;

  [[noreturn]] void fail(const std::string& what) const { throw ptx::Error(in.line, what); }
  void operands(size_t count) const;
  void operands(size_t least, size_t most) const;

  // Register offset of a source or result of the given bytes. With `anyWidth`, a wider register is
  // narrowed before, or a narrower result widened after (the rule of ld, st and cvt).
  uint32_t source(size_t operand, int bytes);
  uint32_t source(const ptx::Operand& operand, int bytes, bool anyWidth);
  uint32_t result(size_t operand, int bytes);
  uint32_t result(const ptx::Operand& operand, int bytes, bool anyWidth, bool signExtend);
  uint32_t predicate(size_t operand, bool* negated);
  uint32_t predicate(const std::string& name);
  uint32_t predicateResult(const std::string& name);
  uint32_t temporary(int bytes);
  int registerBytes(const ptx::Operand& operand) const; // 0 where it is not a register
  void branchTo(const std::string& label);
  uint32_t branchTable(const std::string& label);
  // Fills op.imm, op.address32 and op.r[slot] (the base register, or kNone).
  void address(const ptx::Operand& operand, int slot);
  // True where the variable is one of a call sequence, which lives in local memory.
  bool isLocalParameter(const ptx::Operand& operand) const;
  void markOrdered();
  // A helper op of the same guard, before or after the main one.
  void before(const Op& helper);
  void after(const Op& helper);

  // Common case: result of type D from sources of types S, one lane at a time.
  template <class F, class D, class... S>
  void lanewise(OpClass cls);

 private:
  Lowering& lowering_;
};

using Family = void (*)(Builder&);
using FamilyTable = std::unordered_map<std::string, Family>;

void addInteger(FamilyTable&);
void addCarry(FamilyTable&);
void addBits(FamilyTable&);
void addFloat(FamilyTable&);
void addRounded(FamilyTable&);
void addHalf(FamilyTable&);
void addSpecial(FamilyTable&);
void addCompare(FamilyTable&);
void addConvert(FamilyTable&);
void addMove(FamilyTable&);
void addMemory(FamilyTable&);
void addAtomic(FamilyTable&);
void addWarpWide(FamilyTable&);
void addControl(FamilyTable&);

template <class F, class D, class... S, size_t... I>
inline void lanewiseImpl(Warp& w, const Op& op, std::index_sequence<I...>) {
  eachLane(w, F{}, w.lanes<D>(op.r[0]), w.lanes<S>(op.r[I + 1])...);
}

template <class F, class D, class... S>
void runLanewise(Warp& w, const Op& op) {
  lanewiseImpl<F, D, S...>(w, op, std::index_sequence_for<S...>{});
}

template <class F, class D, class... S>
void Builder::lanewise(OpClass cls) {
  mods.finish();
  operands(1 + sizeof...(S));
  size_t i = 0;
  (void)((op.r[i + 1] = source(i + 1, sizeof(S)), ++i), ...);
  op.r[0] = result(0, sizeof(D));
  op.run = runLanewise<F, D, S...>;
  op.cls = cls;
}

} // namespace cudasim

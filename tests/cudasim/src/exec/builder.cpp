// SPDX-License-Identifier: Apache-2.0
#include "builder.h"

#include <cstring>

#include "lowering.h"

namespace cudasim {

using ptx::Operand;

bool Modifiers::take(const char* name) {
  for (size_t i = 1; i < in_.parts.size(); ++i) {
    if (!used_[i] && in_.parts[i] == name) {
      return used_[i] = true;
    }
  }
  return false;
}

int Modifiers::takeAny(std::initializer_list<const char*> names) {
  int at = 0;
  for (const char* name : names) {
    if (take(name)) {
      return at;
    }
    ++at;
  }
  return -1;
}

void Modifiers::ignore(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    take(name);
  }
}

ptx::Type Modifiers::takeTypeOr(ptx::Type otherwise) {
  for (size_t i = 1; i < in_.parts.size(); ++i) {
    ptx::Type type = ptx::Type::None;
    if (!used_[i] && ptx::parseType(in_.parts[i], type)) {
      used_[i] = true;
      return type;
    }
  }
  return otherwise;
}

ptx::Type Modifiers::takeType() {
  const ptx::Type type = takeTypeOr(ptx::Type::None);
  if (type == ptx::Type::None) {
    unknown();
  }
  return type;
}

void Modifiers::finish() const {
  for (const bool used : used_) {
    if (!used) {
      unknown();
    }
  }
}

void Modifiers::unknown() const { throw ptx::Error(in_.line, "unknown instruction '" + in_.opcode() + "'"); }

void Builder::operands(size_t count) const { operands(count, count); }

void Builder::operands(size_t least, size_t most) const {
  if (in.operands.size() < least || in.operands.size() > most) {
    fail("'" + in.opcode() + "' with " + std::to_string(in.operands.size()) + " operands");
  }
}

namespace {

template <class From, class To>
struct Change {
  To operator()(From v) const { return static_cast<To>(v); }
};

template <class From, class To>
void change(Warp& w, const Op& op) {
  eachLane(w, Change<From, To>{}, w.lanes<To>(op.r[0]), w.lanes<From>(op.r[1]));
}

template <class From>
Handler changeTo(int bytes) {
  switch (bytes) {
    case 1: return change<From, uint8_t>;
    case 2: return change<From, uint16_t>;
    case 4: return change<From, uint32_t>;
    default: return change<From, uint64_t>;
  }
}

} // namespace

Handler changeHandler(int from, int to, bool isSigned) {
  switch (from) {
    case 1: return isSigned ? changeTo<int8_t>(to) : changeTo<uint8_t>(to);
    case 2: return isSigned ? changeTo<int16_t>(to) : changeTo<uint16_t>(to);
    case 4: return isSigned ? changeTo<int32_t>(to) : changeTo<uint32_t>(to);
    default: return changeTo<uint64_t>(to);
  }
}

namespace {

uint64_t literalBits(const Operand& operand, int bytes) {
  if (operand.literal == Operand::Literal::Double && bytes == 4) {
    double wide = 0;
    std::memcpy(&wide, &operand.bits, 8);
    const float narrow = static_cast<float>(wide);
    uint32_t bits = 0;
    std::memcpy(&bits, &narrow, 4);
    return bits;
  }
  if (operand.literal == Operand::Literal::Float && bytes == 8) {
    const uint32_t low = static_cast<uint32_t>(operand.bits);
    float narrow = 0;
    std::memcpy(&narrow, &low, 4);
    const double wide = narrow;
    uint64_t bits = 0;
    std::memcpy(&bits, &wide, 8);
    return bits;
  }
  return operand.bits;
}

bool isSpecial(const std::string& name) {
  return name.find('.') != std::string::npos || name.rfind("%lane", 0) == 0 || name == "%warpid" ||
         name == "%nwarpid" || name == "%gridid" || name == "%smid" || name == "%nsmid" ||
         name == "%dynamic_smem_size" || name == "%total_smem_size";
}

} // namespace

uint32_t Builder::temporary(int bytes) { return lowering_.allocate(bytes); }

int Builder::registerBytes(const Operand& operand) const {
  if (operand.kind != Operand::Kind::Register || isSpecial(operand.name)) {
    return operand.kind == Operand::Kind::Register ? 4 : 0;
  }
  return lowering_.registerNamed(operand.name, in.line).bytes;
}

uint32_t Builder::source(size_t operand, int bytes) { return source(in.operands.at(operand), bytes, false); }

uint32_t Builder::source(const Operand& operand, int bytes, bool anyWidth) {
  switch (operand.kind) {
    case Operand::Kind::Immediate: return lowering_.constant(bytes, literalBits(operand, bytes));
    case Operand::Kind::Symbol:
      if (operand.name == "WARP_SZ") {
        return lowering_.constant(bytes, kLanes);
      }
      return lowering_.constant(
          bytes, lowering_.symbol(operand.name, in.line).address + static_cast<uint64_t>(operand.offset));
    case Operand::Kind::Register: break;
    default: fail("bad operand of '" + in.opcode() + "'");
  }
  if (operand.negated) {
    fail("'!' before an operand of '" + in.opcode() + "'");
  }
  if (isSpecial(operand.name)) {
    const uint32_t slot = lowering_.special(operand.name, in.line);
    if (bytes == 4) {
      return slot;
    }
    Op helper;
    helper.run = changeHandler(4, bytes, false);
    helper.r[0] = temporary(bytes);
    helper.r[1] = slot;
    before(helper);
    return helper.r[0];
  }
  const auto& r = lowering_.registerNamed(operand.name, in.line);
  if (r.bytes == bytes) {
    return r.offset;
  }
  if (!anyWidth || r.bytes < bytes || r.bytes == 0) {
    fail("operand '" + operand.name + "' of '" + in.opcode() + "' has the wrong size");
  }
  Op helper;
  helper.run = changeHandler(r.bytes, bytes, false);
  helper.r[1] = r.offset;
  helper.r[0] = temporary(bytes);
  before(helper);
  return helper.r[0];
}

uint32_t Builder::result(size_t operand, int bytes) { return result(in.operands.at(operand), bytes, false, false); }

uint32_t Builder::result(const Operand& operand, int bytes, bool anyWidth, bool signExtend) {
  if (operand.kind == Operand::Kind::Sink) {
    return temporary(bytes);
  }
  if (operand.kind != Operand::Kind::Register || operand.negated || isSpecial(operand.name)) {
    fail("bad destination of '" + in.opcode() + "'");
  }
  const auto& r = lowering_.registerNamed(operand.name, in.line);
  if (r.bytes == bytes) {
    return r.offset;
  }
  if (!anyWidth || r.bytes < bytes) {
    fail("destination '" + operand.name + "' of '" + in.opcode() + "' has the wrong size");
  }
  Op helper;
  helper.run = changeHandler(bytes, r.bytes, signExtend);
  helper.r[0] = r.offset;
  helper.r[1] = temporary(bytes);
  after(helper);
  return helper.r[1];
}

uint32_t Builder::predicate(const std::string& name) {
  const auto& r = lowering_.registerNamed(name, in.line);
  if (r.bytes != 0) {
    fail("'" + name + "' is not a predicate");
  }
  return r.offset;
}

uint32_t Builder::predicate(size_t operand, bool* negated) {
  const Operand& o = in.operands.at(operand);
  *negated = o.negated;
  if (o.kind == Operand::Kind::Immediate) {
    return o.bits != 0 ? 1 : 0;
  }
  if (o.kind != Operand::Kind::Register) {
    fail("'" + in.opcode() + "' needs a predicate");
  }
  return predicate(o.name);
}

uint32_t Builder::predicateResult(const std::string& name) {
  if (name == "_") {
    return lowering_.program_->predicateCount++;
  }
  return predicate(name);
}

void Builder::branchTo(const std::string& label) { lowering_.branches_.push_back({0, {label, in.line}}); }

uint32_t Builder::branchTable(const std::string& label) {
  if (lowering_.entry_.branchTargets.count(label) == 0) {
    fail("unknown branch table '" + label + "'");
  }
  return lowering_.tables_.try_emplace(label, lowering_.tables_.size()).first->second;
}

bool Builder::isLocalParameter(const Operand& operand) const {
  return operand.symbolBase && lowering_.symbol(operand.name, in.line).space == ptx::Space::Local;
}

void Builder::address(const Operand& operand, int slot) {
  if (operand.kind != Operand::Kind::Address) {
    fail("'" + in.opcode() + "' needs an address in brackets");
  }
  op.imm = operand.offset;
  op.r[slot] = kNone;
  if (operand.name.empty()) {
    return;
  }
  if (operand.symbolBase) {
    op.imm += static_cast<int64_t>(lowering_.symbol(operand.name, in.line).address);
    return;
  }
  const auto& r = lowering_.registerNamed(operand.name, in.line);
  if (r.bytes != 8 && r.bytes != 4) {
    fail("address register '" + operand.name + "' has the wrong size");
  }
  op.address32 = r.bytes == 4;
  op.r[slot] = r.offset;
}

void Builder::markOrdered() { lowering_.program_->ordered = true; }

void Builder::before(const Op& helper) { lowering_.before_.push_back(helper); }
void Builder::after(const Op& helper) { lowering_.after_.push_back(helper); }

} // namespace cudasim

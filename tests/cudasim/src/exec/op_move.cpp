// SPDX-License-Identifier: Apache-2.0
// mov (registers, immediates, symbols, packing and unpacking vectors), cvta and isspacep.
#include "lanes.h"

namespace cudasim {

using ptx::Operand;
using ptx::Type;

namespace {

template <class T>
struct Same {
  T operator()(T a) const { return a; }
};

void runMovePredicate(Warp& w, const Op& op) {
  setPredicate(w, op.r[0], w.predicates[op.r[1]] ^ (op.mode ? kAllLanes : 0));
}

// mov.b64 d, {a, b}: element 0 is least significant.
template <class Whole, class Part>
void runPack(Warp& w, const Op& op) {
  Whole packed[kLanes] = {};
  for (int k = 0; k < op.count; ++k) {
    const Part* part = w.lanes<Part>(op.r[k + 1]);
    for (int i = 0; i < kLanes; ++i) {
      packed[i] |= static_cast<Whole>(static_cast<Whole>(part[i]) << (8 * sizeof(Part) * k));
    }
  }
  eachLane(w, Same<Whole>{}, w.lanes<Whole>(op.r[0]), packed);
}
template <class Whole, class Part>
void runUnpack(Warp& w, const Op& op) {
  Whole whole[kLanes];
  std::memcpy(whole, w.lanes<Whole>(op.r[0]), sizeof whole);
  for (int k = 0; k < op.count; ++k) {
    const int shift = static_cast<int>(8 * sizeof(Part)) * k;
    eachLane(w, [shift](Whole v) { return static_cast<Part>(v >> shift); }, w.lanes<Part>(op.r[k + 1]), whole);
  }
}

Handler packHandler(int whole, int part, bool pack) {
  if (whole == 8 && part == 4) return pack ? runPack<uint64_t, uint32_t> : runUnpack<uint64_t, uint32_t>;
  if (whole == 8 && part == 2) return pack ? runPack<uint64_t, uint16_t> : runUnpack<uint64_t, uint16_t>;
  if (whole == 8 && part == 1) return pack ? runPack<uint64_t, uint8_t> : runUnpack<uint64_t, uint8_t>;
  if (whole == 4 && part == 2) return pack ? runPack<uint32_t, uint16_t> : runUnpack<uint32_t, uint16_t>;
  if (whole == 4 && part == 1) return pack ? runPack<uint32_t, uint8_t> : runUnpack<uint32_t, uint8_t>;
  if (whole == 2 && part == 1) return pack ? runPack<uint16_t, uint8_t> : runUnpack<uint16_t, uint8_t>;
  return nullptr;
}

void runClock(Warp& w, const Op& op) {
  // A clock that no result may depend on: it counts ops of this warp by program counter.
  const uint64_t now = w.pc;
  if (op.bytes == 8) {
    eachLane(w, [now](uint64_t) { return now; }, w.lanes<uint64_t>(op.r[0]), w.lanes<uint64_t>(op.r[0]));
  } else {
    eachLane(
        w, [now](uint32_t) { return static_cast<uint32_t>(now); }, w.lanes<uint32_t>(op.r[0]),
        w.lanes<uint32_t>(op.r[0]));
  }
}

void move(Builder& b) {
  const Type type = b.mods.takeType();
  b.mods.finish();
  b.operands(2);
  const int bytes = ptx::sizeOf(type);
  const Operand& d = b.in.operands[0];
  const Operand& a = b.in.operands[1];
  b.op.cls = OpClass::Move;
  if (type == Type::Pred) {
    bool negated = false;
    b.op.r[1] = b.predicate(1, &negated);
    b.op.r[0] = b.predicateResult(d.name);
    b.op.mode = negated;
    b.op.run = runMovePredicate;
    return;
  }
  const bool unpack = d.kind == Operand::Kind::Vector;
  if (unpack || a.kind == Operand::Kind::Vector) {
    const auto& elements = unpack ? d.elements : a.elements;
    const int part = bytes / static_cast<int>(elements.size());
    b.op.count = static_cast<uint8_t>(elements.size());
    b.op.r[0] = unpack ? b.source(a, bytes, false) : b.result(d, bytes, false, false);
    for (size_t k = 0; k < elements.size(); ++k) {
      b.op.r[k + 1] = unpack ? b.result(elements[k], part, false, false) : b.source(elements[k], part, false);
    }
    b.op.run = packHandler(bytes, part, !unpack);
    return;
  }
  if (a.kind == Operand::Kind::Register &&
      (a.name == "%clock" || a.name == "%clock64" || a.name == "%clock_hi" || a.name == "%globaltimer")) {
    b.op.bytes = static_cast<uint8_t>(bytes);
    b.op.r[0] = b.result(0, bytes);
    b.op.run = runClock;
    return;
  }
  switch (bytes) {
    case 2: return b.lanewise<Same<uint16_t>, uint16_t, uint16_t>(OpClass::Move);
    case 4: return b.lanewise<Same<uint32_t>, uint32_t, uint32_t>(OpClass::Move);
    case 8: return b.lanewise<Same<uint64_t>, uint64_t, uint64_t>(OpClass::Move);
    default: b.mods.unknown();
  }
}

uint64_t windowOf(int space) {
  // In the order of takeSpace: global and const addresses are generic ones already.
  static const uint64_t windows[] = {0, 0, kSharedWindow, kSharedWindow, kLocalWindow, kParamWindow};
  return windows[space];
}
int takeSpace(Modifiers& mods) { return mods.takeAny({"global", "const", "shared", "shared::cta", "local", "param"}); }

void runAddWindow(Warp& w, const Op& op) {
  const uint64_t delta = static_cast<uint64_t>(op.imm);
  eachLane(w, [delta](uint64_t a) { return a + delta; }, w.lanes<uint64_t>(op.r[0]), w.lanes<uint64_t>(op.r[1]));
}

void convertAddress(Builder& b) {
  const bool to = b.mods.take("to");
  const int space = takeSpace(b.mods);
  const Type type = b.mods.takeType();
  b.mods.finish();
  b.operands(2);
  if (space < 0 || ptx::sizeOf(type) != 8) b.mods.unknown();
  b.op.r[1] = b.source(1, 8);
  b.op.r[0] = b.result(0, 8);
  b.op.imm = static_cast<int64_t>(to ? 0 - windowOf(space) : windowOf(space));
  b.op.run = runAddWindow;
  b.op.cls = OpClass::Move;
}

void runIsSpace(Warp& w, const Op& op) {
  const uint64_t* a = w.lanes<uint64_t>(op.r[1]);
  setPredicate(w, op.r[0], maskOf([&](int i) {
                 const uint64_t window = a[i] & kWindowMask;
                 const bool other = window == kSharedWindow || window == kLocalWindow || window == kParamWindow;
                 return op.imm != 0 ? window == static_cast<uint64_t>(op.imm) : !other;
               }));
}

void isSpace(Builder& b) {
  const int space = takeSpace(b.mods);
  if (space < 0) b.mods.unknown();
  b.mods.finish();
  b.operands(2);
  b.op.r[1] = b.source(1, 8);
  b.op.r[0] = b.predicateResult(b.in.operands[0].name);
  b.op.imm = static_cast<int64_t>(windowOf(space));
  b.op.run = runIsSpace;
  b.op.cls = OpClass::Compare;
}

} // namespace

void addMove(FamilyTable& t) {
  t["mov"] = move;
  t["cvta"] = convertAddress;
  t["isspacep"] = isSpace;
}

} // namespace cudasim

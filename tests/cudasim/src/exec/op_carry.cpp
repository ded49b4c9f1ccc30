// SPDX-License-Identifier: Apache-2.0
// Extended-precision arithmetic: add.cc, addc, sub.cc, subc, mad.cc, madc (PTX ISA,
// "Extended-Precision Integer Arithmetic Instructions"). The condition code is one bit a lane.
#include "lanes.h"

namespace cudasim {

using ptx::Type;

namespace {

enum Mode : uint8_t { kCarryIn = 1, kCarryOut = 2, kSubtract = 4, kHigh = 8 };

template <class T, class W>
void runAdd(Warp& w, const Op& op) {
  T* d = w.lanes<T>(op.r[0]);
  const T* a = w.lanes<T>(op.r[1]);
  const T* b = w.lanes<T>(op.r[2]);
  uint32_t carry = 0;
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) {
      continue;
    }
    const W in = (op.mode & kCarryIn) ? (w.carry >> i) & 1 : 0;
    // A borrow is kept as a set bit: a - b - borrow.
    const W v = (op.mode & kSubtract) ? static_cast<W>(a[i]) - b[i] - in : static_cast<W>(a[i]) + b[i] + in;
    d[i] = static_cast<T>(v);
    carry |= static_cast<uint32_t>((v >> (8 * sizeof(T))) & 1) << i;
  }
  if (op.mode & kCarryOut) {
    w.carry = (w.carry & ~w.mask) | carry;
  }
}

template <class T, class Signed, class W, class SignedW>
void runMad(Warp& w, const Op& op) {
  T* d = w.lanes<T>(op.r[0]);
  const T* a = w.lanes<T>(op.r[1]);
  const T* b = w.lanes<T>(op.r[2]);
  const T* c = w.lanes<T>(op.r[3]);
  uint32_t carry = 0;
  for (int i = 0; i < kLanes; ++i) {
    if (!((w.mask >> i) & 1)) {
      continue;
    }
    const W product = op.bytes != 0
                          ? static_cast<W>(static_cast<SignedW>(static_cast<Signed>(a[i])) * static_cast<Signed>(b[i]))
                          : static_cast<W>(a[i]) * b[i];
    const T part = static_cast<T>((op.mode & kHigh) ? product >> (8 * sizeof(T)) : product);
    const W v = static_cast<W>(part) + c[i] + ((op.mode & kCarryIn) ? (w.carry >> i) & 1 : 0);
    d[i] = static_cast<T>(v);
    carry |= static_cast<uint32_t>((v >> (8 * sizeof(T))) & 1) << i;
  }
  if (op.mode & kCarryOut) {
    w.carry = (w.carry & ~w.mask) | carry;
  }
}

} // namespace

void buildCarry(Builder& b, Type type) {
  const std::string& name = b.in.parts[0];
  const int bytes = ptx::sizeOf(type);
  if ((bytes != 4 && bytes != 8) || ptx::isFloat(type)) {
    b.mods.unknown();
  }
  const bool multiply = name == "mad" || name == "madc";
  if (b.mods.take("cc")) b.op.mode |= kCarryOut;
  if (name.back() == 'c') b.op.mode |= kCarryIn; // addc, subc, madc
  if (name.rfind("sub", 0) == 0) b.op.mode |= kSubtract;
  if (multiply) {
    const int part = b.mods.takeAny({"lo", "hi"});
    if (part < 0) b.mods.unknown();
    if (part == 1) b.op.mode |= kHigh;
    b.op.bytes = ptx::isSigned(type);
  }
  b.mods.finish();
  const size_t count = multiply ? 4 : 3;
  b.operands(count);
  for (size_t i = 1; i < count; ++i) {
    b.op.r[i] = b.source(i, bytes);
  }
  b.op.r[0] = b.result(0, bytes);
  if (multiply) {
    b.op.run = bytes == 4 ? runMad<uint32_t, int32_t, uint64_t, int64_t>
                          : runMad<uint64_t, int64_t, unsigned __int128, __int128>;
  } else {
    b.op.run = bytes == 4 ? runAdd<uint32_t, uint64_t> : runAdd<uint64_t, unsigned __int128>;
  }
  b.op.cls = OpClass::Integer;
}

void addCarry(FamilyTable& t) {
  for (const char* name : {"addc", "subc", "madc"}) {
    t[name] = [](Builder& b) { buildCarry(b, b.mods.takeType()); };
  }
}

} // namespace cudasim

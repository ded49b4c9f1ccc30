// SPDX-License-Identifier: Apache-2.0
// Integer, carry and bit instructions. Expected values were worked out by hand from the PTX ISA.
#include "harness.h"

TEST(add_sub_wrap) {
  ROWS("add.s32 d, a, b;", "b32", {"b32", "b32"}, {{{0x7fffffff, 1}, 0x80000000}, {{5, 0xfffffffb}, 0}});
  ROWS("sub.u32 d, a, b;", "b32", {"b32", "b32"}, {{{3, 5}, 0xfffffffe}});
  ROWS("add.u64 d, a, b;", "b64", {"b64", "b64"}, {{{~0ull, 2}, 1}});
  ROWS("add.s16 d, a, b;", "b16", {"b16", "b16"}, {{{0x7fff, 1}, 0x8000}});
  ROWS("add.sat.s32 d, a, b;", "b32", {"b32", "b32"},
       {{{0x7fffffff, 1}, 0x7fffffff}, {{0x80000000, 0xffffffff}, 0x80000000}, {{1, 2}, 3}});
  ROWS("sub.sat.s32 d, a, b;", "b32", {"b32", "b32"},
       {{{0x80000000, 1}, 0x80000000}, {{0x7fffffff, 0xffffffff}, 0x7fffffff}});
}

TEST(immediates_and_negation) {
  ROWS("add.s32 d, a, -7;", "b32", {"b32"}, {{{3}, 0xfffffffc}});
  ROWS("mov.b32 d, 0xFF;", "b32", {}, {{{}, 255}});
  ROWS("mov.b64 d, -1;", "b64", {}, {{{}, ~0ull}});
  ROWS("mov.f32 d, 0f3FC00000;", "b32", {}, {{{}, F(1.5f)}});
  ROWS("mov.f64 d, 0d3FF8000000000000;", "b64", {}, {{{}, D(1.5)}});
  ROWS("mov.b32 d, 0b1011;", "b32", {}, {{{}, 11}});
  ROWS("mov.u32 d, WARP_SZ;", "b32", {}, {{{}, 32}});
}

TEST(multiply) {
  ROWS("mul.lo.s32 d, a, b;", "b32", {"b32", "b32"}, {{{0x10001, 0x10001}, 0x20001}, {{0xffffffff, 5}, 0xfffffffb}});
  ROWS("mul.hi.u32 d, a, b;", "b32", {"b32", "b32"}, {{{0xffffffff, 0xffffffff}, 0xfffffffe}, {{0xD2511F53, 1}, 0}});
  ROWS("mul.hi.s32 d, a, b;", "b32", {"b32", "b32"},
       {{{0xffffffff, 2}, 0xffffffff}, {{0x80000000, 0x80000000}, 0x40000000}});
  ROWS("mul.wide.u32 d, a, b;", "b64", {"b32", "b32"}, {{{0xffffffff, 0xffffffff}, 0xfffffffe00000001ull}});
  ROWS("mul.wide.s32 d, a, b;", "b64", {"b32", "b32"}, {{{0xffffffff, 3}, 0xfffffffffffffffdull}});
  ROWS("mul.wide.s16 d, a, b;", "b32", {"b16", "b16"}, {{{0xffff, 7}, 0xfffffff9}});
  ROWS("mul.wide.u16 d, a, b;", "b32", {"b16", "b16"}, {{{0xffff, 0xffff}, 0xfffe0001}});
  ROWS("mul.hi.u64 d, a, b;", "b64", {"b64", "b64"}, {{{~0ull, ~0ull}, ~0ull - 1}, {{1ull << 63, 6}, 3}});
  ROWS("mul.hi.s64 d, a, b;", "b64", {"b64", "b64"}, {{{~0ull, 6}, ~0ull}});
  ROWS("mul24.lo.u32 d, a, b;", "b32", {"b32", "b32"}, {{{0xff000003, 5}, 15}});
  ROWS("mul24.lo.s32 d, a, b;", "b32", {"b32", "b32"}, {{{0x00ffffff, 5}, 0xfffffffb}});
}

TEST(multiply_add) {
  ROWS("mad.lo.s32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{3, 4, 5}, 17}});
  ROWS("mad.hi.u32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0x80000000, 4, 5}, 7}});
  ROWS("mad.wide.s32 d, a, b, c;", "b64", {"b32", "b32", "b64"}, {{{0xffffffff, 4, 10}, 6}});
  ROWS("mad.wide.u16 d, a, b, c;", "b32", {"b16", "b16", "b32"}, {{{300, 300, 1}, 90001}});
  ROWS("sad.u32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{3, 10, 100}, 107}, {{10, 3, 100}, 107}});
}

TEST(divide) {
  ROWS("div.s32 d, a, b;", "b32", {"b32", "b32"}, {{{0xfffffff9, 2}, 0xfffffffd}, {{7, 0xfffffffe}, 0xfffffffd}});
  ROWS("div.u32 d, a, b;", "b32", {"b32", "b32"}, {{{0xfffffff9, 2}, 0x7ffffffc}});
  ROWS("rem.s32 d, a, b;", "b32", {"b32", "b32"}, {{{0xfffffff9, 2}, 0xffffffff}, {{7, 0xfffffffd}, 1}});
  ROWS("rem.u64 d, a, b;", "b64", {"b64", "b64"}, {{{100, 7}, 2}});
  ROWS("div.s64 d, a, b;", "b64", {"b64", "b64"}, {{{static_cast<uint64_t>(-100), 7}, static_cast<uint64_t>(-14)}});
}

TEST(sign_and_extremes) {
  ROWS("abs.s32 d, a;", "b32", {"b32"}, {{{0xfffffff0}, 16}, {{16}, 16}});
  ROWS("neg.s64 d, a;", "b64", {"b64"}, {{{1}, ~0ull}});
  ROWS("min.s32 d, a, b;", "b32", {"b32", "b32"}, {{{0xffffffff, 1}, 0xffffffff}});
  ROWS("min.u32 d, a, b;", "b32", {"b32", "b32"}, {{{0xffffffff, 1}, 1}});
  ROWS("max.s64 d, a, b;", "b64", {"b64", "b64"}, {{{~0ull, 1}, 1}});
  ROWS("max.u16 d, a, b;", "b16", {"b16", "b16"}, {{{0xffff, 1}, 0xffff}});
}

TEST(carry_chain) {
  // 128-bit a:b + a:b through four 32-bit words would hide nothing: two words are enough.
  ROWS(".reg .b32 x; .reg .b32 y;\nadd.cc.u32 x, a, b;\naddc.u32 y, 0, 0;\nmov.b64 d, {x, y};", "b64", {"b32", "b32"},
       {{{0xffffffff, 1}, 0x100000000ull}, {{1, 2}, 3}});
  ROWS(".reg .b32 x; .reg .b32 y;\nsub.cc.u32 x, a, b;\nsubc.u32 y, 5, 0;\nmov.b64 d, {x, y};", "b64", {"b32", "b32"},
       {{{0, 1}, 0x4ffffffffull}, {{3, 1}, 0x500000002ull}});
  ROWS(".reg .b32 x; .reg .b32 y;\nmad.lo.cc.u32 x, a, b, c;\nmadc.hi.u32 y, a, b, 0;\nmov.b64 d, {x, y};", "b64",
       {"b32", "b32", "b32"}, {{{0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffff00000000ull}});
  ROWS(".reg .b64 x;\nadd.cc.u64 x, a, b;\naddc.u64 d, 0, 0;", "b64", {"b64", "b64"}, {{{~0ull, 1}, 1}, {{5, 1}, 0}});
}

TEST(logic) {
  ROWS("and.b32 d, a, b;", "b32", {"b32", "b32"}, {{{0xff00ff00, 0x0ff00ff0}, 0x0f000f00}});
  ROWS("or.b64 d, a, b;", "b64", {"b64", "b64"}, {{{0xf0, 0x0f}, 0xff}});
  ROWS("xor.b16 d, a, b;", "b16", {"b16", "b16"}, {{{0xffff, 0x0f0f}, 0xf0f0}});
  ROWS("not.b32 d, a;", "b32", {"b32"}, {{{0x12345678}, 0xedcba987}});
  ROWS("cnot.b32 d, a;", "b32", {"b32"}, {{{0}, 1}, {{9}, 0}});
  ROWS("lop3.b32 d, a, b, c, 0x96;", "b32", {"b32", "b32", "b32"}, {{{0xff, 0x0f, 0x33}, 0xff ^ 0x0f ^ 0x33}});
  ROWS("lop3.b32 d, a, b, c, 0xca;", "b32", {"b32", "b32", "b32"},
       {{{0xf0f0f0f0, 0x12345678, 0x9abcdef0}, 0x1a3c5e70}});
  ROWS("and.pred d, a, b;", "pred", {"pred", "pred"}, {{{1, 1}, 1}, {{1, 0}, 0}});
  ROWS("xor.pred d, a, b;", "pred", {"pred", "pred"}, {{{1, 1}, 0}, {{1, 0}, 1}});
  ROWS("or.pred d, a, !b;", "pred", {"pred", "pred"}, {{{0, 1}, 0}, {{0, 0}, 1}});
  ROWS("not.pred d, a;", "pred", {"pred"}, {{{0}, 1}, {{1}, 0}});
}

TEST(shifts) {
  ROWS("shl.b32 d, a, b;", "b32", {"b32", "b32"}, {{{1, 31}, 0x80000000}, {{1, 32}, 0}, {{1, 0xffffffff}, 0}});
  ROWS("shr.u32 d, a, b;", "b32", {"b32", "b32"}, {{{0x80000000, 31}, 1}, {{0x80000000, 40}, 0}});
  ROWS("shr.s32 d, a, b;", "b32", {"b32", "b32"},
       {{{0x80000000, 31}, 0xffffffff}, {{0x80000000, 99}, 0xffffffff}, {{64, 99}, 0}});
  ROWS("shr.s64 d, a, b;", "b64", {"b64", "b32"}, {{{1ull << 63, 70}, ~0ull}});
  ROWS("shl.b64 d, a, b;", "b64", {"b64", "b32"}, {{{3, 62}, 3ull << 62}});
  ROWS("shf.l.wrap.b32 d, a, b, c;", "b32", {"b32", "b32", "b32"},
       {{{0x80000001, 0x12345678, 4}, 0x23456788}, {{0x80000001, 7, 32}, 7}});
  ROWS("shf.r.wrap.b32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0x12345678, 0xabcdef01, 8}, 0x01123456}});
  ROWS("shf.r.clamp.b32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0x12345678, 0xabcdef01, 40}, 0xabcdef01}});
  ROWS("shf.l.clamp.b32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0x12345678, 0xabcdef01, 40}, 0x12345678}});
}

TEST(bit_counts) {
  ROWS("popc.b32 d, a;", "b32", {"b32"}, {{{0xf0f0f0f1}, 17}});
  ROWS("popc.b64 d, a;", "b32", {"b64"}, {{{~0ull}, 64}});
  ROWS("clz.b32 d, a;", "b32", {"b32"}, {{{1}, 31}, {{0}, 32}, {{0x80000000}, 0}});
  ROWS("clz.b64 d, a;", "b32", {"b64"}, {{{1}, 63}, {{0}, 64}});
  ROWS("brev.b32 d, a;", "b32", {"b32"}, {{{1}, 0x80000000}, {{0x0000000f}, 0xf0000000}});
  ROWS("brev.b64 d, a;", "b64", {"b64"}, {{{1}, 1ull << 63}});
  ROWS("bfind.u32 d, a;", "b32", {"b32"}, {{{0x00010000}, 16}, {{0}, 0xffffffff}});
  ROWS("bfind.s32 d, a;", "b32", {"b32"}, {{{0xfffffffe}, 0}, {{0xffffffff}, 0xffffffff}});
  ROWS("bfind.shiftamt.u32 d, a;", "b32", {"b32"}, {{{0x00010000}, 15}});
}

TEST(bit_fields) {
  ROWS("bfe.u32 d, a, b, c;", "b32", {"b32", "b32", "b32"},
       {{{0x12345678, 8, 12}, 0x456}, {{0xffffffff, 0, 0}, 0}, {{0x80000000, 31, 8}, 1}});
  ROWS("bfe.s32 d, a, b, c;", "b32", {"b32", "b32", "b32"},
       {{{0x00000f00, 8, 4}, 0xffffffff}, {{0x00000700, 8, 4}, 7}, {{0x80000000, 28, 8}, 0xfffffff8}});
  ROWS("bfe.u64 d, a, b, c;", "b64", {"b64", "b32", "b32"}, {{{0xabcdull << 40, 40, 16}, 0xabcd}});
  ROWS("bfi.b32 d, a, b, c, 8;", "b32", {"b32", "b32", "b32"}, {{{0xff, 0x12345678, 8}, 0x1234ff78}});
  ROWS("bfi.b64 d, a, b, c, 8;", "b64", {"b64", "b64", "b32"}, {{{0xff, 0, 56}, 0xffull << 56}});
  ROWS("bmsk.clamp.b32 d, a, b;", "b32", {"b32", "b32"}, {{{4, 8}, 0xff0}, {{30, 8}, 0xc0000000}});
  ROWS("prmt.b32 d, a, b, c;", "b32", {"b32", "b32", "b32"},
       {{{0x33221100, 0x77665544, 0x7531}, 0x77553311}, {{0x33221180, 0, 0x8}, 0x808080ff}});
}

TEST(dot_product) {
  ROWS("dp4a.s32.s32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0x01ff0203, 0x02030405, 10}, 10 + 15 + 8 - 3 + 2}});
  ROWS("dp4a.u32.u32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{0xff000000, 0x02000000, 1}, 511}});
}

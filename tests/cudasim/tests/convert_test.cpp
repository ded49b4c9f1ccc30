// SPDX-License-Identifier: Apache-2.0
// cvt in all its forms, comparisons and selections, moves.
#include <limits>

#include "harness.h"

namespace {
const uint64_t nan32 = 0x7fffffff;
const float inf = std::numeric_limits<float>::infinity();
} // namespace

TEST(convert_integers) {
  ROWS("cvt.u32.u8 d, a;", "b32", {"b16"}, {{{0x1ff}, 0xff}});
  ROWS("cvt.s32.s8 d, a;", "b32", {"b16"}, {{{0x80}, 0xffffff80}});
  ROWS("cvt.u64.u32 d, a;", "b64", {"b32"}, {{{0xffffffff}, 0xffffffff}});
  ROWS("cvt.s64.s32 d, a;", "b64", {"b32"}, {{{0xffffffff}, ~0ull}});
  ROWS("cvt.u32.u64 d, a;", "b32", {"b64"}, {{{0x123456789ull}, 0x23456789}});
  ROWS("cvt.u16.u32 d, a;", "b16", {"b32"}, {{{0x12345}, 0x2345}});
  ROWS("cvt.sat.u8.s32 d, a;", "b16", {"b32"}, {{{300}, 255}, {{0xffffffff}, 0}, {{77}, 77}});
  ROWS("cvt.sat.s8.s32 d, a;", "b16", {"b32"}, {{{300}, 127}, {{static_cast<uint32_t>(-300)}, 0xff80}});
}

TEST(convert_float_to_integer) {
  ROWS("cvt.rni.s32.f32 d, a;", "b32", {"b32"}, {{{F(2.5f)}, 2}, {{F(3.5f)}, 4}, {{F(-2.5f)}, 0xfffffffe}});
  ROWS("cvt.rzi.s32.f32 d, a;", "b32", {"b32"},
       {{{F(-2.9f)}, 0xfffffffe}, {{F(3e9f)}, 0x7fffffff}, {{F(-3e9f)}, 0x80000000}, {{nan32}, 0}});
  ROWS("cvt.rmi.s32.f32 d, a;", "b32", {"b32"}, {{{F(-2.1f)}, 0xfffffffd}});
  ROWS("cvt.rpi.s32.f32 d, a;", "b32", {"b32"}, {{{F(2.1f)}, 3}});
  ROWS("cvt.rzi.u32.f32 d, a;", "b32", {"b32"}, {{{F(-1.0f)}, 0}, {{F(4e9f)}, 4000000000u}, {{F(5e9f)}, 0xffffffff}});
  ROWS("cvt.rzi.u8.f32 d, a;", "b16", {"b32"}, {{{F(300.0f)}, 255}, {{F(-3.0f)}, 0}, {{F(9.9f)}, 9}});
  ROWS("cvt.rzi.s64.f64 d, a;", "b64", {"b64"},
       {{{D(-1e15)}, static_cast<uint64_t>(-1000000000000000ll)}, {{D(1e30)}, 0x7fffffffffffffffull}});
  ROWS("cvt.rzi.u64.f32 d, a;", "b64", {"b32"}, {{{F(inf)}, ~0ull}, {{nan32}, 1ull << 63}});
}

TEST(convert_integer_to_float) {
  ROWS("cvt.rn.f32.s32 d, a;", "b32", {"b32"}, {{{16777217}, F(16777216.0f)}, {{static_cast<uint32_t>(-3)}, F(-3.0f)}});
  ROWS("cvt.rp.f32.s32 d, a;", "b32", {"b32"}, {{{16777217}, F(16777218.0f)}});
  ROWS("cvt.rz.f32.u32 d, a;", "b32", {"b32"}, {{{0xffffffff}, F(4294967040.0f)}});
  ROWS("cvt.rn.f32.u16 d, a;", "b32", {"b16"}, {{{65535}, F(65535.0f)}});
  ROWS("cvt.rn.f32.u8 d, a;", "b32", {"b16"}, {{{200}, F(200.0f)}});
  ROWS("cvt.rn.f64.u64 d, a;", "b64", {"b64"}, {{{~0ull}, D(18446744073709551616.0)}});
  ROWS("cvt.rn.f32.u64 d, a;", "b32", {"b64"}, {{{1ull << 40}, F(0x1p40f)}});
}

TEST(convert_floats) {
  ROWS("cvt.rn.f32.f64 d, a;", "b32", {"b64"}, {{{D(1.0 + 0x1p-24)}, F(1.0f)}, {{D(1e300)}, F(inf)}});
  ROWS("cvt.rz.f32.f64 d, a;", "b32", {"b64"}, {{{D(1e300)}, F(3.402823466e38f)}});
  ROWS("cvt.f64.f32 d, a;", "b64", {"b32"}, {{{F(0.1f)}, D(static_cast<double>(0.1f))}});
  ROWS("cvt.rni.f32.f32 d, a;", "b32", {"b32"}, {{{F(2.5f)}, F(2.0f)}, {{F(-0.3f)}, F(-0.0f)}});
  ROWS("cvt.rmi.f64.f64 d, a;", "b64", {"b64"}, {{{D(-2.5)}, D(-3.0)}});
  ROWS("cvt.sat.f32.f32 d, a;", "b32", {"b32"}, {{{F(1.5f)}, F(1.0f)}, {{F(-1.0f)}, 0}, {{nan32}, 0}});
  ROWS("cvt.ftz.f32.f32 d, a;", "b32", {"b32"}, {{{1}, 0}});
}

TEST(convert_halves) {
  ROWS("cvt.rn.bf16.f32 d, a;", "b16", {"b32"},
       {{{0x3f808000}, 0x3f80}, {{0x3f818000}, 0x3f82}, {{0x3f808001}, 0x3f81}, {{nan32}, 0x7fff}, {{F(inf)}, 0x7f80}});
  ROWS("cvt.rz.bf16.f32 d, a;", "b16", {"b32"}, {{{0x3f80ffff}, 0x3f80}});
  ROWS("cvt.f32.bf16 d, a;", "b32", {"b16"}, {{{0x3fc0}, F(1.5f)}});
  ROWS("cvt.rn.f16.f32 d, a;", "b16", {"b32"},
       {{{F(1.5f)}, 0x3e00},
        {{F(65520.0f)}, 0x7c00},
        {{F(0x1p-24f)}, 1},
        {{F(0x1p-25f)}, 0},
        {{F(-0x1.8p-25f)}, 0x8001}});
  ROWS("cvt.f32.f16 d, a;", "b32", {"b16"}, {{{0x3e00}, F(1.5f)}, {{1}, F(0x1p-24f)}, {{0xfc00}, F(-inf)}});
  ROWS("cvt.rn.bf16x2.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(1.0f), F(2.0f)}, 0x3f804000}});
  ROWS("cvt.rn.f16x2.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(1.0f), F(2.0f)}, 0x3c004000}});
  ROWS("cvt.rn.relu.bf16.f32 d, a;", "b16", {"b32"}, {{{F(-1.0f)}, 0}});
  ROWS("cvt.rna.tf32.f32 d, a;", "b32", {"b32"}, {{{0x3f801000}, 0x3f802000}, {{0x3f800fff}, 0x3f800000}});
}

TEST(compare) {
  ROWS("setp.lt.s32 d, a, b;", "pred", {"b32", "b32"}, {{{0xffffffff, 1}, 1}, {{1, 1}, 0}});
  ROWS("setp.lt.u32 d, a, b;", "pred", {"b32", "b32"}, {{{0xffffffff, 1}, 0}});
  ROWS("setp.ge.s64 d, a, b;", "pred", {"b64", "b64"}, {{{5, 5}, 1}, {{~0ull, 0}, 0}});
  ROWS("setp.ne.s16 d, a, b;", "pred", {"b16", "b16"}, {{{1, 2}, 1}});
  ROWS("setp.eq.f32 d, a, b;", "pred", {"b32", "b32"}, {{{F(0.0f), F(-0.0f)}, 1}, {{nan32, nan32}, 0}});
  ROWS("setp.ne.f32 d, a, b;", "pred", {"b32", "b32"}, {{{nan32, F(1.0f)}, 0}, {{F(2.0f), F(1.0f)}, 1}});
  ROWS("setp.neu.f32 d, a, b;", "pred", {"b32", "b32"}, {{{nan32, F(1.0f)}, 1}, {{F(1.0f), F(1.0f)}, 0}});
  ROWS("setp.ltu.f64 d, a, b;", "pred", {"b64", "b64"}, {{{0x7ff8000000000000ull, 0}, 1}, {{D(2.0), D(1.0)}, 0}});
  ROWS("setp.nan.f32 d, a, b;", "pred", {"b32", "b32"}, {{{nan32, 0}, 1}, {{0, 0}, 0}});
  ROWS("setp.num.f32 d, a, b;", "pred", {"b32", "b32"}, {{{nan32, 0}, 0}, {{0, 0}, 1}});
  ROWS("setp.gt.and.s32 d, a, b, c;", "pred", {"b32", "b32", "pred"}, {{{2, 1, 1}, 1}, {{2, 1, 0}, 0}});
  ROWS("setp.gt.or.s32 d, a, b, !c;", "pred", {"b32", "b32", "pred"}, {{{1, 2, 0}, 1}, {{1, 2, 1}, 0}});
  ROWS(".reg .pred q;\nsetp.gt.s32 q|d, a, b;", "pred", {"b32", "b32"}, {{{1, 2}, 1}, {{2, 1}, 0}});
  ROWS("set.lt.u32.f32 d, a, b;", "b32", {"b32", "b32"}, {{{F(1.0f), F(2.0f)}, 0xffffffff}, {{F(2.0f), F(1.0f)}, 0}});
  ROWS("set.lt.f32.s32 d, a, b;", "b32", {"b32", "b32"}, {{{1, 2}, F(1.0f)}});
  ROWS("setp.lt.bf16 d, a, b;", "pred", {"b16", "b16"}, {{{0xbf80, 0x3f80}, 1}, {{0x3f80, 0xbf80}, 0}});
}

TEST(select) {
  ROWS("selp.b32 d, a, b, c;", "b32", {"b32", "b32", "pred"}, {{{1, 2, 1}, 1}, {{1, 2, 0}, 2}});
  ROWS("selp.f64 d, a, b, c;", "b64", {"b64", "b64", "pred"}, {{{D(1.0), D(2.0), 0}, D(2.0)}});
  ROWS("slct.b32.s32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{1, 2, 0}, 1}, {{1, 2, 0x80000000}, 2}});
  ROWS("slct.b32.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{1, 2, F(-0.0f)}, 1}, {{1, 2, nan32}, 2}});
}

TEST(move_and_pack) {
  ROWS("mov.b64 d, {a, b};", "b64", {"b32", "b32"}, {{{1, 2}, 0x200000001ull}});
  ROWS("mov.b32 d, {a, b};", "b32", {"b16", "b16"}, {{{0x1111, 0x2222}, 0x22221111}});
  ROWS(".reg .b32 lo;\nmov.b64 {lo, d}, a;", "b32", {"b64"}, {{{0x1234567800000000ull}, 0x12345678}});
  ROWS("mov.b64 {d, _}, a;", "b32", {"b64"}, {{{0x1234567887654321ull}, 0x87654321}});
  ROWS("mov.u32 d, %laneid;", "b32", {}, {{{}, 0}, {{}, 1}, {{}, 2}});
  ROWS("mov.u32 d, %lanemask_lt;", "b32", {}, {{{}, 0}, {{}, 1}, {{}, 3}});
  ROWS("cvt.u64.u32 d, %ntid.x;", "b64", {}, {{{}, 2}, {{}, 2}});
}

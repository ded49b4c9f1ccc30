// SPDX-License-Identifier: Apache-2.0
// Modifiers and rules that the emulated device once took and dropped.
#include "harness.h"

namespace {

constexpr uint32_t kTiny = 0x00000001u; // the smallest subnormal

void refused(const std::string& instruction) {
  CUmodule m = nullptr;
  cudasim_clear_report();
  CHECK_EQ(cuModuleLoadData(&m, module("", instruction).c_str()), CUDA_ERROR_INVALID_PTX);
  CHECK_CONTAINS(report(), instruction.substr(0, instruction.find(' ')));
}

} // namespace

TEST(modifiers_without_a_meaning_are_refused) {
  Device device;
  device.expectReports();
  for (const char* instruction : {"cvt.rni.f16.f16 %h1, %h0;",
                                  "cvt.sat.f16.f32 %h1, %f0;",
                                  "cvt.rn.sat.f16.f32 %h1, %f0;",
                                  "cvt.rna.satfinite.tf32.f32 %r1, %f0;",
                                  "cvt.rna.f32.f32 %f1, %f0;",
                                  "cvt.relu.f32.f32 %f1, %f0;",
                                  "cvt.sat.f64.f32 %fd1, %f0;",
                                  "cvt.rni.f64.f32 %fd1, %f0;",
                                  "cvt.rn.s32.f32 %r1, %f0;",
                                  "cvt.rni.f32.s32 %f1, %r0;",
                                  "cvt.rn.sat.bf16x2.f32 %r1, %f0, %f0;",
                                  "add.sat.f16 %h1, %h0, %h0;",
                                  "fma.rn.sat.f16x2 %r1, %r0, %r0, %r0;",
                                  "slct.ftz.b32.s32 %r1, %r0, %r0, %r0;",
                                  "rcp.approx.f64 %fd1, %fd0;",
                                  "cvt.f32.s32 %f1, %r0;",
                                  "cvt.f32.f64 %f1, %fd0;",
                                  "cvt.f16.f32 %h1, %f0;",
                                  "cvt.rn.f32.f32 %f1, %f0;",
                                  "tanh.approx.ftz.f32 %f1, %f0;",
                                  "sqrt.approx.ftz.f64 %fd1, %fd0;",
                                  "sqrt.rn.ftz.f64 %fd1, %fd0;",
                                  "min.sat.f32 %f1, %f0, %f0;",
                                  "min.NaN.f64 %fd1, %fd0, %fd0;",
                                  "div.rn.sat.f32 %f1, %f0, %f0;",
                                  "div.full.sat.f32 %f1, %f0, %f0;",
                                  "setp.lt.ftz.f16 %p1, %h0, %h0;",
                                  "setp.lt.ftz.s32 %p1, %r0, %r0;",
                                  "ld.release.gpu.global.u32 %r1, [%rd0];",
                                  "st.acquire.gpu.global.u32 [%rd0], %r1;",
                                  "st.global.nc.u32 [%rd0], %r1;",
                                  "red.acquire.gpu.global.add.u32 [%rd0], %r1;"}) {
    refused(instruction);
  }
}

TEST(slct_ftz_flushes_its_condition) {
  // -0 is >= 0.
  const uint32_t minusTiny = 0x80000000u | kTiny;
  ROWS("slct.ftz.b32.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{1, 2, minusTiny}, 1}, {{1, 2, F(-1.0f)}, 2}});
  ROWS("slct.b32.f32 d, a, b, c;", "b32", {"b32", "b32", "b32"}, {{{1, 2, minusTiny}, 2}});
}

TEST(rsqrt_of_doubles) {
  ROWS("rsqrt.approx.f64 d, a;", "b64", {"b64"}, {{{D(16.0)}, D(0.25)}, {{D(0x1p-1040)}, D(0x1p520)}});
}

TEST(atomic_sums_of_global_floats_flush) {
  Device device;
  const CUfunction f = device.kernel(module(
      ".param .u64 out",
      "ld.param.u64 %rd1, [out];\nmov.b32 %f0, 0x00000001;\nmov.b32 %f1, 0x80000001;\natom.global.add.f32 %f2, [%rd1], "
      "%f0;\n"
      "red.add.f32 [%rd1+4], %f1;\nred.global.add.f32 [%rd1+8], %f0;\nmov.u32 %r1, word;\nst.shared.b32 [%r1], 1;\n"
      "red.shared.add.f32 [%r1], %f0;\nld.shared.b32 %r2, [%r1];\nst.global.b32 [%rd1+12], %r2;\n",
      ".shared .align 4 .b8 word[4];"));
  CUdeviceptr out = device.upload(std::vector<uint32_t>{0, 0x80000000u, 0x3f800000u, 0});
  CHECK_EQ(launch(f, {&out}, 1, 1), 0);
  const auto got = device.download<uint32_t>(out, 4);
  CHECK_EQ(got[0], 0);
  CHECK_EQ(got[1], 0x80000000u); // keeps its sign, through a generic address too
  CHECK_EQ(got[2], 0x3f800000u);
  CHECK_EQ(got[3], 2); // shared memory keeps subnormals
}

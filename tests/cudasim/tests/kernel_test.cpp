// SPDX-License-Identifier: Apache-2.0
// Memory, control flow and warp-wide instructions, in whole kernels with known answers.
#include "harness.h"

namespace {

const char* const kThread =
    "mov.u32 %r0, %tid.x;\nld.param.u64 %rd0, [in];\nld.param.u64 %rd1, [out];\n"
    "mul.wide.u32 %rd2, %r0, 4;\nadd.s64 %rd3, %rd0, %rd2;\nadd.s64 %rd4, %rd1, %rd2;\n";
const char* const kInOut = ".param .u64 in, .param .u64 out";

std::vector<uint32_t> iota(size_t n, uint32_t first = 0) {
  std::vector<uint32_t> v(n);
  for (size_t i = 0; i < n; ++i) v[i] = first + static_cast<uint32_t>(i);
  return v;
}

// Runs a kernel of 32-bit words, one block.
std::vector<uint32_t> run(const std::string& body, const std::vector<uint32_t>& in, size_t outputs, unsigned threads,
                          const std::string& globals = "", unsigned blocks = 1) {
  Device device;
  const CUfunction f = device.kernel(module(kInOut, kThread + body, globals));
  if (f == nullptr) return std::vector<uint32_t>(outputs, 0xdeadbeef);
  CUdeviceptr pin = device.upload(in), pout = device.upload(std::vector<uint32_t>(outputs, 0));
  if (launch(f, {&pin, &pout}, blocks, threads) != CUDA_SUCCESS) {
    fail(__FILE__, __LINE__, report());
    device.expectReports();
    return std::vector<uint32_t>(outputs, 0xdeadbeef);
  }
  return device.download<uint32_t>(pout, outputs);
}

} // namespace

TEST(vector_and_narrow_access) {
  Device device;
  const CUfunction f = device.kernel(
      module(kInOut,
             "mov.u32 %r0, %tid.x;\nld.param.u64 %rd0, [in];\nld.param.u64 %rd1, [out];\nmul.wide.u32 %rd2, %r0, 16;\n"
             "add.s64 %rd3, %rd0, %rd2;\nadd.s64 %rd4, %rd1, %rd2;\n"
             "ld.global.nc.v4.f32 {%f0, %f1, %f2, %f3}, [%rd3];\nst.global.v4.f32 [%rd4], {%f3, %f2, %f1, %f0};\n"
             "ld.global.v2.u32 {%r1, %r2}, [%rd3+8];\nst.global.v2.u32 [%rd4+8], {%r2, %r1};\n"));
  const auto in = iota(128);
  CUdeviceptr pin = device.upload(in), pout = device.allocate(512);
  CHECK_EQ(launch(f, {&pin, &pout}), 0);
  const auto out = device.download<uint32_t>(pout, 128);
  for (uint32_t i = 0; i < 32; ++i) {
    CHECK_EQ(out[4 * i], 4 * i + 3);
    CHECK_EQ(out[4 * i + 1], 4 * i + 2);
    CHECK_EQ(out[4 * i + 2], 4 * i + 3);
    CHECK_EQ(out[4 * i + 3], 4 * i + 2);
  }
  // Bytes and 16-bit words: loads extend by the type's sign, stores cut.
  const auto bytes =
      run("ld.global.s8 %r1, [%rd3];\nld.global.u8 %r2, [%rd3+1];\nadd.s32 %r3, %r1, %r2;\n"
          "st.global.u32 [%rd4], %r3;\n",
          {0x000005ff, 0x0000ff80}, 2, 2);
  CHECK_EQ(bytes[0], 4u);
  CHECK_EQ(bytes[1], 127u);
  const auto words = run("ld.global.u16 %h0, [%rd3];\nst.global.u8 [%rd4+2], %h0;\n", {0x1234}, 1, 1);
  CHECK_EQ(words[0], 0x00340000u);
}

TEST(shared_memory_exchange) {
  // Each thread of four warps reads the write of another one.
  const auto out =
      run("shl.b32 %r1, %r0, 2;\nmov.u32 %r2, buffer;\nadd.s32 %r3, %r2, %r1;\nld.global.u32 %r4, [%rd3];\n"
          "st.shared.u32 [%r3], %r4;\nbar.sync 0;\nsub.s32 %r5, 508, %r1;\nadd.s32 %r6, %r2, %r5;\n"
          "ld.shared.u32 %r7, [%r6];\nst.global.u32 [%rd4], %r7;\n",
          iota(128), 128, 128, ".shared .align 4 .b8 buffer[512];");
  for (uint32_t i = 0; i < 128; ++i) CHECK_EQ(out[i], 127 - i);
}

TEST(dynamic_shared_memory) {
  Device device;
  const CUfunction f = device.kernel(module(
      ".param .u64 out",
      "mov.u32 %r0, %tid.x;\nld.param.u64 %rd1, [out];\nshl.b32 %r1, %r0, 2;\nmov.u32 %r2, dynamic;\nadd.s32 %r3, %r2, "
      "%r1;\n"
      "st.shared.u32 [%r3], %r0;\nmov.u32 %r4, %dynamic_smem_size;\nbar.sync 0;\nld.shared.u32 %r5, [%r3];\n"
      "add.s32 %r5, %r5, %r4;\nmul.wide.u32 %rd2, %r0, 4;\nadd.s64 %rd3, %rd1, %rd2;\nst.global.u32 [%rd3], %r5;\n",
      ".extern .shared .align 16 .b8 dynamic[];\n.shared .align 8 .b8 fixed[24];"));
  CUdeviceptr out = device.allocate(256);
  CHECK_EQ(launch(f, {&out}, 1, 64, 256), 0);
  CHECK_EQ(device.download<uint32_t>(out, 64)[63], 63 + 256);
}

TEST(local_memory_and_generic_addresses) {
  const auto out =
      run(".local .align 8 .b8 stack[16];\nmov.u64 %rd10, stack;\ncvta.local.u64 %rd11, %rd10;\n"
          "st.u32 [%rd11+8], %r0;\nld.local.u32 %r1, [%rd10+8];\nmov.u64 %rd12, shared_word;\n"
          "cvta.shared.u64 %rd13, %rd12;\nsetp.eq.s32 %p1, %r0, 0;\n@%p1 st.u32 [%rd13], 100;\nbar.sync 0;\n"
          "ld.u32 %r2, [%rd13];\nisspacep.shared %p2, %rd13;\nisspacep.local %p3, %rd13;\n"
          "isspacep.global %p4, %rd3;\nselp.b32 %r3, 1000, 0, %p2;\nselp.b32 %r4, 5000, 0, %p3;\n"
          "selp.b32 %r5, 20000, 0, %p4;\nadd.s32 %r1, %r1, %r2;\nadd.s32 %r1, %r1, %r3;\nadd.s32 %r1, %r1, %r4;\n"
          "add.s32 %r1, %r1, %r5;\nst.u32 [%rd4], %r1;\n",
          iota(64), 64, 64, ".shared .align 4 .b8 shared_word[4];");
  for (uint32_t i = 0; i < 64; ++i) CHECK_EQ(out[i], i + 100 + 1000 + 20000);
}

TEST(module_variables) {
  Device device;
  const CUmodule m = device.load(module(".param .u64 out",
                                        "mov.u32 %r0, %tid.x;\nld.param.u64 %rd1, [out];\nmul.wide.u32 %rd2, %r0, "
                                        "4;\nmov.u64 %rd3, table;\nadd.s64 %rd4, %rd3, %rd2;\n"
                                        "ld.const.u32 %r1, [%rd4];\nld.global.u64 %rd5, [pointer];\nld.global.u32 %r2, "
                                        "[%rd5+4];\nadd.s32 %r1, %r1, %r2;\n"
                                        "add.s64 %rd6, %rd1, %rd2;\nst.global.u32 [%rd6], %r1;\n",
                                        ".const .align 4 .u32 table[4] = {10, 20, 30, 40};\n.global .align 8 .u64 "
                                        "pointer = table;\n.global .align 4 .b8 zeros[8];"));
  CUfunction f = nullptr;
  CHECK_EQ(cuModuleGetFunction(&f, m, "k"), 0);
  CUdeviceptr out = device.allocate(16), zeros = 0;
  size_t bytes = 0;
  CHECK_EQ(cuModuleGetGlobal_v2(&zeros, &bytes, m, "zeros"), 0);
  CHECK_EQ(bytes, 8);
  CHECK_EQ(device.download<uint32_t>(zeros, 2)[1], 0);
  CHECK_EQ(launch(f, {&out}, 1, 4), 0);
  const auto values = device.download<uint32_t>(out, 4);
  for (uint32_t i = 0; i < 4; ++i) CHECK_EQ(values[i], 10 * i + 30);
}

TEST(divergence_and_reconvergence) {
  // Nested branches; after each all lanes must be together again, or the shuffle would be refused.
  const auto out =
      run("and.b32 %r1, %r0, 1;\nsetp.eq.s32 %p1, %r1, 0;\nmov.u32 %r9, 0;\n@%p1 bra EVEN;\nadd.s32 %r9, %r9, 1;\n"
          "setp.lt.s32 %p2, %r0, 16;\n@!%p2 bra ODD_HIGH;\nadd.s32 %r9, %r9, 10;\nbra.uni ODD_END;\nODD_HIGH:\nadd.s32 "
          "%r9, %r9, 20;\n"
          "ODD_END:\nadd.s32 %r9, %r9, 100;\nbra.uni END;\nEVEN:\nadd.s32 %r9, %r9, 2;\nEND:\n"
          "shfl.sync.bfly.b32 %r2, %r9, 1, 31, -1;\nadd.s32 %r2, %r2, %r9;\nst.global.u32 [%rd4], %r2;\n",
          iota(32), 32, 32);
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(out[i], (i < 16 ? 111u : 121u) + 2u);
}

TEST(divergent_loop) {
  // Lane i adds 1..i; lanes leave the loop at different times.
  const auto out = run(
      "mov.u32 %r1, 0;\nmov.u32 %r2, %r0;\nLOOP:\nsetp.eq.s32 %p1, %r2, 0;\n@%p1 bra DONE;\nadd.s32 %r1, %r1, %r2;\n"
      "sub.s32 %r2, %r2, 1;\nbra.uni LOOP;\nDONE:\nshfl.sync.idx.b32 %r3, %r1, 31, 31, -1;\nadd.s32 %r1, %r1, "
      "%r3;\nst.global.u32 [%rd4], %r1;\n",
      iota(32), 32, 32);
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(out[i], i * (i + 1) / 2 + 496);
}

TEST(early_exit_of_lanes) {
  const auto out =
      run("setp.gt.s32 %p1, %r0, 20;\n@%p1 exit;\nactivemask.b32 %r1;\nst.global.u32 [%rd4], %r1;\n", iota(32), 32, 32);
  CHECK_EQ(out[0], 0x1fffff);
  CHECK_EQ(out[20], 0x1fffff);
  CHECK_EQ(out[21], 0);
}

TEST(branch_table) {
  const auto out = run(
      "and.b32 %r1, %r0, 3;\nTABLE: .branchtargets A, B, C, A;\nbrx.idx %r1, TABLE;\nA:\nmov.u32 %r2, 7;\nbra.uni E;\n"
      "B:\nmov.u32 %r2, 8;\nbra.uni E;\nC:\nmov.u32 %r2, 9;\nE:\nactivemask.b32 %r3;\npopc.b32 %r3, %r3;\nmad.lo.s32 "
      "%r2, %r3, 100, %r2;\nst.global.u32 [%rd4], %r2;\n",
      iota(32), 32, 32);
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(out[i], 3200 + (i % 4 == 1 ? 8 : i % 4 == 2 ? 9 : 7));
}

TEST(function_calls) {
  const auto out =
      run("{\n.param .b32 p0;\nst.param.b32 [p0], %r0;\n.param .b32 ret0;\ncall.uni (ret0), twice_plus, "
          "(p0);\nld.param.b32 %r1, [ret0];\n}\n"
          "{\n.param .b32 p0;\nst.param.b32 [p0], %r1;\n.param .b32 ret0;\ncall.uni (ret0), twice_plus, "
          "(p0);\nld.param.b32 %r2, [ret0];\n}\nst.global.u32 [%rd4], %r2;\n",
          iota(32), 32, 32,
          ".func (.param .b32 r) twice_plus(.param .b32 a)\n{\n.reg .b32 %r<4>;\n.reg .pred %p<2>;\nld.param.b32 %r1, "
          "[a];\nsetp.gt.s32 %p1, %r1, 10;\n"
          "@%p1 bra BIG;\nadd.s32 %r2, %r1, %r1;\nst.param.b32 [r], %r2;\nret;\nBIG:\nadd.s32 %r2, %r1, "
          "1000;\nst.param.b32 [r], %r2;\nret;\n}\n");
  const auto once = [](uint32_t v) { return v > 10 ? v + 1000 : 2 * v; };
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(out[i], once(once(i)));
}

TEST(shuffles) {
  const auto shuffle = [](const std::string& mode, const std::string& b, const std::string& c) {
    return run("ld.global.u32 %r1, [%rd3];\nshfl.sync." + mode + ".b32 %r2|%p1, %r1, " + b + ", " + c +
                   ", -1;\nselp.b32 %r3, 1000, 0, %p1;\n"
                   "add.s32 %r2, %r2, %r3;\nst.global.u32 [%rd4], %r2;\n",
               iota(32), 32, 32);
  };
  const auto up = shuffle("up", "3", "0"), down = shuffle("down", "3", "31"), bfly = shuffle("bfly", "5", "31");
  const auto idx = shuffle("idx", "9", "0x181f"); // segments of 8: source lane 1 of the segment
  const auto width = shuffle("down", "2", "0x1c1f"); // segments of 4
  for (uint32_t i = 0; i < 32; ++i) {
    CHECK_EQ(up[i], i >= 3 ? 1000 + i - 3 : i);
    CHECK_EQ(down[i], i + 3 < 32 ? 1000 + i + 3 : i);
    CHECK_EQ(bfly[i], 1000 + (i ^ 5));
    CHECK_EQ(idx[i], 1000 + (i & 24) + 1);
    CHECK_EQ(width[i], (i & 3) < 2 ? 1000 + i + 2 : i);
  }
}

TEST(votes_and_reductions) {
  const auto vote =
      run("setp.lt.s32 %p1, %r0, 5;\nvote.sync.ballot.b32 %r1, %p1, -1;\nvote.sync.any.pred %p2, %p1, "
          "-1;\nvote.sync.all.pred %p3, %p1, -1;\n"
          "selp.b32 %r2, 0x100, 0, %p2;\nselp.b32 %r3, 0x200, 0, %p3;\nor.b32 %r1, %r1, %r2;\nor.b32 %r1, %r1, "
          "%r3;\nst.global.u32 [%rd4], %r1;\n",
          iota(32), 32, 32);
  CHECK_EQ(vote[17], 0x11f);
  const auto redux =
      run("redux.sync.add.s32 %r1, %r0, -1;\nredux.sync.max.u32 %r2, %r0, -1;\nredux.sync.xor.b32 %r3, %r0, "
          "-1;\nmad.lo.s32 %r1, %r2, 1000, %r1;\nadd.s32 %r1, %r1, %r3;\nst.global.u32 [%rd4], %r1;\n",
          iota(32), 32, 32);
  CHECK_EQ(redux[0], 496 + 31000);
  const auto match =
      run("and.b32 %r1, %r0, 7;\nmatch.any.sync.b32 %r2, %r1, -1;\nst.global.u32 [%rd4], %r2;\n", iota(32), 32, 32);
  CHECK_EQ(match[3], 0x08080808);
  const auto barrier =
      run("setp.lt.s32 %p1, %r0, 40;\nbarrier.red.popc.aligned.u32 %r1, 0, %p1;\nbar.red.and.pred %p2, 0, "
          "%p1;\nbar.red.or.pred %p3, 0, %p1;\n"
          "selp.b32 %r2, 1000, 0, %p2;\nselp.b32 %r3, 2000, 0, %p3;\nadd.s32 %r1, %r1, %r2;\nadd.s32 %r1, %r1, "
          "%r3;\nst.global.u32 [%rd4], %r1;\n",
          iota(64), 64, 64);
  CHECK_EQ(barrier[63], 2040);
}

TEST(atomics) {
  const auto sum =
      run("atom.global.add.u32 %r1, [%rd1], 3;\nred.global.max.u32 [%rd1+4], %r0;\natom.global.cas.b32 %r2, [%rd1+8], "
          "0, 77;\n"
          "red.global.inc.u32 [%rd1+12], 9;\nmov.f32 %f1, 0f3F000000;\nred.global.add.f32 [%rd1+16], "
          "%f1;\natom.global.exch.b32 %r3, [%rd1+20], %r0;\n",
          iota(4), 6, 64, "", 2);
  CHECK_EQ(sum[0], 3 * 128);
  CHECK_EQ(sum[1], 63);
  CHECK_EQ(sum[2], 77);
  CHECK_EQ(sum[3], 128 % 10);
  CHECK_EQ(sum[4], F(64.0f));
  CHECK_EQ(sum[5], 63);
  const auto shared =
      run("setp.eq.s32 %p1, %r0, 0;\n@%p1 st.shared.u32 [counter], 5;\nbar.sync 0;\natom.shared.add.u32 %r1, "
          "[counter], 1;\nbar.sync 0;\n"
          "ld.shared.u32 %r2, [counter];\nst.global.u32 [%rd4], %r2;\n",
          iota(64), 64, 64, ".shared .align 4 .b8 counter[4];");
  CHECK_EQ(shared[9], 69);
}

TEST(named_barriers) {
  // Warps 0 and 1 meet at barrier 1, twice; warps 2 and 3 at barrier 2.
  const auto out =
      run("shr.u32 %r1, %r0, 6;\nadd.s32 %r1, %r1, 1;\nshl.b32 %r2, %r0, 2;\nmov.u32 %r3, words;\nadd.s32 %r4, %r3, "
          "%r2;\nst.shared.u32 [%r4], %r0;\n"
          "bar.sync %r1, 64;\nxor.b32 %r5, %r2, 128;\nadd.s32 %r5, %r5, %r3;\nld.shared.u32 %r6, [%r5];\nbar.sync %r1, "
          "64;\nst.global.u32 [%rd4], %r6;\n",
          iota(128), 128, 128, ".shared .align 4 .b8 words[512];");
  for (uint32_t i = 0; i < 128; ++i) CHECK_EQ(out[i], i ^ 32);
}

TEST(grid_and_block_indices) {
  Device device;
  const CUfunction f =
      device.kernel(module(".param .u64 out",
                           "ld.param.u64 %rd1, [out];\nmov.u32 %r0, %tid.x;\nmov.u32 %r1, %tid.y;\nmov.u32 %r2, "
                           "%ntid.x;\nmad.lo.s32 %r3, %r1, %r2, %r0;\nmov.u32 %r4, %ctaid.x;\nmov.u32 %r5, %ctaid.y;\n"
                           "mov.u32 %r6, %nctaid.x;\nmad.lo.s32 %r7, %r5, %r6, %r4;\nmov.u32 %r8, %ntid.y;\nmul.lo.s32 "
                           "%r9, %r2, %r8;\nmad.lo.s32 %r10, %r7, %r9, %r3;\nmul.wide.u32 %rd2, %r10, 4;\n"
                           "add.s64 %rd3, %rd1, %rd2;\nst.global.u32 [%rd3], %r10;\n"));
  CUdeviceptr out = device.upload(std::vector<uint32_t>(3 * 2 * 40, 0));
  std::vector<void*> p = {&out};
  CHECK_EQ(cuLaunchKernel(f, 3, 2, 1, 10, 4, 1, 0, nullptr, p.data(), nullptr), 0);
  CHECK(device.download<uint32_t>(out, 240) == iota(240));
}

TEST(asynchronous_copy_to_shared) {
  const auto out =
      run("mov.u32 %r1, words;\nshl.b32 %r2, %r0, 4;\nadd.s32 %r3, %r1, %r2;\nmul.wide.u32 %rd5, %r0, 16;\nadd.s64 "
          "%rd6, %rd0, %rd5;\n"
          "cp.async.cg.shared.global [%r3], [%rd6], 16;\ncp.async.commit_group;\ncp.async.wait_group 0;\nbar.sync 0;\n"
          "shl.b32 %r4, %r0, 2;\nadd.s32 %r5, %r1, %r4;\nld.shared.u32 %r6, [%r5+128];\nst.global.u32 [%rd4], %r6;\n",
          iota(128), 32, 32, ".shared .align 16 .b8 words[512];");
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(out[i], i + 32);
}

TEST(generic_addresses_of_two_spaces_in_one_warp) {
  const auto out =
      run("mov.u64 %rd5, word;\ncvta.shared.u64 %rd6, %rd5;\nst.shared.u32 [word], 500;\nbar.sync 0;\nand.b32 %r1, "
          "%r0, 1;\nsetp.eq.s32 %p1, %r1, 0;\n"
          "selp.b64 %rd7, %rd6, %rd3, %p1;\nld.u32 %r2, [%rd7];\nst.global.u32 [%rd4], %r2;\n",
          iota(32), 32, 32, ".shared .align 4 .b8 word[4];");
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(out[i], i % 2 == 0 ? 500 : i);
}

TEST(partial_warps_and_many_blocks) {
  // 40 threads a block: the second warp has eight. Enough blocks for several host threads.
  const auto out =
      run("mov.u32 %r1, %ctaid.x;\nmad.lo.s32 %r2, %r1, 40, %r0;\nmul.wide.u32 %rd5, %r2, 4;\nadd.s64 %rd6, %rd1, "
          "%rd5;\nadd.s64 %rd7, %rd0, %rd5;\n"
          "ld.global.u32 %r3, [%rd7];\nmul.lo.s32 %r3, %r3, %r3;\nst.global.u32 [%rd6], %r3;\n",
          iota(40 * 500), 40 * 500, 40, "", 500);
  for (uint32_t i = 0; i < out.size(); ++i) CHECK_EQ(out[i], i * i);
}

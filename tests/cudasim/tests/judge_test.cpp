// SPDX-License-Identifier: Apache-2.0
// Each kind of error the device judges: the launch returns success, the error sticks, the report
// names kernel, line, block, thread and address.
#include "harness.h"

namespace {

// Runs a faulty kernel and checks its error and the report.
void expectFault(int line, const std::string& body, CUresult code, const std::string& what, unsigned threads = 32,
                 const std::string& globals = "", unsigned blocks = 1) {
  cudasim_clear_report();
  Device device;
  device.expectReports();
  const CUfunction f = device.kernel(module(
      ".param .u64 out",
      "mov.u32 %r0, %tid.x;\nld.param.u64 %rd1, [out];\nmul.wide.u32 %rd2, %r0, 4;\nadd.s64 %rd4, %rd1, %rd2;\n" + body,
      globals));
  if (f == nullptr) return fail(__FILE__, line, report());
  CUdeviceptr out = device.upload(std::vector<uint32_t>(threads, 0));
  std::vector<void*> p = {&out};
  if (cuLaunchKernel(f, blocks, 1, 1, threads, 1, 1, 0, nullptr, p.data(), nullptr) != 0)
    fail(__FILE__, line, "launch must return success");
  const CUresult rc = cuCtxSynchronize();
  if (rc != code)
    fail(__FILE__, line, "code " + std::to_string(rc) + ", expected " + std::to_string(code) + ": " + report());
  if (report().find(what) == std::string::npos) fail(__FILE__, line, "expected \"" + what + "\" in: " + report());
  CUdeviceptr more = 0;
  if (cuMemAlloc_v2(&more, 4) != code) fail(__FILE__, line, "the error must stick");
}
#define FAULT(...) expectFault(__LINE__, __VA_ARGS__)

} // namespace

TEST(judge_out_of_bounds) {
  FAULT("st.global.u32 [%rd4+4], %r0;\n", 700, "thread (31,0,0)");
  FAULT("st.global.u32 [%rd4+4], %r0;\n", 700, "0 bytes past the end of allocation");
  FAULT("st.global.u32 [%rd4+-4], %r0;\n", 700, "thread (0,0,0)");
  FAULT("ld.global.u32 %r1, [%rd4+4096];\n", 700, "illegal global read of 4 bytes at 0x");
  FAULT("mov.u64 %rd9, 0;\nld.global.u32 %r1, [%rd9];\n", 700, "null pointer");
  FAULT("mov.u64 %rd9, 64;\nld.u32 %r1, [%rd9];\n", 700, "kernel k, PTX line 18");
  FAULT("setp.eq.s32 %p1, %r0, 7;\n@%p1 st.global.u32 [%rd4+1048576], %r0;\n", 700, "thread (7,0,0)");
  FAULT("mov.u32 %r5, %ctaid.x;\nsetp.eq.s32 %p1, %r5, 2;\n@%p1 st.global.u32 [%rd4+4096], %r0;\n", 700,
        "block (2,0,0)", 32, "", 4);
  FAULT("atom.global.add.u32 %r1, [%rd4+128], 1;\n", 700, "global atomic");
}

TEST(judge_host_pointer) {
  static uint32_t host[32];
  char body[128];
  std::snprintf(body, sizeof body, "mov.u64 %%rd9, %llu;\nld.global.u32 %%r1, [%%rd9];\n",
                static_cast<unsigned long long>(reinterpret_cast<uintptr_t>(host)));
  FAULT(body, 700, "in no allocation");
}

TEST(judge_misaligned) {
  FAULT("ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%rd1+4];\n", 716, "not aligned");
  FAULT("st.global.u32 [%rd1+2], %r0;\n", 716, "not aligned");
  FAULT("st.shared.u32 [words+2], %r0;\n", 716, "illegal shared write", 1, ".shared .align 4 .b8 words[8];");
}

TEST(judge_use_after_free) {
  Device device;
  device.expectReports();
  const CUfunction f =
      device.kernel(module(".param .u64 out", "ld.param.u64 %rd1, [out];\nst.global.u32 [%rd1], 1;\n"));
  CUdeviceptr p = device.allocate(64), other = device.allocate(64);
  device.free(p);
  CUdeviceptr again = device.allocate(64); // does not get the old address
  CHECK(again != p && again != other);
  CHECK_EQ(launch(f, {&p}, 1, 1), 700);
  CHECK_CONTAINS(report(), "use after free of allocation");
}

TEST(judge_double_free_and_wild_free) {
  Device device;
  device.expectReports();
  CUdeviceptr p = device.allocate(64);
  device.free(p);
  CHECK_EQ(cuMemFree_v2(p), CUDA_ERROR_INVALID_VALUE);
  CHECK_CONTAINS(report(), "double free");
  CUdeviceptr q = device.allocate(64);
  CHECK_EQ(cuMemFree_v2(q + 8), CUDA_ERROR_INVALID_VALUE);
  CHECK_CONTAINS(report(), "no allocation starts at");
  CHECK_EQ(cuMemFree_v2(0), 0);
  void* pinned = nullptr;
  CHECK_EQ(cuMemAllocHost_v2(&pinned, 64), 0);
  CHECK_EQ(cuMemFreeHost(pinned), 0);
  CHECK_EQ(cuMemFreeHost(pinned), CUDA_ERROR_INVALID_VALUE);
}

TEST(judge_fresh_memory_is_poison) {
  Device device;
  const auto words = device.download<uint32_t>(device.allocate(64), 16);
  for (const uint32_t w : words) CHECK_EQ(w, 0xffffffffu); // NaN as a float
}

TEST(judge_shared_memory) {
  const std::string words = ".shared .align 4 .b8 words[512];";
  const std::string at = "shl.b32 %r1, %r0, 2;\nmov.u32 %r2, words;\nadd.s32 %r3, %r2, %r1;\n";
  FAULT(at + "ld.shared.u32 %r4, [%r3];\n", 719, "nobody wrote", 32, words);
  FAULT(at + "st.shared.u32 [%r3+512], %r0;\n", 700, "0 bytes past the end of words, 512 bytes of shared memory", 32,
        words);
  // Warp 1 reads a write of warp 0 without a barrier.
  FAULT(at + "st.shared.u32 [%r3], %r0;\nxor.b32 %r5, %r1, 128;\nadd.s32 %r5, %r2, %r5;\nsetp.ge.s32 %p1, %r0, "
             "32;\n@%p1 ld.shared.u32 %r4, [%r5];\n",
        719, "race: read after a write", 64, words);
  // Thread 0 of warp 0 writes, after a barrier warp 1 writes the same word another value.
  FAULT(at + "st.shared.u32 [words], %r0;\n", 719, "race: write after a write", 64, words);
  // Write after read.
  FAULT(at + "st.shared.u32 [%r3], %r0;\nbar.sync 0;\nld.shared.u32 %r4, [words];\nsetp.eq.s32 %p1, %r0, 40;\n@%p1 "
             "st.shared.u32 [words], 5;\n",
        719, "race: write after a read", 64, words);
  // Two lanes of one warp, without bar.warp.sync.
  FAULT(at + "st.shared.u32 [%r3], %r0;\nxor.b32 %r5, %r1, 4;\nadd.s32 %r5, %r2, %r5;\nld.shared.u32 %r4, [%r5];\n",
        719, "race: read after a write by thread 1", 32, words);
}

TEST(judge_accepts_ordered_shared_memory) {
  Device device;
  const CUfunction f =
      device.kernel(module(".param .u64 out",
                           "mov.u32 %r0, %tid.x;\nshl.b32 %r1, %r0, 2;\nmov.u32 %r2, words;\nadd.s32 %r3, %r2, "
                           "%r1;\nst.shared.u32 [%r3], %r0;\nbar.warp.sync -1;\n"
                           "xor.b32 %r5, %r1, 4;\nadd.s32 %r5, %r2, %r5;\nld.shared.u32 %r4, [%r5];\nbar.sync "
                           "0;\nxor.b32 %r5, %r1, 128;\nadd.s32 %r5, %r2, %r5;\nld.shared.u32 %r4, [%r5];\n"
                           "bar.sync 0;\nst.shared.u32 [flag], 1;\nbar.sync 0;\nld.shared.u32 %r6, [flag];\n",
                           ".shared .align 4 .b8 words[256];\n.shared .align 4 .b8 flag[4];"));
  CUdeviceptr out = device.allocate(4);
  CHECK_EQ(launch(f, {&out}, 2, 64), 0); // all threads write the same flag: allowed
}

// A __syncwarp in both branches of an if: after it each side reads the other's writes before it.
TEST(judge_accepts_a_warp_barrier_on_both_sides_of_a_branch) {
  Device device;
  const std::string side =
      "st.shared.u32 [%r3], %r0;\nbar.warp.sync -1;\nld.shared.u32 %r4, [%r5];\nbar.warp.sync -1;\n"
      "st.shared.u32 [%r3], %r4;\nbar.warp.sync -1;\nld.shared.u32 %r6, [%r5];\n";
  const CUfunction f =
      device.kernel(module(".param .u64 out",
                           "ld.param.u64 %rd0, [out];\nmov.u32 %r0, %tid.x;\nshl.b32 %r1, %r0, 2;\nmov.u32 %r2, "
                           "words;\nadd.s32 %r3, %r2, %r1;\n"
                           "xor.b32 %r5, %r1, 64;\nadd.s32 %r5, %r2, %r5;\nsetp.lt.u32 %p1, %r0, 16;\n@%p1 bra LOW;\n" +
                               side + "add.s32 %r6, %r6, 100;\nbra.uni MEET;\nLOW:\n" + side +
                               "MEET:\ncvt.u64.u32 %rd1, %r1;\nadd.s64 %rd1, %rd1, %rd0;\n"
                               "st.global.u32 [%rd1], %r6;\n",
                           ".shared .align 4 .b8 words[128];"));
  CUdeviceptr out = device.allocate(128);
  CHECK_EQ(launch(f, {&out}, 1, 32), 0);
  const auto got = device.download<uint32_t>(out, 32);
  for (uint32_t i = 0; i < 32; ++i) CHECK_EQ(got[i], i < 16 ? i : i + 100); // one's own, by way of the other side
}

TEST(judge_barriers) {
  FAULT("setp.lt.s32 %p1, %r0, 5;\n@%p1 bra SKIP;\nbar.sync 0;\nSKIP:\n", 719, "divergent barrier");
  FAULT("setp.lt.s32 %p1, %r0, 32;\n@%p1 bra OTHER;\nbar.sync 1, 96;\nbra.uni END;\nOTHER:\nbar.sync 2, 96;\nEND:\n",
        719, "deadlock", 64);
  FAULT("setp.lt.s32 %p1, %r0, 5;\n@%p1 bra SKIP;\nshfl.sync.bfly.b32 %r1, %r0, 1, 31, -1;\nSKIP:\n", 719, "shfl.sync");
  FAULT("setp.lt.s32 %p1, %r0, 5;\n@%p1 bra SKIP;\nbar.warp.sync -1;\nSKIP:\n", 719, "bar.warp.sync");
  // One side waits twice, the other once; masks that differ; a race that the barrier does not order.
  FAULT(
      "setp.lt.s32 %p1, %r0, 5;\n@%p1 bra SIDE;\nbar.warp.sync -1;\nbar.warp.sync -1;\nbra.uni "
      "END;\nSIDE:\nbar.warp.sync -1;\nEND:\n",
      719, "do not execute it");
  FAULT("setp.lt.s32 %p1, %r0, 5;\n@%p1 bra SIDE;\nbar.warp.sync -1;\nbra.uni END;\nSIDE:\nbar.warp.sync 31;\nEND:\n",
        719, "do not execute it");
  FAULT("setp.lt.s32 %p1, %r0, 5;\nselp.b32 %r1, 31, -1, %p1;\nbar.warp.sync %r1;\n", 719,
        "another than that of a thread beside it");
  FAULT(
      "setp.lt.s32 %p1, %r0, 5;\n@%p1 bra SIDE;\nbar.warp.sync -1;\nst.shared.u32 [words], %r0;\nbra.uni "
      "END;\nSIDE:\nbar.warp.sync -1;\n"
      "ld.shared.u32 %r1, [words];\nEND:\n",
      719, "race", 32, ".shared .align 4 .b8 words[4];");
  FAULT("shfl.sync.idx.b32 %r1, %r0, 31, 31, 1;\n", 719, "lacks this one");
}

// A barrier of some warps orders their accesses, and those of no other warp.
TEST(judge_named_barriers) {
  const std::string words = ".shared .align 4 .b8 words[512];";
  // %p1: warps 0 and 1, %p2: even warps; %r3: the thread's word; %r5: that of the thread 64 before or after, %r6: 32.
  const std::string at =
      "setp.lt.u32 %p1, %r0, 64;\nand.b32 %r1, %r0, 32;\nsetp.eq.s32 %p2, %r1, 0;\nshl.b32 %r1, %r0, 2;\n"
      "mov.u32 %r2, words;\nadd.s32 %r3, %r2, %r1;\nxor.b32 %r5, %r1, 256;\nadd.s32 %r5, %r2, %r5;\n"
      "xor.b32 %r6, %r1, 128;\nadd.s32 %r6, %r2, %r6;\n";
  const std::string write = "st.shared.u32 [%r3], %r0;\n", pairs = "@%p1 bar.sync 1, 64;\n@!%p1 bar.sync 2, 64;\n";
  FAULT(at + write + pairs + "ld.shared.u32 %r4, [%r5];\n", 719, "race: read after a write", 128, words);
  FAULT(at + write + "bar.sync 0;\nld.shared.u32 %r4, [%r5];\n" + pairs + "st.shared.u32 [%r3], %r4;\n", 719,
        "race: write after a read", 128, words);
  // Warp 0 arrives and writes again; warp 1 waits for its arrival and reads.
  const std::string producer = "@!%p2 bra CONSUME;\n", consumer = "bra.uni END;\nCONSUME:\nbar.sync 1, 64;\n";
  FAULT(at + producer + write + "bar.arrive 1, 64;\nst.shared.u32 [%r3], 7;\n" + consumer +
            "ld.shared.u32 %r4, [%r6];\nEND:\n",
        719, "race: read after a write", 64, words);
  // Arriving orders nothing that others did for the one that arrives.
  FAULT(at + producer + "bar.arrive 1, 64;\nld.shared.u32 %r4, [%r6];\nbra.uni END;\nCONSUME:\n" + write +
            "bar.sync 1, 64;\nEND:\n",
        719, "nobody wrote", 64, words);
  FAULT(at + "@%p2 bar.arrive 1, 64;\n@%p2 bar.arrive 1, 64;\n@!%p2 bar.sync 1, 64;\n", 719, "executes it again", 64,
        words);
  FAULT(at + "@%p2 bar.sync 1, 64;\n@!%p2 bar.sync 1, 96;\n", 719, "thread count is another", 96, words);
  FAULT(at + "@%p2 bar.sync 0;\n@!%p2 bar.red.popc.u32 %r1, 0, %p1;\n", 719, "bar.red together", 64, words);
  FAULT("bar.arrive 1;\n", 719, "bar.arrive without a thread count");
}

TEST(judge_accepts_named_barriers) {
  Device device;
  // Warp 0 hands words to warp 1 by barrier 1 and waits until they are taken by barrier 2, twice; all four warps
  // meet in pairs and together; the sum of what was read is the result.
  const CUfunction f = device.kernel(
      module(".param .u64 out",
             "ld.param.u64 %rd0, [out];\nmov.u32 %r0, %tid.x;\nshl.b32 %r1, %r0, 2;\nmov.u32 %r2, words;\n"
             "add.s32 %r3, %r2, %r1;\nxor.b32 %r4, %r1, 128;\nadd.s32 %r4, %r2, %r4;\nmov.u32 %r9, 0;\n"
             "setp.lt.u32 %p1, %r0, 32;\nsetp.lt.u32 %p2, %r0, 64;\n@!%p2 bra OTHERS;\n@!%p1 bra CONSUMER;\n"
             "st.shared.u32 [%r3], %r0;\nbar.arrive 1, 64;\nbar.sync 2, 64;\nst.shared.u32 [%r3], 100;\n"
             "bar.arrive 1, 64;\nbar.sync 2, 64;\nbra.uni MEET;\nCONSUMER:\nbar.sync 1, 64;\n"
             "ld.shared.u32 %r9, [%r4];\nbar.arrive 2, 64;\nbar.sync 1, 64;\nld.shared.u32 %r8, [%r4];\n"
             "bar.arrive 2, 64;\nadd.s32 %r9, %r9, %r8;\nbra.uni MEET;\nOTHERS:\nst.shared.u32 [%r3], %r0;\n"
             "bar.sync 3, 64;\nld.shared.u32 %r9, [%r4];\nbar.sync 3, 64;\nst.shared.u32 [%r3], 5;\nMEET:\n"
             "bar.sync 0;\nld.shared.u32 %r8, [words+256];\nadd.s32 %r9, %r9, %r8;\ncvt.u64.u32 %rd1, %r1;\n"
             "add.s64 %rd1, %rd1, %rd0;\nst.global.u32 [%rd1], %r9;\n",
             ".shared .align 4 .b8 words[512];"));
  CUdeviceptr out = device.allocate(512);
  CHECK_EQ(launch(f, {&out}, 1, 128), 0);
  const auto got = device.download<uint32_t>(out, 128);
  for (uint32_t i = 0; i < 128; ++i) {
    CHECK_EQ(got[i], i < 32 ? 5 : i < 64 ? 5 + 100 + (i ^ 32) : 5 + (i ^ 32));
  }
}

TEST(judge_variables_do_not_touch) {
  const std::string shared = ".shared .align 4 .b8 first[128];\n.shared .align 4 .b8 second[128];";
  const std::string at =
      "shl.b32 %r1, %r0, 2;\nmov.u32 %r2, first;\nadd.s32 %r2, %r2, %r1;\nmov.u32 %r3, second;\n"
      "add.s32 %r3, %r3, %r1;\nst.shared.u32 [%r2], 1;\nst.shared.u32 [%r3], 2;\nbar.sync 0;\n";
  FAULT(at + "ld.shared.u32 %r4, [%r2+4];\n", 700, "0 bytes past the end of first, 128 bytes", 32, shared);
  FAULT(at + "st.shared.u32 [%r2+128], 3;\n", 700, "0 bytes past the end of first", 32, shared);
  FAULT(at + "ld.shared.u32 %r4, [%r2+2000];\n", 700, "1872 bytes past the end of first", 32, shared);
  FAULT(at + "ld.shared.u32 %r4, [%r3+-4];\n", 700, "4 bytes before second", 32, shared);
  FAULT(at + "add.s32 %r2, %r2, 4;\natom.shared.add.u32 %r4, [%r2], 1;\n", 700, "past the end of first", 32, shared);
  const std::string dynamic = ".shared .align 4 .b8 first[128];\n.extern .shared .align 16 .b8 rest[];";
  FAULT("st.shared.u32 [rest], 1;\n", 700, "0 bytes past the end of rest, 0 bytes", 32, dynamic);
  FAULT("st.shared.u32 [first+128], 1;\n", 700, "past the end of first", 32, dynamic);
  const std::string local = ".local .align 4 .b8 first[16];\n.local .align 4 .b8 second[16];\n";
  FAULT(local + "st.local.u32 [first+16], 1;\n", 700, "0 bytes past the end of first, 16 bytes of local memory");
  FAULT(local + "st.local.u32 [second], 1;\nld.local.u32 %r1, [second+-4];\n", 700, "4 bytes before second");
  FAULT(local + "mov.u64 %rd1, second;\ncvta.local.u64 %rd1, %rd1;\nst.u32 [%rd1+16], 1;\n", 700,
        "0 bytes past the end of second");
}

// .align says all that a kernel may rely on, wherever the variable happens to be.
TEST(judge_variables_are_as_aligned_as_declared) {
  const std::string words = ".shared .align 4 .b8 words[64];";
  FAULT("mov.u32 %r1, words;\nst.shared.v2.u32 [%r1], {%r0, %r0};\n", 716, "not aligned", 1, words);
  FAULT(".local .align 8 .b8 words[64];\nst.local.v4.u32 [words], {%r0, %r0, %r0, %r0};\n", 716, "not aligned");
  cudasim_clear_report();
  Device device;
  const CUfunction f = device.kernel(
      module(".param .u64 out",
             ".local .align 16 .b8 mine[32];\nmov.u32 %r0, 3;\nst.shared.v4.u32 [words+16], {%r0, %r0, %r0, %r0};\n"
             "st.local.v4.u32 [mine+16], {%r0, %r0, %r0, %r0};\nst.shared.v2.u64 [rest], {%rd0, %rd0};\n",
             ".shared .align 4 .b8 odd[12];\n.shared .align 16 .b8 words[32];\n.extern .shared .align 16 .b8 rest[];"));
  CUdeviceptr out = device.allocate(4);
  CHECK_EQ(launch(f, {&out}, 1, 1, 64), 0);
}

TEST(judge_unwritten_local_memory) {
  const std::string local = ".local .align 8 .b8 mine[16];\n";
  FAULT(local + "ld.local.u32 %r1, [mine+4];\n", 719, "of mine, which this thread has not written there");
  FAULT(local + "st.local.u32 [mine], 1;\nld.local.u64 %rd1, [mine];\n", 719, "has not written there");
  // A lane of its own, and a block of its own, whatever was there before.
  FAULT(local + "setp.ne.s32 %p1, %r0, 9;\n@%p1 st.local.u32 [mine], 1;\nld.local.u32 %r1, [mine];\n", 719,
        "thread (9,0,0)");
  FAULT(local +
            "mov.u32 %r2, %ctaid.x;\nsetp.eq.s32 %p1, %r2, 0;\n@%p1 st.local.u32 [mine], 1;\n"
            "ld.local.u32 %r1, [mine];\n",
        719, "block (1,0,0)", 32, "", 2);
}

TEST(judge_unwritten_global_memory) {
  const auto reading = [](auto prepare, const char* load) {
    cudasim_clear_report();
    Device device;
    device.expectReports();
    const CUfunction f =
        device.kernel(module(".param .u64 out", std::string("ld.param.u64 %rd1, [out];\nmov.u32 %r2, 1;\n") + load));
    CUdeviceptr memory = device.allocate(64);
    prepare(device, memory);
    const CUresult rc = launch(f, {&memory}, 1, 32);
    if (rc == 0) CHECK_EQ(report().size(), 0);
    if (rc == 719) CHECK_CONTAINS(report(), "nobody has written it");
    return rc;
  };
  const char* const last = "ld.global.u32 %r1, [%rd1+60];\n";
  const auto fill = [](size_t words) {
    return [words](Device&, CUdeviceptr p) { CHECK_EQ(cuMemsetD32_v2(p, 7, words), 0); };
  };
  CHECK_EQ(reading([](Device&, CUdeviceptr) {}, last), 719);
  CHECK_EQ(reading(fill(15), last), 719);
  CHECK_EQ(reading(fill(16), last), 0);
  CHECK_EQ(reading(fill(15), "ld.global.u32 %r1, [%rd1+56];\n"), 0);
  CHECK_EQ(reading(fill(15), "ld.u64 %rd2, [%rd1+56];\n"), 719);
  CHECK_EQ(reading(fill(15), "atom.global.add.u32 %r1, [%rd1+60], 1;\n"), 719);
  CHECK_EQ(reading(fill(15), "st.global.u32 [%rd1+60], %r2;\nld.global.u32 %r1, [%rd1+60];\n"), 0);
  // A copy of what nobody has written is no more written, and makes the target so.
  const auto copy = [](size_t written) {
    return [written](Device& device, CUdeviceptr p) {
      CUdeviceptr other = device.allocate(64);
      if (written != 0) CHECK_EQ(cuMemsetD32_v2(other, 7, written), 0);
      CHECK_EQ(cuMemsetD32_v2(p, 7, 16), 0);
      CHECK_EQ(cuMemcpyDtoD_v2(p + 32, other + 32, 32), 0);
    };
  };
  CHECK_EQ(reading(copy(0), last), 719);
  CHECK_EQ(reading(copy(16), last), 0);
  CHECK_EQ(reading(copy(0), "ld.global.u32 %r1, [%rd1+28];\n"), 0);
  cudasim_set_option("judge", 0);
  CHECK_EQ(reading(fill(15), last), 0);
  cudasim_set_option("judge", 1);
}

TEST(judge_trap_and_endless_kernel) {
  FAULT("setp.eq.s32 %p1, %r0, 3;\n@%p1 trap;\n", 710, "thread (3,0,0)");
  cudasim_set_option("oplimit", 100000);
  FAULT("LOOP:\nbra.uni LOOP;\n", 702, "does not end");
  cudasim_set_option("oplimit", 1ll << 29);
}

TEST(judge_leaks) {
  cudasim_clear_report();
  CUcontext context = nullptr;
  CHECK_EQ(cuCtxCreate_v4(&context, nullptr, 0, 0), 0);
  CUdeviceptr p = 0;
  CUstream stream = nullptr;
  CHECK_EQ(cuMemAlloc_v2(&p, 1000), 0);
  void* pinned = nullptr;
  CHECK_EQ(cuMemAllocHost_v2(&pinned, 333), 0);
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CHECK_EQ(cuCtxDestroy_v2(context), 0);
  CHECK_CONTAINS(report(), "leak: 1000 bytes");
  CHECK_CONTAINS(report(), "leak: 333 bytes");
  CHECK_CONTAINS(report(), "leak: 1 stream(s)");
}

TEST(judge_unknown_instruction) {
  cudasim_clear_report();
  Device device;
  device.expectReports();
  CUmodule m = nullptr;
  const std::string text = module("", "wgmma.fence.sync.aligned;\n");
  char log[256] = "";
  int options[] = {5, 6};
  void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
  CHECK_EQ(cuModuleLoadDataEx(&m, text.c_str(), 2, options, values), CUDA_ERROR_INVALID_PTX);
  CHECK_CONTAINS(log, "PTX line 13: unknown instruction 'wgmma.fence.sync.aligned'");
  for (const char* wrong :
       {"add.frobnicate.s32 %r1, %r2, %r3;\n", "add.s32 %r1, %r2;\n", "add.s32 %rd1, %r2, %r3;\n", "bra NOWHERE;\n",
        "add.s32 %r1, %r2, nothing;\n", "mov.u32 %r99, 1;\n", "st.weird.u32 [%rd1], %r1;\n", ".frob 3;\n"}) {
    CHECK_EQ(cuModuleLoadData(&m, module("", wrong).c_str()), CUDA_ERROR_INVALID_PTX);
  }
  CHECK_EQ(cuModuleLoadData(&m, "this is no PTX"), CUDA_ERROR_INVALID_PTX);
  CHECK_EQ(cuModuleLoadData(&m, ".version 9.9\n.target sm_80\n.address_size 64\n"), CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
  CHECK_EQ(cuModuleLoadData(&m, ".version 9.0\n.target sm_120\n.address_size 64\n"), CUDA_ERROR_INVALID_PTX);
  CHECK_EQ(cuModuleLoadData(&m, "\177ELF\2\1\1"), CUDA_ERROR_NO_BINARY_FOR_GPU);
}

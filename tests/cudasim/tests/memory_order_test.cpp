// SPDX-License-Identifier: Apache-2.0
// Order through global memory: interleaved blocks and warps make progress, with the same order for the
// same seed; and accesses that no barrier, or fence and flag, orders are reported. The patterns are
// those of the PTX ISA's "Memory Consistency Model".
#include "harness.h"

#include <algorithm>
#include <set>

namespace {

const std::string kSetup =
    "mov.u32 %r0, %tid.x;\nmov.u32 %r1, %ctaid.x;\nmov.u32 %r2, %nctaid.x;\nld.param.u64 %rd1, [out];\n"
    "mul.wide.u32 %rd2, %r0, 4;\nadd.s64 %rd4, %rd1, %rd2;\nsetp.eq.s32 %p1, %r0, 0;\nsetp.eq.s32 %p2, %r1, 0;\n";

struct Run {
  CUresult code;
  std::string said;
  std::vector<uint32_t> out;
};

class Options {
 public:
  Options(long long seed, long long shadow) {
    CHECK_EQ(cudasim_set_option("interleave", seed), 0);
    CHECK_EQ(cudasim_set_option("shadow", shadow), 0);
  }
  ~Options() {
    cudasim_set_option("interleave", 0);
    cudasim_set_option("shadow", 0);
  }
};

// `out` has 4096 words of 0. %rd1: out, %rd4: this thread's word; %r0 thread, %r1 block, %r2 blocks; %p1:
// the block's first thread, %p2: the first block.
Run run(const std::string& body, unsigned blocks, unsigned threads, long long seed, long long shadow = 1 << 20,
        const std::string& globals = "") {
  cudasim_clear_report();
  Device device;
  device.expectReports();
  const Options options(seed, shadow);
  const CUfunction f = device.kernel(module(".param .u64 out", kSetup + body, globals));
  if (f == nullptr) return {1, report(), {}};
  CUdeviceptr out = device.upload(std::vector<uint32_t>(4096, 0));
  const CUresult code = launch(f, {&out}, blocks, threads);
  Run result{code, report(), {}};
  if (code == CUDA_SUCCESS) result.out = device.download<uint32_t>(out, 4096);
  return result;
}

void expectRace(int line, const std::string& body, unsigned blocks, unsigned threads, const std::string& what,
                const std::string& globals = "") {
  for (const long long seed : {0, 1, 2}) {
    // Only turns let a block wait for a later one.
    if (seed == 0 && body.find("SPIN") != std::string::npos) continue;
    const Run r = run(body, blocks, threads, seed, 1 << 20, globals);
    if (r.code != 719)
      fail(__FILE__, line, "seed " + std::to_string(seed) + ": code " + std::to_string(r.code) + ": " + r.said);
    if (r.said.find(what) == std::string::npos) fail(__FILE__, line, "expected \"" + what + "\" in: " + r.said);
  }
}
#define RACE(...) expectRace(__LINE__, __VA_ARGS__)

void expectClean(int line, const std::string& body, unsigned blocks, unsigned threads,
                 const std::string& globals = "") {
  for (long long seed = body.find("SPIN") != std::string::npos; seed <= 20; ++seed) {
    const Run r = run(body, blocks, threads, seed, 1 << 20, globals);
    if (r.code != 0)
      return fail(__FILE__, line, "seed " + std::to_string(seed) + ": " + std::to_string(r.code) + ": " + r.said);
  }
}
#define CLEAN(...) expectClean(__LINE__, __VA_ARGS__)

// The last block's first thread writes a word and sets a flag; the first block's waits for it and reads.
std::string message(const std::string& beforeFlag, const std::string& setFlag, const std::string& readFlag,
                    const std::string& afterFlag) {
  return "@!%p1 bra END;\n@%p2 bra SPIN;\nst.global.u32 [%rd1], 7;\n" + beforeFlag + setFlag + "bra.uni END;\nSPIN:\n" +
         readFlag + "setp.eq.s32 %p3, %r5, 0;\n@%p3 bra SPIN;\n" + afterFlag +
         "ld.global.u32 %r6, [%rd1];\nst.global.u32 [%rd1+8], %r6;\nEND:\n";
}
const std::string kFence = "fence.acq_rel.gpu;\n";
const std::string kSet = "st.volatile.global.u32 [%rd1+4], 1;\n", kGet = "ld.volatile.global.u32 %r5, [%rd1+4];\n";

// Counts a block in and leaves others than the last of them.
std::string last(const std::string& before, const std::string& after) {
  return before +
         "bar.sync 0;\nsub.u32 %r3, %r2, 1;\n@%p1 atom.global.inc.u32 %r4, [%rd1+4096], %r3;\n"
         "@%p1 st.shared.u32 [flag], %r4;\nbar.sync 0;\nld.shared.u32 %r4, [flag];\nsetp.ne.u32 %p4, %r4, %r3;\n"
         "@%p4 bra END;\n" +
         after + "END:\n";
}
const std::string kFlag = ".shared .align 4 .b8 flag[4];\n";

} // namespace

TEST(turns_a_message_arrives) {
  CLEAN(message(kFence, kSet, kGet, kFence), 2, 32);
  CLEAN(message("membar.gl;\n", "atom.global.exch.b32 %r7, [%rd1+4], 1;\n", kGet, "fence.sc.gpu;\n"), 3, 32);
  CLEAN(message("fence.acq_rel.sys;\n", "red.global.add.u32 [%rd1+4], 1;\n", "atom.global.or.b32 %r5, [%rd1+4], 0;\n",
                kFence),
        2, 64);
  CLEAN(message("", "st.release.gpu.global.u32 [%rd1+4], 1;\n",
                "nanosleep.u32 64;\nld.acquire.gpu.global.u32 %r5, [%rd1+4];\n", ""),
        2, 32);
  CLEAN(message("", "atom.release.gpu.global.add.u32 %r7, [%rd1+4], 1;\n",
                "atom.acquire.gpu.global.add.u32 %r5, [%rd1+4], 0;\n", ""),
        2, 32);
  CLEAN(
      message(kFence, "st.relaxed.gpu.global.u32 [%rd1+4], 1;\n", "ld.relaxed.gpu.global.u32 %r5, [%rd1+4];\n", kFence),
      2, 32);
  CHECK_EQ(run(message(kFence, kSet, kGet, kFence), 2, 32, 3).out[2], 7);
}

TEST(order_a_message_needs_both_fences) {
  RACE(message("", kSet, kGet, kFence), 2, 32,
       "global memory race: read after a write by thread (0,0,0) of block (1,0,0)");
  RACE(message(kFence, kSet, kGet, ""), 2, 32, "global memory race: read after a write");
  RACE(message("fence.acq_rel.cta;\n", kSet, kGet, kFence), 2, 32, "read after a write");
  RACE(message(kFence, kSet, kGet, "membar.cta;\n"), 2, 32, "read after a write");
  RACE(message("", "st.release.gpu.global.u32 [%rd1+4], 1;\n", "ld.relaxed.gpu.global.u32 %r5, [%rd1+4];\n", ""), 2, 32,
       "read after a write");
  RACE(message("", "st.relaxed.gpu.global.u32 [%rd1+4], 1;\n", "ld.acquire.gpu.global.u32 %r5, [%rd1+4];\n", ""), 2, 32,
       "read after a write");
  // A fence before the read makes no acquire pattern.
  RACE(message(kFence, kSet, kFence + kGet, ""), 2, 32, "read after a write");
}

TEST(order_a_flag_is_strong_on_both_sides) {
  RACE(message(kFence, "st.global.u32 [%rd1+4], 1;\n", kGet, kFence), 2, 32, "global memory race");
  RACE(message(kFence, kSet, "ld.global.cg.u32 %r5, [%rd1+4];\n", kFence), 2, 32, "global memory race");
  RACE(message(kFence, "st.relaxed.cta.global.u32 [%rd1+4], 1;\n", kGet, kFence), 2, 32, "global memory race");
}

TEST(order_a_message_within_a_block) {
  // The second warp tells the first; a fence of the block is enough.
  const auto between = [](const std::string& before, const std::string& after) {
    return "shr.u32 %r3, %r0, 5;\nand.b32 %r4, %r0, 31;\nsetp.ne.s32 %p3, %r4, 0;\n@%p3 bra END;\nsetp.eq.s32 %p2, "
           "%r3, 0;\n@%p2 bra SPIN;\n"
           "st.global.u32 [%rd1], 7;\n" +
           before + kSet + "bra.uni END;\nSPIN:\n" + kGet + "setp.eq.s32 %p4, %r5, 0;\n@%p4 bra SPIN;\n" + after +
           "ld.global.u32 %r6, [%rd1];\nEND:\n";
  };
  CLEAN(between(kFence, kFence), 1, 64);
  CLEAN(between("fence.acq_rel.cta;\n", "membar.cta;\n"), 1, 64);
  RACE(between("", kFence), 1, 64, "read after a write by thread (32,0,0) of block (0,0,0)");
  RACE(between(kFence, ""), 1, 64, "read after a write");
}

TEST(order_within_a_block) {
  const std::string other = "xor.b32 %r3, %r0, 32;\nmul.wide.u32 %rd5, %r3, 4;\nadd.s64 %rd6, %rd1, %rd5;\n";
  const std::string read = other + "ld.global.u32 %r5, [%rd6];\n";
  const std::string write = other + "st.global.u32 [%rd6], %r0;\n";
  const std::string mine = "st.global.u32 [%rd4], %r0;\n";
  CLEAN(mine + "bar.sync 0;\n" + read + "bar.sync 0;\n" + write, 1, 64);
  RACE(mine + read, 1, 64, "global memory race");
  RACE(mine + write, 1, 64, "global memory race");
  RACE(read + mine, 1, 64, "global memory race");
  RACE(mine + "bar.warp.sync -1;\n" + read, 1, 64, "global memory race");
  // All write the same.
  CLEAN("st.global.u32 [%rd1], 3;\n", 4, 64);
}

TEST(order_within_a_warp) {
  const std::string other = "xor.b32 %r3, %r0, 5;\nmul.wide.u32 %rd5, %r3, 4;\nadd.s64 %rd6, %rd1, %rd5;\n";
  const std::string mine = "st.global.u32 [%rd4], %r0;\n", read = other + "ld.global.u32 %r5, [%rd6];\n";
  CLEAN(mine + "bar.warp.sync -1;\n" + read + "bar.warp.sync -1;\n" + mine, 1, 32);
  RACE(mine + read, 1, 32, "read after a write by thread (5,0,0)");
  // A shuffle is not a fence for writes, but reads before it are complete.
  RACE(mine + "shfl.sync.bfly.b32 %r7, %r0, 1, 31, -1;\n" + read, 1, 32, "read after a write");
  RACE(read + "add.s32 %r5, %r5, 1;\nst.global.u32 [%rd4], %r5;\n", 1, 32, "write after a read");
  CLEAN(read + "shfl.sync.bfly.b32 %r7, %r5, 1, 31, -1;\nadd.s32 %r7, %r7, 1;\nst.global.u32 [%rd4], %r7;\n", 1, 32);
}

TEST(order_between_blocks) {
  RACE("@%p1 st.global.u32 [%rd1], %r1;\n", 4, 32, "write after a write");
  // A claim that is not atomic.
  RACE("@!%p1 bra END;\nld.global.u32 %r5, [%rd1];\nadd.u32 %r5, %r5, 1;\nst.global.u32 [%rd1], %r5;\nEND:\n", 4, 32,
       "global memory race");
  CLEAN("@%p1 red.global.add.u32 [%rd1], 1;\n", 6, 32);
  RACE("@%p1 red.global.add.u32 [%rd1], 1;\nld.global.u32 %r5, [%rd1];\n", 4, 32, "global memory race");
  CLEAN("@%p1 red.global.add.u32 [%rd1], 1;\nld.volatile.global.u32 %r5, [%rd1];\n", 4, 32);
  RACE("@%p1 red.cta.global.add.u32 [%rd1], 1;\n", 4, 32, "atomic after a write");
}

TEST(order_the_last_block_reads_what_the_others_wrote) {
  const std::string mine = "mul.wide.u32 %rd5, %r1, 256;\nadd.s64 %rd6, %rd4, %rd5;\nst.global.u32 [%rd6], %r1;\n";
  const std::string read = "ld.global.cg.u32 %r5, [%rd1];\nld.global.cg.u32 %r6, [%rd1+256];\nadd.u32 %r5, %r5, %r6;\n";
  const std::string membar = "membar.gl;\n";
  CLEAN(last(mine + membar, membar + read), 6, 64, kFlag);
  RACE(last(mine, membar + read), 6, 64, "read after a write", kFlag);
  RACE(last(mine + membar, read), 6, 64, "read after a write", kFlag);
  // A light fence serves its own thread's accesses: here another one counts the block in.
  RACE(last(mine + kFence, kFence + read), 6, 64, "read after a write", kFlag);
  const std::string ordered = mine + "bar.sync 0;\n@%p1 fence.acq_rel.gpu;\n";
  std::string light = last(ordered, read);
  light.replace(light.find("@%p1 st.shared.u32"), 0, "@%p1 fence.acq_rel.gpu;\n");
  CLEAN(light, 6, 64, kFlag);
  // Resetting the counter needs no fence for the counter, but one for the bytes that others read.
  CLEAN(last(membar, "@%p1 st.global.u32 [%rd1+4096], 0;\n"), 6, 32, kFlag);
  RACE(last("ld.global.u32 %r5, [%rd1];\n" + membar, "@%p1 st.global.u32 [%rd1], 5;\n"), 6, 32, "write after a read",
       kFlag);
  CLEAN(last("ld.global.u32 %r5, [%rd1];\n" + membar, membar + "@%p1 st.global.u32 [%rd1], 5;\n"), 6, 32, kFlag);
}

TEST(order_non_coherent_loads) {
  const std::string load = "ld.global.nc.u32 %r5, [%rd1+256];\n";
  CLEAN(load + "st.global.u32 [%rd4], %r0;\n", 4, 32);
  RACE(load + "bar.sync 0;\n@%p1 st.global.u32 [%rd1+256], 5;\n", 1, 32, "write of memory that ld.global.nc");
  RACE("@%p1 st.global.u32 [%rd1+256], 5;\nbar.sync 0;\n" + load, 1, 64,
       "ld.global.nc (__ldg, const __restrict__) of memory that this launch has written");
  RACE(load + "bar.sync 0;\n@%p1 red.global.add.u32 [%rd1+256], 5;\n", 1, 32, "atomic on memory that ld.global.nc");
}

TEST(order_bytes_and_wide_accesses) {
  // Each thread accesses a byte of its own in a word, then a part of its own in a wide read.
  CLEAN("cvt.u64.u32 %rd5, %r0;\nadd.s64 %rd6, %rd1, %rd5;\nst.global.u8 [%rd6], %r0;\nld.global.u8 %r5, [%rd6];\n", 1,
        64);
  CLEAN("st.global.u32 [%rd4], %r0;\nbar.sync 0;\nld.global.v4.u32 {%r5, %r6, %r7, %r8}, [%rd1+16];\n", 1, 64);
  RACE("st.global.u32 [%rd4], %r0;\nld.global.v2.u32 {%r5, %r6}, [%rd1+16];\n", 1, 32,
       "read after a write by thread (4,0,0)");
}

TEST(turns_a_barrier_of_the_grid) {
  // All resident blocks meet; then each reads its neighbour's word.
  const std::string body =
      "mul.wide.u32 %rd5, %r1, 4;\nadd.s64 %rd6, %rd1, %rd5;\nadd.u32 %r3, %r1, 10;\n@%p1 st.global.u32 [%rd6], "
      "%r3;\nbar.sync 0;\n@!%p1 bra MET;\nmembar.gl;\n"
      "red.global.add.u32 [%rd1+1024], 1;\nSPIN:\nld.volatile.global.u32 %r5, [%rd1+1024];\nsetp.lt.u32 %p3, %r5, "
      "%r2;\n@%p3 bra SPIN;\nmembar.gl;\nMET:\nbar.sync 0;\n"
      "add.u32 %r6, %r1, 1;\nrem.u32 %r6, %r6, %r2;\nmul.wide.u32 %rd7, %r6, 4;\nadd.s64 %rd8, %rd1, "
      "%rd7;\nld.global.u32 %r7, [%rd8];\n@%p1 st.global.u32 [%rd6+128], %r7;\n";
  CLEAN(body, 4, 64);
  const Run r = run(body, 4, 64, 5);
  for (uint32_t i = 0; i < 4; ++i) CHECK_EQ(r.out[32 + i], 10 + (i + 1) % 4);
  // Without turns, or with more blocks than are resident, the first never gets on: the limit ends it.
  cudasim_set_option("oplimit", 20000);
  CHECK_EQ(run(body, 4, 64, 0).code, 702);
  CHECK_EQ(run(body, 32, 64, 1).code, 702);
  cudasim_set_option("oplimit", 1ll << 29);
}

TEST(turns_depend_on_the_seed_alone) {
  // The order in which blocks and warps draw tickets.
  const std::string body =
      "@!%p1 bra END;\natom.global.add.u32 %r5, [%rd1+1024], 1;\nmul.wide.u32 %rd5, %r1, 4;\nadd.s64 %rd6, %rd1, "
      "%rd5;\n"
      "st.global.u32 [%rd6], %r5;\nEND:\n";
  std::set<std::vector<uint32_t>> orders;
  for (long long seed = 1; seed <= 10; ++seed) {
    const Run r = run(body, 16, 64, seed);
    CHECK(r.out == run(body, 16, 64, seed).out);
    std::vector<uint32_t> tickets(r.out.begin(), r.out.begin() + 16);
    orders.insert(tickets);
    std::sort(tickets.begin(), tickets.end());
    for (uint32_t i = 0; i < 16; ++i) CHECK_EQ(tickets[i], i);
  }
  CHECK(orders.size() > 5);
  const Run inOrder = run(body, 16, 64, 0);
  for (uint32_t i = 0; i < 16; ++i) CHECK_EQ(inOrder.out[i], i);
}

TEST(turns_lose_an_update_that_is_not_atomic) {
  // Without the shadow, too: the result differs.
  const std::string body =
      "@!%p1 bra END;\nld.global.u32 %r5, [%rd1];\nadd.u32 %r5, %r5, 1;\nst.global.u32 [%rd1], %r5;\nEND:\n";
  CHECK_EQ(run(body, 32, 32, 0, 0).out[0], 32);
  bool lost = false;
  for (long long seed = 1; seed <= 10; ++seed) lost |= run(body, 32, 32, seed, 0).out[0] < 32;
  CHECK(lost);
}

TEST(turns_let_warps_wait_for_each_other) {
  // The first warp spins on a write that the others make after a barrier of their own.
  const std::string body =
      "setp.lt.u32 %p3, %r0, 32;\n@%p3 bra SPIN;\nbar.sync 1, 64;\nred.global.add.u32 [%rd1+1024], 1;\nbra.uni END;\n"
      "SPIN:\nld.volatile.global.u32 %r5, [%rd1+1024];\nsetp.ne.u32 %p4, %r5, 64;\n@%p4 bra SPIN;\nEND:\n";
  CLEAN(body, 1, 96);
  RACE("setp.lt.u32 %p3, %r0, 32;\n@%p3 bra SPIN;\nbar.sync 1, 96;\nSPIN:\n", 2, 64, "deadlock");
}

TEST(order_is_not_judged_beyond_the_limit) {
  const std::string race = "@%p1 st.global.u32 [%rd1+8192], %r1;\n";
  CHECK_EQ(run("st.global.u32 [%rd4], %r0;\n" + race, 4, 32, 0, 4096).code, 719);
  const Run few = run("st.global.u32 [%rd4], %r0;\n" + race, 4, 32, 0, 1024);
  CHECK_EQ(few.code, 0);
  CHECK_CONTAINS(profile(), "\"judgedLaunches\":");
  CHECK_EQ(cudasim_set_option("shadow", -1), 1);
  CHECK_EQ(cudasim_set_option("interleave", -1), 1);
}

// SPDX-License-Identifier: Apache-2.0
// Ops of shapes up to the limits of the header, on addresses that nothing may touch: planning
// computes sizes, a run computes its estimates of work and the first addresses, and both in 64 bits.
// A run must end in a fault within the operands, unless it refuses a number or all are small.
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xmmintrin.h>

#include "case.hpp"
#include "report.hpp"

namespace fuzz {

constexpr int64_t kRegion = int64_t{1} << 44;

inline sigjmp_buf& back() {
  static sigjmp_buf buffer;
  return buffer;
}

inline char*& region() {
  static char* region = nullptr;
  return region;
}

inline void on_fault(int, siginfo_t* info, void*) {
  char* at = static_cast<char*>(info->si_addr);
  if (at >= region() && at < region() + kRegion) siglongjmp(back(), 1);
  std::fprintf(stderr, "FAILED: %s: a fault at %p, outside all operands\n", now().c_str(),
               info->si_addr);
  _exit(1);
}

struct Extremes {
  int64_t planned;
  int64_t faulted;  // within their operands
};

// On one thread, so that the fault is in this one.
inline Extremes extreme(Random& random, int64_t cases) {
  void* reserved =
      mmap(nullptr, kRegion, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  expect(reserved != MAP_FAILED, "a region of addresses");
  region() = static_cast<char*>(reserved);
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, nullptr);
  vae4j_context* context = nullptr;
  expect_status(CALL(vae4j_context_create, 1, VAE4J_FP32, nullptr, &context), VAE4J_OK, "");
  unsigned control = _mm_getcsr();
  volatile int64_t planned = 0;
  volatile int64_t faulted = 0;
  for (volatile int64_t i = 0; i < cases; i = i + 1) {
    const Table& table = random.of(tables());
    now() = table.id + " of extreme shapes, case " + std::to_string(i);
    Case op(table, random, {true, region(), kRegion});
    vae4j_program* program = nullptr;
    expect_status(CALL(vae4j_program_create, context, &program), VAE4J_OK, "");
    int status = op.plan(program);
    expect(status == VAE4J_OK || status == VAE4J_INVALID_ARGUMENT || status == VAE4J_OUT_OF_MEMORY,
           "a plan or a refusal, given " + std::to_string(status));
    if (status == VAE4J_OK) planned = planned + 1;
    // oneDNN's regions of threads cannot be left by a jump.
    bool ours = table.id != "dense" && table.id != "denseBackward";
    if (status == VAE4J_OK && op.fits() && ours) {
      if (sigsetjmp(back(), 1) == 0) {
        int ran = CALL(vae4j_program_run, program);
        expect(ran == VAE4J_INVALID_STATE || !op.is_placed(),
               "a refusal or a fault, given " + std::to_string(ran));
      } else {
        faulted = faulted + 1;
      }
    }
    _mm_setcsr(control);
    expect_status(CALL(vae4j_program_destroy, program), VAE4J_OK, "");
  }
  expect_status(CALL(vae4j_context_destroy, context), VAE4J_OK, "");
  signal(SIGSEGV, SIG_DFL);
  munmap(reserved, kRegion);
  return {planned, faulted};
}

}  // namespace fuzz

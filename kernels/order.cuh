// SPDX-License-Identifier: Apache-2.0
// What one block writes and another reads in the same launch: fences that order it, and accesses that
// need no fence because a word carries all there is to say.
//
// __threadfence() is the sequentially consistent fence, of which the device keeps one order for all
// blocks. Handing something over takes less: the writer's acquire-release fence before its atomic, and
// the reader's after the atomic that saw it (PTX ISA, "Memory Consistency Model", release and acquire
// patterns).
#pragma once

__device__ __forceinline__ void fence_acq_rel() { asm volatile("fence.acq_rel.gpu;" ::: "memory"); }

/** A load that sees another block's store sooner or later, and no part of one. */
__device__ __forceinline__ unsigned long long load_relaxed(const unsigned long long* p) {
  unsigned long long value;
  asm volatile("ld.relaxed.gpu.u64 %0, [%1];" : "=l"(value) : "l"(p) : "memory");
  return value;
}

__device__ __forceinline__ void store_relaxed(unsigned long long* p, unsigned long long value) {
  asm volatile("st.relaxed.gpu.u64 [%0], %1;" ::"l"(p), "l"(value) : "memory");
}

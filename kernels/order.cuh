// SPDX-License-Identifier: Apache-2.0
// Communication between blocks of the same launch: fences that order writes and reads, and accesses
// that need no fence because one word has all the data.
//
// __threadfence() is the sequentially consistent fence; all blocks observe these fences in one
// order. Passing data needs less: an acquire-release fence of the writer before its atomic, and one
// of the reader after the atomic that observes it (PTX ISA, "Memory Consistency Model", release and
// acquire patterns).
#pragma once

__device__ __forceinline__ void fence_acq_rel() { asm volatile("fence.acq_rel.gpu;" ::: "memory"); }

/** A load that eventually observes another block's store, and never a part of it. */
__device__ __forceinline__ unsigned long long load_relaxed(const unsigned long long* p) {
  unsigned long long value;
  asm volatile("ld.relaxed.gpu.u64 %0, [%1];" : "=l"(value) : "l"(p) : "memory");
  return value;
}

__device__ __forceinline__ void store_relaxed(unsigned long long* p, unsigned long long value) {
  asm volatile("st.relaxed.gpu.u64 [%0], %1;" ::"l"(p), "l"(value) : "memory");
}

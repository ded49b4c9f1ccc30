// SPDX-License-Identifier: Apache-2.0
// Programmatic dependent launch (compute capability 9.0): a kernel that is launched in this way may
// begin before the preceding kernel has ended, as soon as all blocks of that kernel have allowed it
// or ended. It must then wait before it accesses memory that a preceding kernel reads or writes.
// Every thread waits, so that the end of this kernel implies the end of all preceding ones. Without
// the launch attribute, and where these are not compiled, both functions do nothing.
//
// Such a kernel must not read its inputs through the read-only cache: the compiler assumes that
// these do not change while the kernel runs, and might load them before the wait. So they have no
// __restrict__.
#pragma once

/** Waits until the preceding kernels have ended and their writes are visible. */
__device__ __forceinline__ void await_predecessors() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

/** Allows the next kernel to begin, if it is a dependent launch. */
__device__ __forceinline__ void allow_successor() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

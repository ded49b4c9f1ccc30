// SPDX-License-Identifier: Apache-2.0
// Programmatic dependent launch (compute capability 9.0): a kernel that is launched so may begin before
// the kernel ahead of it has ended, as soon as all of that one's blocks have allowed it or ended. It
// must then wait before it touches what that kernel, or any before, reads or writes, and every one of
// its threads does: so whoever waits for this kernel to end has waited for all before it. Without the
// launch attribute, and where these are not compiled, both do nothing.
//
// What such a kernel reads does not go through the read-only cache, of which the compiler assumes that
// it does not change while the kernel runs, and might fetch it before the wait: no __restrict__ on it.
#pragma once

/** Waits until the kernels ahead have ended and their writes are seen. */
__device__ __forceinline__ void await_predecessors() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

/** Lets the next kernel begin, if it was launched so. */
__device__ __forceinline__ void allow_successor() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

// SPDX-License-Identifier: Apache-2.0
// An activation on its own: y = activation(x).
//
// Maths: io.github.vae4j.backend.Activation.
// Shapes: x, y (n).
// Bytes: reads 4 n, writes 4 n.
// Launch: blocks of 256, a thread owns four elements.
#include "activation.cuh"
#include "vector.cuh"

template <typename Activation>
__device__ __forceinline__ void activate(const float* __restrict__ x, float* __restrict__ y,
                                         long long n) {
  long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
  if (at >= n) {
    return;
  }
  Quad value = load_quad(x + at, n - at, quads_aligned(x, 0));
#pragma unroll
  for (int i = 0; i < 4; i++) {
    value.v[i] = Activation::apply(value.v[i]);
  }
  store_quad(y + at, value, n - at, quads_aligned(y, 0));
}

#define KERNEL(name, functor)                                                            \
  extern "C" __global__ void __launch_bounds__(256)                                      \
      activate_##name(const float* __restrict__ x, float* __restrict__ y, long long n) { \
    activate<functor>(x, y, n);                                                          \
  }
FOR_EACH_ACTIVATION(KERNEL)

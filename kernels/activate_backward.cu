// SPDX-License-Identifier: Apache-2.0
// The gradient of an activation on its own: dx = dy activation'.
//
// Maths: io.github.vae4j.backend.Activation; the derivative is a function of `kept`, which is x or y.
// Shapes: kept, dy, dx (n).
// Bytes: reads 8 n, writes 4 n.
// Launch: blocks of 256, a thread owns four elements.
#include "activation.cuh"
#include "vector.cuh"

template <typename Activation>
__device__ __forceinline__ void activate_backward(const float* __restrict__ kept,
                                                  const float* __restrict__ dy,
                                                  float* __restrict__ dx, long long n) {
  long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
  if (at >= n) {
    return;
  }
  Quad given = load_quad(kept + at, n - at, quads_aligned(kept, 0));
  Quad d = load_quad(dy + at, n - at, quads_aligned(dy, 0));
#pragma unroll
  for (int i = 0; i < 4; i++) {
    d.v[i] *= Activation::derivative(given.v[i]);
  }
  store_quad(dx + at, d, n - at, quads_aligned(dx, 0));
}

#define KERNEL(name, functor)                                                                \
  extern "C" __global__ void __launch_bounds__(256)                                          \
      activate_backward_##name(const float* __restrict__ kept, const float* __restrict__ dy, \
                               float* __restrict__ dx, long long n) {                        \
    activate_backward<functor>(kept, dy, dx, n);                                             \
  }
FOR_EACH_ACTIVATION(KERNEL)

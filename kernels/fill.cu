// Sets every element: target[i] = value.
//
// Shapes: target (n) float32 or float64.
// Bytes: writes 4 n or 8 n.
// Launch: blocks of 256, a thread writes 16 bytes.
#include "vector.cuh"

extern "C" __global__ void __launch_bounds__(256)
    fill_float32(float* __restrict__ target, long long n, float value) {
  long long at = 4 * (256LL * blockIdx.x + threadIdx.x);
  if (at < n) {
    store_quad(target + at, {{value, value, value, value}}, n - at, quads_aligned(target, 0));
  }
}

extern "C" __global__ void __launch_bounds__(256)
    fill_float64(double* __restrict__ target, long long n, double value) {
  long long at = 2 * (256LL * blockIdx.x + threadIdx.x);
  if (at + 1 < n && quads_aligned(target, 0)) {
    *reinterpret_cast<double2*>(target + at) = make_double2(value, value);
    return;
  }
  if (at < n) {
    target[at] = value;
  }
  if (at + 1 < n) {
    target[at + 1] = value;
  }
}

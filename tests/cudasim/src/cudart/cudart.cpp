// SPDX-License-Identifier: Apache-2.0
// The CUDA runtime library, as far as the JNI library of the bindings needs it to load: vae4j uses
// the driver API. Other runtime functions stay unresolved, and a call of one ends the process.
#include "../driver/api.h"

CUDASIM_EXPORT CUresult cuDriverGetVersion(int*);
CUDASIM_EXPORT CUresult cuInit(unsigned);
CUDASIM_EXPORT CUresult cuDeviceGetCount(int*);

CUDASIM_EXPORT int cudaDriverGetVersion(int* out) { return cuDriverGetVersion(out); }

CUDASIM_EXPORT int cudaRuntimeGetVersion(int* out) {
  if (out == nullptr) return 1;
  *out = 13010;
  return 0;
}

CUDASIM_EXPORT int cudaGetDeviceCount(int* out) {
  const CUresult rc = cuInit(0);
  return rc != CUDA_SUCCESS ? rc : cuDeviceGetCount(out);
}

CUDASIM_EXPORT int cudaGetLastError() { return 0; }
CUDASIM_EXPORT int cudaPeekAtLastError() { return 0; }

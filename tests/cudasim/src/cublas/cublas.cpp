// SPDX-License-Identifier: Apache-2.0
// The classic cuBLAS library, as far as the JNI library needs it to load: all matrix products of
// vae4j go through cuBLASLt.
#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT int cublasGetVersion_v2(void*, int* out) {
  if (out == nullptr) return 7; // CUBLAS_STATUS_INVALID_VALUE
  *out = 130200;
  return 0;
}

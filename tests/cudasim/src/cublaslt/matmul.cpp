// cublasLtMatmul: the checks on pointers, and the work it submits.
#include <cstdio>
#include <cstring>
#include <new>

#include "lt.h"

using namespace lt;

namespace {

int statusOf(int cudaError) {
  switch (cudaError) {
    case 0: return kSuccess;
    case 201: return kNotInitialized;
    case 400: return kInvalidValue;
    default: return kExecutionFailed; // "If CUDA reported an execution error from the device."
  }
}

void describeProblem(const Problem& p, char* out, size_t size) {
  std::snprintf(out, size, "cublasLtMatmul m=%lld n=%lld k=%lld epilogue=%u", static_cast<long long>(p.m),
                static_cast<long long>(p.n), static_cast<long long>(p.k), p.epilogue);
}

} // namespace

LT_API cublasLtMatmul(LtHandle handle, LtMatmulDesc desc, const void* alpha, const void* a, LtLayout layoutA,
                      const void* b, LtLayout layoutB, const void* beta, const void* c, LtLayout layoutC, void* d,
                      LtLayout layoutD, const Algo* algo, void* workspace, size_t workspaceBytes, void* stream) {
  LT_ENTER();
  if (handle == nullptr || handle->magic != kHandleMagic) return kNotInitialized;
  if (const int rc = cudasim_library_context()) return statusOf(rc);
  Problem p;
  const char* why = "";
  const Status status = describe(desc, layoutA, layoutB, layoutC, layoutD, p, why);
  if (status != kSuccess) return fail(status, __func__, why);
  if (alpha == nullptr || beta == nullptr || a == nullptr || b == nullptr || d == nullptr) {
    return fail(kInvalidValue, __func__, "a pointer is NULL");
  }
  if (p.pointerMode == kPointerHost) {
    std::memcpy(&p.alpha, alpha, 4);
    std::memcpy(&p.beta, beta, 4);
  } else {
    p.alphaDevice = reinterpret_cast<uint64_t>(alpha);
    p.betaDevice = reinterpret_cast<uint64_t>(beta);
  }
  const bool usesC = p.pointerMode == kPointerDevice || p.beta != 0.0f;
  if (usesC && c == nullptr) return fail(kInvalidValue, __func__, "C is NULL and beta is not 0");
  p.a.address = reinterpret_cast<uint64_t>(a);
  p.b.address = reinterpret_cast<uint64_t>(b);
  p.c.address = usesC ? reinterpret_cast<uint64_t>(c) : 0;
  p.d.address = reinterpret_cast<uint64_t>(d);
  // "in-place (C == D and Cdesc == Ddesc)"
  const Layout& lc = layoutC ? *layoutC : *layoutD;
  if (usesC && c == d && (lc.ld != layoutD->ld || lc.batchStride != layoutD->batchStride)) {
    return fail(kInvalidValue, __func__, "C and D are one matrix with two layouts");
  }
  if ((p.epilogue & (kBias | kBGrad | kBGradA | kBGradB)) && p.bias == 0) {
    return fail(kInvalidValue, __func__, "the epilogue needs BIAS_POINTER");
  }
  if ((p.epilogue & kAux) && p.aux == 0) return fail(kInvalidValue, __func__, "the epilogue needs EPILOGUE_AUX_POINTER");
  // The mask and the GELU input are accessed in vectors of 16 bytes.
  if (p.aux % 16 != 0) return fail(kInvalidValue, __func__, "EPILOGUE_AUX_POINTER is not aligned to 16 bytes");
  if (p.bias % static_cast<uint64_t>(bytesOf(p.d.type)) != 0) {
    return fail(kInvalidValue, __func__, "BIAS_POINTER is not aligned to its elements");
  }
  uint64_t needed = 0;
  if (algo != nullptr) {
    if (algo->magic != kAlgoMagic) return fail(kInvalidValue, __func__, "the algorithm is not initialised");
    if (algo->fingerprint != fingerprint(*desc, *layoutA, *layoutB, lc, *layoutD)) {
      return fail(kNotSupported, __func__, "the algorithm was made for another problem");
    }
    const uint64_t pointers[] = {p.a.address, p.b.address, p.c.address, p.d.address};
    for (int i = 0; i < 4; ++i) {
      // "The algo will fail if, for example, the buffers are not correctly aligned."
      if (pointers[i] % algo->alignment[i] != 0) {
        return fail(kInvalidValue, __func__, "a matrix is not as aligned as the preference promised");
      }
    }
    needed = algo->workspace;
  }
  // "For example, when workspaceSizeInBytes is less than workspace required by the configured algo."
  if (needed > workspaceBytes || (needed != 0 && workspace == nullptr)) {
    return fail(kInvalidValue, __func__, "the workspace is smaller than the algorithm needs");
  }
  // "Must be 256B aligned (i.e. lowest 8 bits of address must be 0)."
  if (workspace != nullptr && reinterpret_cast<uint64_t>(workspace) % 256 != 0) {
    return fail(kInvalidValue, __func__, "the workspace is not aligned to 256 bytes");
  }
  if (workspace != nullptr && workspaceBytes != 0 &&
      cudasim_library_translate(reinterpret_cast<uint64_t>(workspace), workspaceBytes) == nullptr) {
    return fail(kInvalidValue, __func__, "the workspace is not device memory of that size");
  }
  auto* owned = new (std::nothrow) Problem(p);
  if (owned == nullptr) return kAllocFailed;
  char name[128];
  describeProblem(p, name, sizeof name);
  return statusOf(cudasim_library_submit(stream, name, runMatmul, owned,
                                         [](void* data) { delete static_cast<Problem*>(data); }));
}

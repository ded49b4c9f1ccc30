// SPDX-License-Identifier: Apache-2.0
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
  if (const Status refused = checkHandle(handle, __func__)) return refused;
  if (const int rc = cudasim_library_context()) return statusOf(rc);
  Problem p;
  const char* why = "";
  Status status = describe(desc, layoutA, layoutB, layoutC, layoutD, p, why);
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
  if ((p.epilogue & kAux) && p.aux == 0)
    return fail(kInvalidValue, __func__, "the epilogue needs EPILOGUE_AUX_POINTER");
  // The mask and the GELU input are accessed in vectors of 16 bytes.
  if (p.aux % 16 != 0) return fail(kInvalidValue, __func__, "EPILOGUE_AUX_POINTER is not aligned to 16 bytes");
  const uint32_t types = typesOf(desc->computeType, desc->scaleType, p.a.type, p.b.type, p.c.type, p.d.type);
  Algo chosen;
  if (algo != nullptr) {
    chosen = *algo;
    status = accept(chosen, p, types, fingerprint(*desc, *layoutA, *layoutB, lc, *layoutD), why);
    if (status != kSuccess) return fail(status, __func__, why);
  } else {
    // "When NULL, an implicit heuristics query with default search preferences will be performed": matrices
    // aligned to 256 bytes, no workspace.
    const uint32_t promised[] = {256, 256, 256, 256};
    const std::vector<Algo> found = candidates(p, types, promised, 0, 7, 0);
    if (found.empty()) return fail(kNotSupported, __func__, "no algorithm without a workspace");
    chosen = found.front();
  }
  if (refuses(p)) {
    const int refusal = cudasim_library_switch("lt.refuse");
    if (refusal == kRefuseLaunch15) return kNotSupported;
    if (refusal == kRefuseLaunch13) return kExecutionFailed;
    if (refusal != kRefuseNothing && algo == nullptr) return kNotSupported;
  }
  // "The algo will fail if, for example, the buffers are not correctly aligned."
  const uint64_t loaded = loadBytes(chosen);
  const auto aligned = [&](uint64_t pointer, int type) {
    return pointer % static_cast<uint64_t>(bytesOf(type)) == 0 && (loaded == 0 || pointer % loaded == 0);
  };
  if (!aligned(p.a.address, p.a.type) || !aligned(p.b.address, p.b.type) || !aligned(p.c.address, p.c.type) ||
      !aligned(p.d.address, p.d.type)) {
    return fail(kInvalidValue, __func__,
                algo != nullptr ? "a matrix is not as aligned as the preference promised"
                                : "a matrix is not aligned, and no algorithm was chosen for it");
  }
  if (!aligned(p.bias, p.d.type) || (loaded != 0 && p.aux % loaded != 0)) {
    return fail(kInvalidValue, __func__,
                "BIAS_POINTER or EPILOGUE_AUX_POINTER is not as aligned as when the algorithm was chosen");
  }
  const uint64_t needed = workspaceOf(chosen, p);
  plan(chosen, p);
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
  return statusOf(
      cudasim_library_submit(stream, name, runMatmul, owned, [](void* data) { delete static_cast<Problem*>(data); }));
}

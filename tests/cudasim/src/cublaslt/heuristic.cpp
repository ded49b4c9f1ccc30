// Algorithms: the heuristic gives one for each problem, bound to it by a fingerprint.
#include <algorithm>
#include <cstring>

#include "lt.h"

using namespace lt;

namespace {

// Split-k reductions of a real library need workspace; ours asks for some where k is long, so that a
// caller who brings none is noticed.
uint64_t workspaceFor(const Problem& p) {
  return p.k >= 4096 ? static_cast<uint64_t>(p.m * p.n) * 4 : 0;
}

uint64_t powerOfTwoOf(uint64_t v) { return v & (0 - v); }

// The widest load an algorithm can use, up to 16 bytes: what the caller promises for the pointer, and
// what the leading dimension keeps from one line to the next.
uint16_t alignmentFor(uint32_t promised, const Layout& l) {
  const uint64_t ld = powerOfTwoOf(static_cast<uint64_t>(l.ld) * static_cast<uint64_t>(bytesOf(static_cast<int>(l.type))));
  const uint64_t usable = std::min<uint64_t>(std::min<uint64_t>(powerOfTwoOf(promised), 16), ld == 0 ? 16 : ld);
  return static_cast<uint16_t>(std::max<uint64_t>(usable, static_cast<uint64_t>(bytesOf(static_cast<int>(l.type)))));
}

} // namespace

LT_API cublasLtMatmulAlgoGetHeuristic(LtHandle handle, LtMatmulDesc desc, LtLayout a, LtLayout b, LtLayout c,
                                      LtLayout d, LtPreference preference, int requested, HeuristicResult* results,
                                      int* returned) {
  LT_ENTER();
  if (handle == nullptr || handle->magic != kHandleMagic) return kNotInitialized;
  // "CUBLAS_STATUS_INVALID_VALUE: If requestedAlgoCount is less or equal to zero."
  if (requested <= 0 || results == nullptr || returned == nullptr || preference == nullptr) {
    return fail(kInvalidValue, __func__, "no room for a result, or no preference");
  }
  *returned = 0;
  Problem p;
  const char* why = "";
  const Status status = describe(desc, a, b, c, d, p, why);
  if (status != kSuccess) return fail(status, __func__, why);
  const uint32_t* promised = preference->alignment;
  const Layout* layouts[] = {a, b, c ? c : d, d};
  Algo algo{};
  algo.magic = kAlgoMagic;
  algo.id = 1;
  algo.fingerprint = fingerprint(*desc, *a, *b, c ? *c : *d, *d);
  algo.workspace = workspaceFor(p);
  if (algo.workspace > preference->maxWorkspace) algo.workspace = 0; // the algorithm without split-k
  for (int i = 0; i < 4; ++i) {
    algo.alignment[i] = alignmentFor(promised[i], *layouts[i]);
    // Storage smaller than an element cannot be promised.
    if (promised[i] == 0 || promised[i] < static_cast<uint32_t>(bytesOf(static_cast<int>(layouts[i]->type)))) {
      return fail(kNotSupported, __func__, "no algorithm works with so small an alignment");
    }
  }
  results[0] = {};
  std::memcpy(results[0].algo, &algo, sizeof algo);
  results[0].workspaceSize = algo.workspace;
  results[0].state = kSuccess;
  results[0].wavesCount = static_cast<float>((p.m + 127) / 128 * ((p.n + 127) / 128)) / 132.0f;
  *returned = 1;
  return kSuccess;
}

LT_API cublasLtMatmulAlgoCheck(LtHandle handle, LtMatmulDesc desc, LtLayout a, LtLayout b, LtLayout c, LtLayout d,
                               const Algo* algo, HeuristicResult* result) {
  LT_ENTER();
  if (handle == nullptr || handle->magic != kHandleMagic) return kNotInitialized;
  if (algo == nullptr || result == nullptr || algo->magic != kAlgoMagic) return kInvalidValue;
  Problem p;
  const char* why = "";
  const Status status = describe(desc, a, b, c, d, p, why);
  if (status != kSuccess) return fail(status, __func__, why);
  if (algo->fingerprint != fingerprint(*desc, *a, *b, c ? *c : *d, *d)) {
    return fail(kNotSupported, __func__, "the algorithm was made for another problem");
  }
  *result = {};
  std::memcpy(result->algo, algo, sizeof *algo);
  result->workspaceSize = algo->workspace;
  return kSuccess;
}

LT_API cublasLtMatmulAlgoGetIds(LtHandle, int, int, int, int, int, int, int requested, int* ids, int* returned) {
  LT_ENTER();
  if (requested <= 0 || ids == nullptr || returned == nullptr) return kInvalidValue;
  ids[0] = 1;
  *returned = 1;
  return kSuccess;
}

LT_API cublasLtMatmulAlgoInit() {
  LT_ENTER();
  return fail(kNotSupported, __func__, "only algorithms of the heuristic are emulated");
}
LT_API cublasLtMatmulAlgoCapGetAttribute() {
  LT_ENTER();
  return fail(kNotSupported, __func__, "not emulated");
}
LT_API cublasLtMatmulAlgoConfigGetAttribute() {
  LT_ENTER();
  return fail(kNotSupported, __func__, "not emulated");
}
LT_API cublasLtMatmulAlgoConfigSetAttribute() {
  LT_ENTER();
  return fail(kNotSupported, __func__, "not emulated");
}

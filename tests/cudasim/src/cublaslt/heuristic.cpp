// SPDX-License-Identifier: Apache-2.0
// Algorithms: found by the heuristic or made from their configuration, asked about and checked.
#include <algorithm>
#include <cstring>

#include "lt.h"

using namespace lt;

namespace {

constexpr int32_t kIds[] = {0, 10, 20, 30};
constexpr uint32_t kTiles[] = {11, 15, 18, 20, 21}, kStages[] = {1, 3, 9, 15};

uint32_t typesOf(const MatmulDesc& desc, const Layout& a, const Layout& b, const Layout& c, const Layout& d) {
  return lt::typesOf(desc.computeType, desc.scaleType, static_cast<int>(a.type), static_cast<int>(b.type),
                     static_cast<int>(c.type), static_cast<int>(d.type));
}

void write(HeuristicResult& out, const Algo& algo, const Problem& p) {
  out = {};
  std::memcpy(out.algo, &algo, sizeof algo);
  out.workspaceSize = workspaceOf(algo, p);
  out.state = kSuccess;
  out.wavesCount = wavesOf(algo, p);
}

// "If sizeInBytes is 0 and sizeWritten is NULL, or if sizeInBytes is non-zero and buf is NULL, or
// sizeInBytes doesn't match size of internal storage for the selected attribute"
int give(const char* call, const void* value, size_t size, void* buffer, size_t bytes, size_t* written) {
  if ((bytes == 0 && written == nullptr) || (bytes != 0 && (buffer == nullptr || bytes != size))) {
    return fail(kInvalidValue, call, "buf is NULL or sizeInBytes does not match the attribute's size");
  }
  if (bytes != 0) std::memcpy(buffer, value, size);
  if (written != nullptr) *written = size;
  return kSuccess;
}

struct Attribute {
  size_t offset, bytes;
};

// cublasLtMatmulAlgoConfigAttributes_t, by number.
#define AT(field) {offsetof(Algo, field), sizeof(Algo::field)}
const Attribute kConfig[] = {AT(id),     AT(tile),   AT(splits), AT(reduction), AT(swizzle),
                             AT(custom), AT(stages), AT(inner),  AT(cluster)};
constexpr int kConfigs = static_cast<int>(sizeof kConfig / sizeof *kConfig), kConfigId = 0;

} // namespace

LT_API cublasLtMatmulAlgoGetHeuristic(LtHandle handle, LtMatmulDesc desc, LtLayout a, LtLayout b, LtLayout c,
                                      LtLayout d, LtPreference preference, int requested, HeuristicResult* results,
                                      int* returned) {
  LT_ENTER();
  if (const Status status = checkHandle(handle, __func__)) return status;
  // "CUBLAS_STATUS_INVALID_VALUE: If requestedAlgoCount is less or equal to zero."
  if (requested <= 0 || results == nullptr || returned == nullptr || preference == nullptr) {
    return fail(kInvalidValue, __func__, "no room for a result, or no preference");
  }
  if (preference->magic != Preference::kMagic) {
    return fail(kInvalidValue, __func__, "the preference was destroyed, or never made");
  }
  *returned = 0;
  Problem p;
  const char* why = "";
  const Status status = describe(desc, a, b, c, d, p, why);
  // A query for an unsupported problem is not a fault of the caller.
  if (status == kNotSupported) return status;
  if (status != kSuccess) return fail(status, __func__, why);
  const int refusal = refuses(p) ? cudasim_library_switch("lt.refuse") : kRefuseNothing;
  if (refusal == kRefuseEmpty) return kSuccess;
  if (refusal == kRefuseStatus15) return kNotSupported;
  if (refusal == kRefuseStatus7) return kInvalidValue;
  const Layout& lc = c ? *c : *d;
  int32_t only = -1;
  if (preference->searchMode == 1) { // CUBLASLT_SEARCH_LIMITED_BY_ALGO_ID: "for the pre-configured algo id"
    Algo asked;
    std::memcpy(&asked, results[0].algo, sizeof asked);
    if (asked.magic != kAlgoMagic)
      return fail(kInvalidValue, __func__, "the first result has no algorithm to search by");
    only = asked.id;
  }
  const uint64_t problem = fingerprint(*desc, *a, *b, lc, *d);
  for (Algo& algo : candidates(p, typesOf(*desc, *a, *b, lc, *d), preference->alignment, preference->maxWorkspace,
                               preference->reductionMask, preference->maxWaves)) {
    if (*returned == requested) break;
    if (only >= 0 && algo.id != only) continue;
    algo.fingerprint = problem;
    HeuristicResult& result = results[(*returned)++];
    write(result, algo, p);
    // "Other fields are valid only if [...] this member is set to CUBLAS_STATUS_SUCCESS."
    if (refusal == kRefuseState15) {
      std::memset(&result, 0xff, sizeof result);
      result.state = kNotSupported;
    }
  }
  // Storage smaller than an element cannot be promised: then no algorithm fits.
  const Layout* layouts[] = {a, b, &lc, d};
  for (int i = 0; i < 4; ++i) {
    if (preference->alignment[i] < static_cast<uint32_t>(bytesOf(static_cast<int>(layouts[i]->type)))) *returned = 0;
  }
  // "CUBLAS_STATUS_NOT_SUPPORTED: If no heuristic function available for current configuration."
  return *returned == 0 ? kNotSupported : kSuccess;
}

LT_API cublasLtMatmulAlgoCheck(LtHandle handle, LtMatmulDesc desc, LtLayout a, LtLayout b, LtLayout c, LtLayout d,
                               const Algo* algo, HeuristicResult* result) {
  LT_ENTER();
  if (const Status status = checkHandle(handle, __func__)) return status;
  if (algo == nullptr || result == nullptr)
    return fail(kInvalidValue, __func__, "no algorithm, or no room for the result");
  Problem p;
  const char* why = "";
  Status status = describe(desc, a, b, c, d, p, why);
  if (status == kNotSupported) return status;
  if (status != kSuccess) return fail(status, __func__, why);
  const Layout& lc = c ? *c : *d;
  status = accept(*algo, p, typesOf(*desc, *a, *b, lc, *d), fingerprint(*desc, *a, *b, lc, *d), why);
  if (status == kNotSupported) return status;
  if (status != kSuccess) return fail(status, __func__, why);
  // "The algo field is never updated."
  result->workspaceSize = workspaceOf(*algo, p);
  result->wavesCount = wavesOf(*algo, p);
  result->state = kSuccess;
  return kSuccess;
}

LT_API cublasLtMatmulAlgoGetIds(LtHandle handle, int compute, int scale, int a, int b, int c, int d, int requested,
                                int* ids, int* returned) {
  LT_ENTER();
  if (const Status status = checkHandle(handle, __func__)) return status;
  // "CUBLAS_STATUS_INVALID_VALUE: If requestedAlgoCount is less or equal to zero."
  if (requested <= 0 || ids == nullptr || returned == nullptr)
    return fail(kInvalidValue, __func__, "no room for an id");
  *returned = 0;
  if (!typesKnown(compute, scale, a, b, c, d)) return kSuccess;
  for (const int32_t id : kIds) {
    if (*returned < requested) ids[(*returned)++] = id;
  }
  return kSuccess;
}

LT_API cublasLtMatmulAlgoInit(LtHandle handle, int compute, int scale, int a, int b, int c, int d, int id, Algo* algo) {
  LT_ENTER();
  if (const Status status = checkHandle(handle, __func__)) return status;
  // "CUBLAS_STATUS_INVALID_VALUE: If algo is NULL or algoId is outside the recognized range."
  if (algo == nullptr || std::find(std::begin(kIds), std::end(kIds), id) == std::end(kIds)) {
    return fail(kInvalidValue, __func__, "no room for the algorithm, or no such id");
  }
  // "CUBLAS_STATUS_NOT_SUPPORTED: If algoId is not supported for given combination of data types."
  if (!typesKnown(compute, scale, a, b, c, d)) return kNotSupported;
  *algo = {};
  algo->magic = kAlgoMagic;
  algo->types = lt::typesOf(compute, scale, a, b, c, d);
  algo->version = version();
  algo->id = id;
  algo->splits = 1;
  return kSuccess;
}

LT_API cublasLtMatmulAlgoCapGetAttribute(const Algo* algo, int attribute, void* buffer, size_t bytes, size_t* written) {
  LT_ENTER();
  if (algo == nullptr || algo->magic != kAlgoMagic)
    return fail(kInvalidValue, __func__, "the algorithm is not initialised");
  const uint32_t bytesLoaded = static_cast<uint32_t>(std::max<uint64_t>(loadBytes(*algo), 1));
  const int32_t splits = algo->id != 30;
  const uint32_t schemes = splits ? 7 : 0, swizzling = 1, pointerModes = 3, no = 0;
  switch (attribute) {
    case 0: return give(__func__, &splits, 4, buffer, bytes, written);
    case 1: return give(__func__, &schemes, 4, buffer, bytes, written);
    case 2:
    case 3:
    case 4: return give(__func__, &swizzling, 4, buffer, bytes, written); // batches, D != C
    case 5:
    case 7:
    case 10:
    case 14: return give(__func__, &no, 4, buffer, bytes, written);
    case 11: return give(__func__, &pointerModes, 4, buffer, bytes, written);
    // "Use cublasLtMatmulAlgoCapGetAttribute() with sizeInBytes = 0 to query the actual count." A caller may
    // bring room for more.
    case 6: return give(__func__, kTiles, sizeof kTiles, buffer, std::min(bytes, sizeof kTiles), written);
    case 13: return give(__func__, kStages, sizeof kStages, buffer, std::min(bytes, sizeof kStages), written);
    case 16:
    case 17:
    case 18:
    case 19: return give(__func__, &bytesLoaded, 4, buffer, bytes, written);
    default: return fail(kInvalidValue, __func__, "no such attribute, or not emulated");
  }
}

LT_API cublasLtMatmulAlgoConfigGetAttribute(const Algo* algo, int attribute, void* buffer, size_t bytes,
                                            size_t* written) {
  LT_ENTER();
  if (algo == nullptr || algo->magic != kAlgoMagic)
    return fail(kInvalidValue, __func__, "the algorithm is not initialised");
  if (attribute < 0 || attribute >= kConfigs) return fail(kInvalidValue, __func__, "no such attribute");
  const Attribute& at = kConfig[attribute];
  return give(__func__, reinterpret_cast<const std::byte*>(algo) + at.offset, at.bytes, buffer, bytes, written);
}

LT_API cublasLtMatmulAlgoConfigSetAttribute(Algo* algo, int attribute, const void* buffer, size_t bytes) {
  LT_ENTER();
  if (algo == nullptr || algo->magic != kAlgoMagic)
    return fail(kInvalidValue, __func__, "the algorithm is not initialised");
  // CUBLASLT_ALGO_CONFIG_ID is a "read-only attribute".
  if (attribute <= kConfigId || attribute >= kConfigs)
    return fail(kInvalidValue, __func__, "no attribute that can be set");
  const Attribute& at = kConfig[attribute];
  if (buffer == nullptr || bytes != at.bytes) {
    return fail(kInvalidValue, __func__, "buf is NULL or sizeInBytes does not match the attribute's size");
  }
  std::memcpy(reinterpret_cast<std::byte*>(algo) + at.offset, buffer, at.bytes);
  return kSuccess;
}

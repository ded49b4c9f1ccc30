// SPDX-License-Identifier: Apache-2.0
// The rules of cublasLtMatmul that its descriptors must obey.
#include <utility>

#include "lt.h"

namespace lt {

int bytesOf(int type) {
  switch (type) {
    case kF64: return 8;
    case kF32: return 4;
    case kF16:
    case kBf16: return 2;
    default: return 0;
  }
}

namespace {

bool knownEpilogue(uint32_t e) {
  switch (e) {
    case kDefault:
    case kRelu:
    case kRelu | kAux:
    case kBias:
    case kRelu | kBias:
    case kRelu | kAux | kBias:
    case kDRelu | kAux:
    case kDRelu | kAux | kBGrad:
    case kGelu:
    case kGelu | kAux:
    case kGelu | kBias:
    case kGelu | kAux | kBias:
    case kDGelu | kAux:
    case kDGelu | kAux | kBGrad:
    case kBGradA:
    case kBGradB: return true;
    default: return false;
  }
}

// The rows of the data type table of cublasLtMatmul() that are emulated.
bool documentedTypes(int compute, int scale, int a, int b, int c, int d) {
  if (scale != kF32 || a != b || c != d) return false;
  switch (compute) {
    case kCompute32F:
    case kCompute32FPedantic:
      return (a == kF32 && c == kF32) || (a == kBf16 && (c == kBf16 || c == kF32)) ||
             (a == kF16 && (c == kF16 || c == kF32));
    case kCompute32FFast16F:
    case kCompute32FFast16BF:
    case kCompute32FFastTf32: return a == kF32 && c == kF32;
    default: return false;
  }
}

// "Must be large enough so that matrix memory locations are not overlapping (e.g., greater or equal
// to CUBLASLT_MATRIX_LAYOUT_ROWS in case of CUBLASLT_ORDER_COL)"; "only non-negative values".
bool goodLd(const Layout& l) {
  return l.ld >= 0 && static_cast<uint64_t>(l.ld) >= (l.order == kOrderCol ? l.rows : l.cols);
}

Operand operandOf(const Layout& l, bool transposed) {
  Operand o;
  o.type = static_cast<int>(l.type);
  const bool col = l.order == kOrderCol;
  o.rowStride = col ? 1 : l.ld;
  o.colStride = col ? l.ld : 1;
  if (transposed) std::swap(o.rowStride, o.colStride);
  o.batchStride = l.batchCount > 1 ? l.batchStride : 0;
  const uint64_t lines = col ? l.cols : l.rows, length = col ? l.rows : l.cols;
  const uint64_t last = (lines - 1) * static_cast<uint64_t>(l.ld) + length +
                        static_cast<uint64_t>(l.batchCount - 1) * static_cast<uint64_t>(o.batchStride);
  o.bytes = last * static_cast<uint64_t>(bytesOf(o.type));
  return o;
}

} // namespace

// "CUBLAS_STATUS_NOT_SUPPORTED: If the current implementation on the selected device doesn't support the
// configured operation." Turing (7.5) has tensor cores for f16 only: bf16 and TF32 came with 8.0.
bool typesKnown(int compute, int scale, int a, int b, int c, int d) {
  if (!documentedTypes(compute, scale, a, b, c, d)) return false;
  const bool ampere = a == kBf16 || c == kBf16 || compute == kCompute32FFast16BF || compute == kCompute32FFastTf32;
  return !ampere || cudasim_library_capability() >= 80;
}

uint32_t typesOf(int compute, int scale, int a, int b, int c, int d) {
  uint32_t h = 2166136261u;
  for (const int v : {compute, scale, a, b, c, d}) h = (h ^ static_cast<uint32_t>(v)) * 16777619u;
  return h;
}

Status describe(const MatmulDesc* desc, const Layout* a, const Layout* b, const Layout* c, const Layout* d,
                Problem& out, const char*& why) {
  const auto refuse = [&](Status status, const char* text) {
    why = text;
    return status;
  };
  // "CUBLAS_STATUS_INVALID_VALUE: If the parameters are unexpectedly NULL, in conflict or in an
  // impossible configuration."
  if (desc == nullptr || a == nullptr || b == nullptr || d == nullptr) {
    return refuse(kInvalidValue, "a descriptor is NULL");
  }
  if (desc->magic != MatmulDesc::kMagic) return refuse(kInvalidValue, "the descriptor was destroyed, or never made");
  // "If Cdesc is omitted, this function assumes it to be equal to Ddesc."
  if (c == nullptr) c = d;
  for (const Layout* l : {a, b, c, d}) {
    if (l->magic != Layout::kMagic) return refuse(kInvalidValue, "a layout was destroyed, or never made");
    if (l->rows == 0 || l->cols == 0) return refuse(kInvalidValue, "a matrix has no rows or columns");
    // "Normally only values that can be expressed as int32_t are supported."
    if (l->rows > 2147483647u || l->cols > 2147483647u) return refuse(kNotSupported, "rows or cols above int32");
    if (l->batchCount < 1) return refuse(kInvalidValue, "batch count below 1");
    if (l->batchMode != 0 || l->planeOffset != 0 || l->order > kOrderRow) {
      return refuse(kNotSupported, "only strided batches of COL or ROW order are emulated");
    }
    if (bytesOf(static_cast<int>(l->type)) == 0) return refuse(kNotSupported, "data type is not emulated");
  }
  if (!goodLd(*a) || !goodLd(*b) || !goodLd(*d)) return refuse(kInvalidValue, "leading dimension is too small");
  // "the leading dimension of C can be 0 to achieve row or column broadcast"
  if (c->ld != 0 && !goodLd(*c)) return refuse(kInvalidValue, "leading dimension of C is too small");
  if (!typesKnown(desc->computeType, desc->scaleType, static_cast<int>(a->type), static_cast<int>(b->type),
                  static_cast<int>(c->type), static_cast<int>(d->type))) {
    return refuse(kNotSupported, "combination of compute, scale and data types");
  }
  // "Currently only CUBLAS_OP_N is supported" for TRANSC.
  if (desc->transC != kOpN) return refuse(kNotSupported, "TRANSC must be CUBLAS_OP_N");
  if (desc->transA > kOpC || desc->transB > kOpC || desc->transA < 0 || desc->transB < 0) {
    return refuse(kInvalidValue, "TRANSA or TRANSB");
  }
  // "this flag is not supported on the following GPUs: Hopper, Blackwell"
  if (desc->fillMode != 2) return refuse(kNotSupported, "FILL_MODE other than FULL");
  if (desc->pointerMode != kPointerHost && desc->pointerMode != kPointerDevice) {
    return refuse(kNotSupported, "pointer modes with vectors are not emulated");
  }
  // "If any scale is set for a non-narrow precisions matmul, cuBLAS will return an error."
  if (desc->scalePointers != 0) return refuse(kInvalidValue, "a scale or amax pointer is set");
  if (desc->fastAccum != 0) return refuse(kNotSupported, "FAST_ACCUM is for FP8");

  const bool ta = desc->transA != kOpN, tb = desc->transB != kOpN;
  const uint64_t m = ta ? a->cols : a->rows, k = ta ? a->rows : a->cols;
  const uint64_t kb = tb ? b->cols : b->rows, n = tb ? b->rows : b->cols;
  if (k != kb || d->rows != m || d->cols != n || c->rows != m || c->cols != n) {
    return refuse(kInvalidValue, "the shapes of A, B, C and D do not fit");
  }
  // "both matrices must have the same data type, number of rows, number of columns, batch size, and
  // memory order" (C and D out of place)
  if (c->order != d->order || c->batchCount != d->batchCount) return refuse(kInvalidValue, "C and D differ");
  if (a->batchCount != d->batchCount || b->batchCount != d->batchCount) {
    return refuse(kInvalidValue, "batch counts differ");
  }

  out.a = operandOf(*a, ta);
  out.b = operandOf(*b, tb);
  const uint32_t e = desc->epilogue;
  if (!knownEpilogue(e)) return refuse(kInvalidValue, "no such epilogue");
  const bool mask = (e & kAux) && (e & (kRelu | kDRelu));
  const bool geluAux = (e & kAux) && (e & (kGelu | kDGelu));
  const bool vector = (e & (kBias | kBGrad | kBGradA | kBGradB)) != 0;
  // "Epilogue modes that combine ReLU, dReLu, GELU, or dGELU with Bias are not supported when D matrix
  // memory order is defined as CUBLASLT_ORDER_ROW."
  if (d->order == kOrderRow && (e & (kBias | kBGrad)) && (e & (kRelu | kDRelu | kGelu | kDGelu))) {
    return refuse(kNotSupported, "epilogue with bias and D in row order");
  }
  // The documents do not say more. NVIDIA's own nvmath-python does: BGRADA needs the first factor in
  // column order, BGRADB the second in row order (each is summed along lines that lie side by side), "K=1
  // is not supported by cuBLAS" for DRELU and DGELU, and BGRADB is asked with D in column order only, "to
  // workaround a library issue".
  if ((e & kBGradA) && out.a.rowStride != 1) return refuse(kNotSupported, "BGRADA with A transposed");
  if ((e & kBGradB) && out.b.colStride != 1) return refuse(kNotSupported, "BGRADB with B not transposed");
  if ((e & kBGradB) && d->order == kOrderRow) return refuse(kNotSupported, "BGRADB and D in row order");
  if ((e & (kDRelu | kDGelu)) && k == 1) return refuse(kNotSupported, "DRELU or DGELU with k = 1");
  // "Bias vector elements are [...] same as matrix D datatype"
  if (vector && desc->biasType != -1 && desc->biasType != static_cast<int>(d->type)) {
    return refuse(kNotSupported, "BIAS_DATA_TYPE differs from D");
  }
  // "Otherwise, the data type should be left unset or set to the default value of -1."
  if (desc->auxType != -1 && !(geluAux && desc->auxType == static_cast<int>(d->type))) {
    return refuse(kInvalidValue, "EPILOGUE_AUX_DATA_TYPE is set");
  }
  if (mask || geluAux) {
    // "Requires setting the CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD attribute." "Must be divisible by 128
    // [8 for GELU] and be no less than the number of rows in the output matrix."
    if (desc->auxLd % (mask ? 128 : 8) != 0 || desc->auxLd < static_cast<int64_t>(m)) {
      return refuse(kInvalidValue, "EPILOGUE_AUX_LD is not a multiple of 128 (8 for GELU) of at least the rows of D");
    }
    if (desc->auxBatchStride % (mask ? 128 : 8) != 0) return refuse(kInvalidValue, "EPILOGUE_AUX_BATCH_STRIDE");
    if (d->order == kOrderRow) return refuse(kNotSupported, "auxiliary matrix with D in row order");
  }

  out.m = static_cast<int64_t>(m);
  out.n = static_cast<int64_t>(n);
  out.k = static_cast<int64_t>(k);
  out.batches = d->batchCount;
  out.computeType = desc->computeType;
  out.c = operandOf(*c, false);
  out.d = operandOf(*d, false);
  out.epilogue = e;
  out.bias = vector ? desc->bias : 0;
  out.biasStride = desc->biasBatchStride;
  out.aux = mask || geluAux ? desc->aux : 0;
  out.auxLd = desc->auxLd;
  out.auxStride = desc->auxBatchStride;
  out.pointerMode = desc->pointerMode;
  return kSuccess;
}

// The key by which an algorithm is chosen: the problem without the addresses.
uint64_t fingerprint(const MatmulDesc& desc, const Layout& a, const Layout& b, const Layout& c, const Layout& d) {
  uint64_t h = 1469598103934665603ull;
  const auto mix = [&](uint64_t v) { h = (h ^ v) * 1099511628211ull; };
  for (const uint64_t v :
       {uint64_t(desc.computeType), uint64_t(desc.scaleType), uint64_t(desc.pointerMode), uint64_t(desc.transA),
        uint64_t(desc.transB), uint64_t(desc.epilogue), uint64_t(desc.auxLd), uint64_t(desc.biasBatchStride)}) {
    mix(v);
  }
  for (const Layout* l : {&a, &b, &c, &d}) {
    for (const uint64_t v : {uint64_t(l->type), uint64_t(l->order), l->rows, l->cols, uint64_t(l->ld),
                             uint64_t(l->batchCount), uint64_t(l->batchStride)}) {
      mix(v);
    }
  }
  return h;
}

} // namespace lt

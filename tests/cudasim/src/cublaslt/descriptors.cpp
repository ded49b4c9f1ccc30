// SPDX-License-Identifier: Apache-2.0
// Matmul descriptors, matrix layouts and preferences: creation and attributes.
#include <cstring>

#include "objects.h"

using namespace lt;

namespace {

struct Attribute {
  int id;
  size_t offset, bytes;
};

#define AT(type, id, field) {id, offsetof(type, field), sizeof(type::field)}

const Attribute kMatmulAttributes[] = {
    AT(MatmulDesc, 0, computeType), AT(MatmulDesc, 1, scaleType), AT(MatmulDesc, 2, pointerMode),
    AT(MatmulDesc, 3, transA), AT(MatmulDesc, 4, transB), AT(MatmulDesc, 5, transC), AT(MatmulDesc, 6, fillMode),
    AT(MatmulDesc, 7, epilogue), AT(MatmulDesc, 8, bias), AT(MatmulDesc, 10, biasBatchStride), AT(MatmulDesc, 11, aux),
    AT(MatmulDesc, 12, auxLd), AT(MatmulDesc, 13, auxBatchStride), AT(MatmulDesc, 14, alphaVectorBatchStride),
    AT(MatmulDesc, 15, smCountTarget),
    // All scale and amax pointers: narrow precision only, so one slot remembers that one was set.
    AT(MatmulDesc, 17, scalePointers), AT(MatmulDesc, 18, scalePointers), AT(MatmulDesc, 19, scalePointers),
    AT(MatmulDesc, 20, scalePointers), AT(MatmulDesc, 21, scalePointers), AT(MatmulDesc, 22, auxType),
    AT(MatmulDesc, 23, scalePointers), AT(MatmulDesc, 24, scalePointers), AT(MatmulDesc, 25, fastAccum),
    AT(MatmulDesc, 26, biasType)};

const Attribute kLayoutAttributes[] = {
    AT(Layout, 0, type),        AT(Layout, 1, order),       AT(Layout, 2, rows),
    AT(Layout, 3, cols),        AT(Layout, 4, ld),          AT(Layout, 5, batchCount),
    AT(Layout, 6, batchStride), AT(Layout, 7, planeOffset), AT(Layout, 8, batchMode)};

const Attribute kPreferenceAttributes[] = {AT(Preference, 0, searchMode),
                                           AT(Preference, 1, maxWorkspace),
                                           AT(Preference, 3, reductionMask),
                                           {5, offsetof(Preference, alignment), 4},
                                           {6, offsetof(Preference, alignment) + 4, 4},
                                           {7, offsetof(Preference, alignment) + 8, 4},
                                           {8, offsetof(Preference, alignment) + 12, 4},
                                           AT(Preference, 9, maxWaves),
                                           AT(Preference, 12, implMask)};

template <size_t n>
const Attribute* find(const Attribute (&table)[n], int id) {
  for (const Attribute& a : table) {
    if (a.id == id) return &a;
  }
  return nullptr;
}

// "CUBLAS_STATUS_INVALID_VALUE: If buf is NULL or sizeInBytes doesn't match size of internal storage
// for the selected attribute."
template <class T, size_t n>
int set(const char* call, const Attribute (&table)[n], T* object, int id, const void* buffer, size_t bytes) {
  const Attribute* a = find(table, id);
  if (object == nullptr || a == nullptr) return fail(kInvalidValue, call, "no such attribute, or no descriptor");
  if (object->magic != T::kMagic) return fail(kInvalidValue, call, "the descriptor was destroyed, or never made");
  if (buffer == nullptr || bytes != a->bytes) {
    return fail(kInvalidValue, call, "buf is NULL or sizeInBytes does not match the attribute's size");
  }
  std::memcpy(reinterpret_cast<std::byte*>(object) + a->offset, buffer, bytes);
  return kSuccess;
}

// "If sizeInBytes is 0 and sizeWritten is NULL, or if sizeInBytes is non-zero and buf is NULL, or
// sizeInBytes doesn't match size of internal storage".
template <class T, size_t n>
int get(const char* call, const Attribute (&table)[n], const T* object, int id, void* buffer, size_t bytes,
        size_t* written) {
  const Attribute* a = find(table, id);
  if (object == nullptr || a == nullptr) return fail(kInvalidValue, call, "no such attribute, or no descriptor");
  if (object->magic != T::kMagic) return fail(kInvalidValue, call, "the descriptor was destroyed, or never made");
  if (bytes == 0 && written == nullptr) return kInvalidValue;
  if (bytes != 0 && (buffer == nullptr || bytes != a->bytes)) return kInvalidValue;
  if (bytes != 0) std::memcpy(buffer, reinterpret_cast<const std::byte*>(object) + a->offset, bytes);
  if (written != nullptr) *written = a->bytes;
  return kSuccess;
}

MatmulDesc defaults(int computeType, int scaleType) {
  MatmulDesc d{};
  d.magic = MatmulDesc::kMagic;
  d.computeType = computeType;
  d.scaleType = scaleType;
  d.fillMode = 2; // "Default value is: CUBLAS_FILL_MODE_FULL"
  d.epilogue = kDefault;
  d.auxType = d.biasType = -1;
  return d;
}

Layout layoutOf(int type, uint64_t rows, uint64_t cols, int64_t ld) {
  Layout l{};
  l.magic = Layout::kMagic;
  l.type = static_cast<uint32_t>(type);
  l.rows = rows;
  l.cols = cols;
  l.ld = ld;
  l.batchCount = 1;
  return l;
}

Preference defaultPreference() {
  Preference p{};
  p.magic = Preference::kMagic;
  p.reductionMask = 7; // "Default is CUBLASLT_REDUCTION_SCHEME_MASK"
  for (uint32_t& alignment : p.alignment) alignment = 256; // "Default is 256 bytes."
  p.implMask = ~0ull;
  return p;
}

Objects<MatmulDesc>& matmulDescs() {
  static auto* const all = new Objects<MatmulDesc>("cublasLt matmul descriptor(s)");
  return *all;
}

Objects<Layout>& layouts() {
  static auto* const all = new Objects<Layout>("cublasLt matrix layout(s)");
  return *all;
}

Objects<Preference>& preferences() {
  static auto* const all = new Objects<Preference>("cublasLt preference(s)");
  return *all;
}

} // namespace

LT_API cublasLtMatmulDescCreate(LtMatmulDesc* out, int computeType, int scaleType) {
  LT_ENTER();
  if (out == nullptr) return kInvalidValue;
  *out = matmulDescs().create(defaults(computeType, scaleType));
  return kSuccess;
}

LT_API cublasLtMatmulDescInit_internal(LtMatmulDesc desc, size_t size, int computeType, int scaleType) {
  LT_ENTER();
  if (desc == nullptr || size < sizeof(MatmulDesc)) return kInvalidValue;
  *desc = defaults(computeType, scaleType);
  return kSuccess;
}

LT_API cublasLtMatmulDescDestroy(LtMatmulDesc desc) {
  LT_ENTER();
  return matmulDescs().destroy(__func__, desc);
}

LT_API cublasLtMatmulDescSetAttribute(LtMatmulDesc desc, int id, const void* buffer, size_t bytes) {
  LT_ENTER();
  return set(__func__, kMatmulAttributes, desc, id, buffer, bytes);
}

LT_API cublasLtMatmulDescGetAttribute(LtMatmulDesc desc, int id, void* buffer, size_t bytes, size_t* written) {
  LT_ENTER();
  return get(__func__, kMatmulAttributes, desc, id, buffer, bytes, written);
}

LT_API cublasLtMatrixLayoutCreate(LtLayout* out, int type, uint64_t rows, uint64_t cols, int64_t ld) {
  LT_ENTER();
  if (out == nullptr) return kInvalidValue;
  *out = layouts().create(layoutOf(type, rows, cols, ld));
  return kSuccess;
}

LT_API cublasLtMatrixLayoutInit_internal(LtLayout layout, size_t size, int type, uint64_t rows, uint64_t cols,
                                         int64_t ld) {
  LT_ENTER();
  if (layout == nullptr || size < sizeof(Layout)) return kInvalidValue;
  *layout = layoutOf(type, rows, cols, ld);
  return kSuccess;
}

LT_API cublasLtMatrixLayoutDestroy(LtLayout layout) {
  LT_ENTER();
  return layouts().destroy(__func__, layout);
}

LT_API cublasLtMatrixLayoutSetAttribute(LtLayout layout, int id, const void* buffer, size_t bytes) {
  LT_ENTER();
  return set(__func__, kLayoutAttributes, layout, id, buffer, bytes);
}

LT_API cublasLtMatrixLayoutGetAttribute(LtLayout layout, int id, void* buffer, size_t bytes, size_t* written) {
  LT_ENTER();
  return get(__func__, kLayoutAttributes, layout, id, buffer, bytes, written);
}

LT_API cublasLtMatmulPreferenceCreate(LtPreference* out) {
  LT_ENTER();
  if (out == nullptr) return kInvalidValue;
  *out = preferences().create(defaultPreference());
  return kSuccess;
}

LT_API cublasLtMatmulPreferenceInit_internal(LtPreference preference, size_t size) {
  LT_ENTER();
  if (preference == nullptr || size < sizeof(Preference)) return kInvalidValue;
  *preference = defaultPreference();
  return kSuccess;
}

LT_API cublasLtMatmulPreferenceDestroy(LtPreference preference) {
  LT_ENTER();
  return preferences().destroy(__func__, preference);
}

LT_API cublasLtMatmulPreferenceSetAttribute(LtPreference preference, int id, const void* buffer, size_t bytes) {
  LT_ENTER();
  return set(__func__, kPreferenceAttributes, preference, id, buffer, bytes);
}

LT_API cublasLtMatmulPreferenceGetAttribute(LtPreference preference, int id, void* buffer, size_t bytes,
                                            size_t* written) {
  LT_ENTER();
  return get(__func__, kPreferenceAttributes, preference, id, buffer, bytes, written);
}

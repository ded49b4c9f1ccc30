// SPDX-License-Identifier: Apache-2.0
// libcudnn_ops: descriptors of tensors and filters.
#include "../driver/library_objects.h"
#include "dnn.h"

using namespace dnn;

namespace {

constexpr int64_t kMostElements = int64_t{1} << 31;

cudasim::LibraryObjects<TensorDesc>& tensors() {
  static auto* const all = new cudasim::LibraryObjects<TensorDesc>("cuDNN tensor descriptor(s)");
  return *all;
}

cudasim::LibraryObjects<FilterDesc>& filters() {
  static auto* const all = new cudasim::LibraryObjects<FilterDesc>("cuDNN filter descriptor(s)");
  return *all;
}

bool known(int type, int format) {
  return (type == kFloat || type == kDouble || type == kHalf || type == kBfloat16) && format >= kNchw &&
         format <= kNchwVectC;
}

int destroyed(bool dropped, const char* call) {
  return dropped ? kSuccess : cudnnSimFail(kBadParam, call, "no such descriptor, or it was destroyed before");
}

} // namespace

DNN_API cudnnCreateTensorDescriptor(DnnTensorDesc* out) {
  DNN_ENTER();
  if (out == nullptr) return cudnnSimFail(kBadParamNullPointer, __func__, "the descriptor's address is NULL");
  *out = tensors().create({TensorDesc::kMagic, kFloat, kNchw, 0, 0, 0, 0});
  return kSuccess;
}

DNN_API cudnnDestroyTensorDescriptor(DnnTensorDesc desc) {
  DNN_ENTER();
  return desc == nullptr ? int{kSuccess} : destroyed(tensors().drop(desc), __func__);
}

DNN_API cudnnSetTensor4dDescriptor(DnnTensorDesc desc, int format, int type, int n, int c, int h, int w) {
  DNN_ENTER();
  if (!alive(desc)) return cudnnSimFail(kBadParam, __func__, "no such descriptor, or it was destroyed");
  // "At least one of the parameters n, c, h, w was negative or format has an invalid enumerant value or dataType has
  // an invalid enumerant value."
  if (n < 0 || c < 0 || h < 0 || w < 0 || !known(type, format)) {
    return cudnnSimFail(kBadParam, __func__, "a size is negative, or no such format or type");
  }
  // "The total size of the tensor descriptor exceeds the maximum limit of 2 Giga-elements."
  if (int64_t{n} * c > kMostElements || int64_t{n} * c * h > kMostElements || int64_t{n} * c * h * w > kMostElements) {
    return cudnnSimFail(kNotSupported, __func__, "more than 2 Giga-elements");
  }
  *desc = {TensorDesc::kMagic, type, format, n, c, h, w};
  return kSuccess;
}

DNN_API cudnnCreateFilterDescriptor(DnnFilterDesc* out) {
  DNN_ENTER();
  if (out == nullptr) return cudnnSimFail(kBadParamNullPointer, __func__, "the descriptor's address is NULL");
  *out = filters().create({FilterDesc::kMagic, kFloat, kNchw, 0, 0, 0, 0});
  return kSuccess;
}

DNN_API cudnnDestroyFilterDescriptor(DnnFilterDesc desc) {
  DNN_ENTER();
  return desc == nullptr ? int{kSuccess} : destroyed(filters().drop(desc), __func__);
}

// "CUDNN_TENSOR_NHWC, KRSC: K is the number of output feature maps, R the rows of the filter, S its columns, C the
// input feature maps."
DNN_API cudnnSetFilter4dDescriptor(DnnFilterDesc desc, int type, int format, int k, int c, int h, int w) {
  DNN_ENTER();
  if (!alive(desc)) return cudnnSimFail(kBadParam, __func__, "no such descriptor, or it was destroyed");
  // "At least one of the parameters k, c, h, w is negative or dataType or format has an invalid enumerant value."
  if (k < 0 || c < 0 || h < 0 || w < 0 || !known(type, format)) {
    return cudnnSimFail(kBadParam, __func__, "a size is negative, or no such format or type");
  }
  *desc = {FilterDesc::kMagic, type, format, k, c, h, w};
  return kSuccess;
}

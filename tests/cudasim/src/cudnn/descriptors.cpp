// SPDX-License-Identifier: Apache-2.0
// libcudnn_cnn: descriptors of convolutions.
#include "../driver/library_objects.h"
#include "dnn.h"

using namespace dnn;

namespace {

cudasim::LibraryObjects<ConvDesc>& convolutions() {
  static auto* const all = new cudasim::LibraryObjects<ConvDesc>("cuDNN convolution descriptor(s)");
  return *all;
}

} // namespace

DNN_API cudnnCreateConvolutionDescriptor(DnnConvDesc* out) {
  DNN_ENTER();
  if (out == nullptr) return cudnnSimFail(kBadParamNullPointer, __func__, "the descriptor's address is NULL");
  ConvDesc desc{};
  desc.magic = ConvDesc::kMagic;
  desc.groups = 1;
  *out = convolutions().create(desc);
  return kSuccess;
}

DNN_API cudnnDestroyConvolutionDescriptor(DnnConvDesc desc) {
  DNN_ENTER();
  if (desc == nullptr || convolutions().drop(desc)) return kSuccess;
  return cudnnSimFail(kBadParam, __func__, "no such descriptor, or it was destroyed before");
}

DNN_API cudnnSetConvolution2dDescriptor(DnnConvDesc desc, int padH, int padW, int u, int v, int dilationH,
                                        int dilationW, int mode, int computeType) {
  DNN_ENTER();
  // "The descriptor convDesc is NIL."
  if (!alive(desc)) return cudnnSimFail(kBadParam, __func__, "no such descriptor, or it was destroyed");
  // "One of the parameters pad_h, pad_w is strictly negative. One of the parameters u, v is negative or zero. One of
  // the parameters dilation_h, dilation_w is negative or zero. The parameter mode has an invalid enumerant value."
  if (padH < 0 || padW < 0 || u <= 0 || v <= 0 || dilationH <= 0 || dilationW <= 0) {
    return cudnnSimFail(kBadParam, __func__, "a padding is negative, or a stride or dilation below 1");
  }
  if (mode != kConvolution && mode != kCrossCorrelation) return cudnnSimFail(kBadParam, __func__, "no such mode");
  const int math = desc->math, groups = desc->groups;
  *desc = {ConvDesc::kMagic, padH, padW, u, v, dilationH, dilationW, mode, computeType, math, groups};
  return kSuccess;
}

DNN_API cudnnSetConvolutionMathType(DnnConvDesc desc, int math) {
  DNN_ENTER();
  // "Either an invalid convolution descriptor was provided or an invalid math type was specified."
  if (!alive(desc) || math < kDefaultMath || math > kFmaMath) {
    return cudnnSimFail(kBadParam, __func__, "no such descriptor or math type");
  }
  desc->math = math;
  return kSuccess;
}

DNN_API cudnnSetConvolutionGroupCount(DnnConvDesc desc, int groups) {
  DNN_ENTER();
  // "An invalid convolution descriptor was provided"
  if (!alive(desc) || groups < 1) return cudnnSimFail(kBadParam, __func__, "no such descriptor, or no groups");
  desc->groups = groups;
  return kSuccess;
}

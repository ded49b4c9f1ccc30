// SPDX-License-Identifier: Apache-2.0
// libcudnn_cnn: the rules that descriptors must obey, and the algorithms that fit them.
#include "dnn.h"

namespace dnn {

namespace {

bool refused(const Problem& p) {
  switch (cudasim_library_switch("dnn.refuse")) {
    case kRefusedAlgo0: return p.algo == 0;
    case kRefusedAlgo1: return p.algo == 1;
    case kRefusedTensorOp: return p.conv.math != kFmaMath;
    case kRefusedAll: return true;
    default: return false;
  }
}

} // namespace

// "outputDim = 1 + ( inputDim + 2*pad - (((filterDim-1)*dilation)+1) )/convolutionStride"
int64_t outputSize(int64_t size, int64_t filter, int64_t pad, int64_t stride, int64_t dilation) {
  return 1 + (size + 2 * pad - ((filter - 1) * dilation + 1)) / stride;
}

Status describe(Kind kind, const TensorDesc* x, const FilterDesc* filter, const ConvDesc* conv, const TensorDesc* y,
                Problem& out, const char*& why) {
  const auto refuse = [&](Status status, const char* text) {
    why = text;
    return status;
  };
  // "At least one of the following is NULL: handle, xDesc, wDesc, convDesc, yDesc [...]"
  if (!alive(x) || !alive(filter) || !alive(conv) || !alive(y)) {
    return refuse(kBadParamNullPointer, "a descriptor is NULL, or was destroyed");
  }
  // "xDesc, wDesc, and yDesc have a non-matching data type."
  if (x->type != filter->type || x->type != y->type) return refuse(kBadParam, "the data types differ");
  if (x->n == 0 || x->c == 0 || x->h == 0 || x->w == 0 || filter->k == 0)
    return refuse(kBadParam, "nothing to compute");
  // "xDesc and wDesc have a non-matching number of input feature maps per image (or group in case of grouped
  // convolutions)."
  if (x->c % conv->groups != 0 || x->c / conv->groups != filter->c) {
    return refuse(kBadParam, "the input channels of x and w do not match");
  }
  // "yDesc or wDesc indicate an output channel count that isn't a multiple of group count (if group count has been set
  // in convDesc)": BAD_PARAM of the forward pass, NOT_SUPPORTED of the gradients.
  if (filter->k % conv->groups != 0 || y->c % conv->groups != 0) {
    return refuse(kind == kForward ? kBadParam : kNotSupported, "the output channels are no multiple of the groups");
  }
  if (y->c != filter->k || y->n != x->n) return refuse(kBadParam, "the images or channels of y do not match");
  // "For some spatial dimension, wDesc has a spatial size that is larger than the input spatial size (including
  // zero-padding size)."
  if ((filter->h - 1) * conv->dilationH + 1 > x->h + 2 * conv->padH ||
      (filter->w - 1) * conv->dilationW + 1 > x->w + 2 * conv->padW) {
    return refuse(kBadParam, "the filter is larger than the padded image");
  }
  // "yDesc spatial sizes do not match with the expected size as determined by
  // cudnnGetConvolutionNdForwardOutputDim()": NOT_SUPPORTED of the forward pass, BAD_PARAM of the gradients.
  if (y->h != outputSize(x->h, filter->h, conv->padH, conv->strideH, conv->dilationH) ||
      y->w != outputSize(x->w, filter->w, conv->padW, conv->strideW, conv->dilationW)) {
    return refuse(kind == kForward ? kNotSupported : kBadParam, "the sizes of y are not those of the convolution");
  }
  // FLOAT_CONFIG: tensors, filter and convolution CUDNN_DATA_FLOAT. The other configurations are not emulated.
  if (x->type != kFloat || conv->computeType != kFloat) return refuse(kNotSupported, "only FLOAT_CONFIG is emulated");
  if (conv->mode != kCrossCorrelation) return refuse(kNotSupported, "only CUDNN_CROSS_CORRELATION is emulated");
  // "wDesc may only have format CUDNN_TENSOR_NHWC when [...] dyDesc and dxDesc [are] NHWC HWC-packed. Data type
  // configuration is PSEUDO_HALF_CONFIG or FLOAT_CONFIG. The convolution is 2-dimensional."
  if (x->format != kNhwc || filter->format != kNhwc || y->format != kNhwc) {
    return refuse(kNotSupported, "only CUDNN_TENSOR_NHWC of x, w and y is emulated");
  }
  if (conv->math == kTensorOpMathAllowConversion) return refuse(kNotSupported, "conversion to half is not emulated");
  out.kind = kind;
  out.n = x->n;
  out.h = x->h;
  out.w = x->w;
  out.c = x->c;
  out.p = y->h;
  out.q = y->w;
  out.k = y->c;
  out.r = filter->h;
  out.s = filter->w;
  out.j = filter->c;
  out.conv = *conv;
  return kSuccess;
}

// "The chosen algo does not support the parameters provided; see above for an exhaustive list of parameters supported
// for each algo": with a filter in NHWC, IMPLICIT_GEMM and IMPLICIT_PRECOMP_GEMM forward, 0 and 1 backward.
Status accept(Problem& p, int algo, const char*& why) {
  p.algo = algo;
  if (algo < 0 || algo > 1) {
    why = "the algorithm does not support a filter in NHWC";
    return kNotSupported;
  }
  // "do not guarantee reproducibility across runs [...] because they use atomic operations": a caller that wants the
  // same bits never asks for them.
  if (p.kind != kForward && algo == 0) {
    why = "algorithm 0 of a gradient is not deterministic, and is not emulated";
    cudasim_library_report(why);
    return kNotSupported;
  }
  if (refused(p)) {
    why = "by the switch dnn.refuse";
    return kNotSupported;
  }
  // Tensor cores compute IMPLICIT_PRECOMP_GEMM, BWD_DATA_ALGO_1 and BWD_FILTER_ALGO_1 ("List of Supported
  // Algorithms"). "With NVIDIA Ampere architecture [...] CUDNN_DEFAULT_MATH permits TF32 Tensor Core operation and
  // CUDNN_FMA_MATH does not."
  p.tf32 = algo == 1 && p.conv.math != kFmaMath && cudasim_library_capability() >= 80;
  p.truncate = cudasim_library_switch("dnn.truncate") != 0;
  return kSuccess;
}

// "still needs some memory workspace to precompute some indices".
uint64_t workspaceOf(const Problem& p) {
  if (p.kind == kForward && p.algo == 0) return 0;
  return static_cast<uint64_t>(p.kind == kBackwardFilter ? 2 * p.k * p.r * p.s * p.j : p.r * p.s * p.c + 16) * 4;
}

} // namespace dnn

// SPDX-License-Identifier: Apache-2.0
// The emulated cuDNN 9, as far as the cuda backend calls it: the legacy API's descriptors and its three
// convolutions, in NHWC. Written from the cuDNN API reference (cudnn_graph, cudnn_ops, cudnn_cnn); each
// check quotes the sentence that it enforces.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../driver/control.h"

#define DNN_EXPORT extern "C" __attribute__((visibility("default")))
#define DNN_API DNN_EXPORT int

namespace dnn {

enum Status : int {
  kSuccess = 0,
  kNotInitialized = 1001,
  kSublibraryVersionMismatch = 1002,
  kBadParam = 2000,
  kBadParamNullPointer = 2002,
  kBadParamMisalignedPointer = 2003,
  kBadParamSizeInsufficient = 2006,
  kNotSupported = 3000,
  kInternalError = 4000,
  kHostAllocationFailed = 4003,
  kExecutionFailed = 5000,
};

enum DataType : int { kFloat = 0, kDouble = 1, kHalf = 2, kBfloat16 = 9 };
enum Format : int { kNchw = 0, kNhwc = 1, kNchwVectC = 2 };
enum Mode : int { kConvolution = 0, kCrossCorrelation = 1 };
enum Math : int { kDefaultMath = 0, kTensorOpMath = 1, kTensorOpMathAllowConversion = 2, kFmaMath = 3 };
enum Kind : int { kForward, kBackwardData, kBackwardFilter };

// The values of the switches, in the order of driver/switches.cpp.
enum Refused : int { kRefusedNone, kRefusedAlgo0, kRefusedAlgo1, kRefusedTensorOp, kRefusedAll };

struct Handle {
  static constexpr uint32_t kMagic = 0x646e6e68;
  uint32_t magic;
  void* stream;
};

struct TensorDesc {
  static constexpr uint32_t kMagic = 0x646e6e74;
  uint32_t magic;
  int type, format, n, c, h, w;
};

struct FilterDesc {
  static constexpr uint32_t kMagic = 0x646e6e66;
  uint32_t magic;
  int type, format, k, c, h, w;
};

struct ConvDesc {
  static constexpr uint32_t kMagic = 0x646e6e63;
  uint32_t magic;
  int padH, padW, strideH, strideW, dilationH, dilationW, mode, computeType, math, groups;
};

struct Problem {
  Kind kind = kForward;
  int64_t n = 0, h = 0, w = 0, c = 0; // x or dx
  int64_t p = 0, q = 0, k = 0;        // y or dy
  int64_t r = 0, s = 0, j = 0;        // of a filter (k, r, s, j), j the channels of a group
  ConvDesc conv{};
  uint64_t x = 0, filter = 0, y = 0;
  int algo = 0;
  bool tf32 = false, truncate = false;
  float alpha = 1, beta = 0;
};

// Checks the descriptors and the algorithm. `why` names the reason of a refusal.
Status describe(Kind kind, const TensorDesc* x, const FilterDesc* filter, const ConvDesc* conv, const TensorDesc* y,
                Problem& out, const char*& why);
Status accept(Problem& problem, int algo, const char*& why);
uint64_t workspaceOf(const Problem& problem);
int64_t outputSize(int64_t size, int64_t filter, int64_t pad, int64_t stride, int64_t dilation);

// Runs the problem; a cudasim_job on a Problem.
int runConvolution(void* problem, char* text, int size);

} // namespace dnn

using DnnHandle = dnn::Handle*;
using DnnTensorDesc = dnn::TensorDesc*;
using DnnFilterDesc = dnn::FilterDesc*;
using DnnConvDesc = dnn::ConvDesc*;

// Reports a refusal, keeps it for cudnnGetLastErrorString, and returns its status. Of libcudnn_graph, for
// the other libraries.
DNN_API cudnnSimFail(int status, const char* call, const char* why);

namespace dnn {

template <class T>
bool alive(const T* object) {
  return object != nullptr && object->magic == T::kMagic;
}

} // namespace dnn

// Counts the call and injects its fault.
#define DNN_ENTER() \
  if (const int injected = cudasim_library_enter(__func__)) return injected

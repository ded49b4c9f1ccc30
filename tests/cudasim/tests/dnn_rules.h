// SPDX-License-Identifier: Apache-2.0
// cuDNN, as far as the tests call it, and a convolution with all its objects.
#pragma once

#include <cmath>

#include "../src/cudnn/dnn.h"
#include "harness.h"

extern "C" {
size_t cudnnGetVersion();
const char* cudnnGetErrorString(int);
void cudnnGetLastErrorString(char*, size_t);
int cudnnCreate(DnnHandle*);
int cudnnDestroy(DnnHandle);
int cudnnSetStream(DnnHandle, void*);
int cudnnCreateTensorDescriptor(DnnTensorDesc*);
int cudnnDestroyTensorDescriptor(DnnTensorDesc);
int cudnnSetTensor4dDescriptor(DnnTensorDesc, int, int, int, int, int, int);
int cudnnCreateFilterDescriptor(DnnFilterDesc*);
int cudnnDestroyFilterDescriptor(DnnFilterDesc);
int cudnnSetFilter4dDescriptor(DnnFilterDesc, int, int, int, int, int, int);
int cudnnCreateConvolutionDescriptor(DnnConvDesc*);
int cudnnDestroyConvolutionDescriptor(DnnConvDesc);
int cudnnSetConvolution2dDescriptor(DnnConvDesc, int, int, int, int, int, int, int, int);
int cudnnSetConvolutionMathType(DnnConvDesc, int);
int cudnnSetConvolutionGroupCount(DnnConvDesc, int);
int cudnnGetConvolutionForwardWorkspaceSize(DnnHandle, DnnTensorDesc, DnnFilterDesc, DnnConvDesc, DnnTensorDesc, int,
                                            size_t*);
int cudnnGetConvolutionBackwardDataWorkspaceSize(DnnHandle, DnnFilterDesc, DnnTensorDesc, DnnConvDesc, DnnTensorDesc,
                                                 int, size_t*);
int cudnnGetConvolutionBackwardFilterWorkspaceSize(DnnHandle, DnnTensorDesc, DnnTensorDesc, DnnConvDesc, DnnFilterDesc,
                                                   int, size_t*);
int cudnnConvolutionForward(DnnHandle, const void*, DnnTensorDesc, const void*, DnnFilterDesc, const void*, DnnConvDesc,
                            int, void*, size_t, const void*, DnnTensorDesc, void*);
int cudnnConvolutionBackwardData(DnnHandle, const void*, DnnFilterDesc, const void*, DnnTensorDesc, const void*,
                                 DnnConvDesc, int, void*, size_t, const void*, DnnTensorDesc, void*);
int cudnnConvolutionBackwardFilter(DnnHandle, const void*, DnnTensorDesc, const void*, DnnTensorDesc, const void*,
                                   DnnConvDesc, int, void*, size_t, const void*, DnnFilterDesc, void*);
}

// From images (n, h, w, c) by filters (k, r, s, c / groups); the default is 2 images of 5 x 4 pixels.
struct DnnShape {
  int n = 2, h = 5, w = 4, c = 4, k = 6, r = 3, s = 2;
  int padH = 1, padW = 0, strideH = 2, strideW = 1, dilationH = 1, dilationW = 2, groups = 2;
  int p() const { return 1 + (h + 2 * padH - ((r - 1) * dilationH + 1)) / strideH; }
  int q() const { return 1 + (w + 2 * padW - ((s - 1) * dilationW + 1)) / strideW; }
};

struct DnnRules {
  Device device;
  DnnShape shape;
  DnnHandle handle = nullptr;
  DnnTensorDesc x = nullptr, y = nullptr;
  DnnFilterDesc filter = nullptr;
  DnnConvDesc conv = nullptr;
  CUdeviceptr px, pf, py, workspace;
  size_t room = 1 << 16;
  float alpha = 1, beta = 0;
  std::vector<float> vx, vf, vy; // the operands' values

  static std::vector<float> values(int count, uint32_t seed) {
    std::vector<float> out;
    for (uint32_t i = 0; i < static_cast<uint32_t>(count); ++i) {
      const uint32_t bits = (i + seed) * 2654435761u;
      out.push_back(static_cast<float>(static_cast<int32_t>(bits ^ (bits >> 15))) * 0x1p-31f);
    }
    return out;
  }

  explicit DnnRules(const DnnShape& of = DnnShape()) : shape(of) {
    device.expectReports();
    CHECK_EQ(cudnnCreate(&handle), 0);
    CHECK_EQ(cudnnCreateTensorDescriptor(&x), 0);
    CHECK_EQ(cudnnCreateTensorDescriptor(&y), 0);
    CHECK_EQ(cudnnCreateFilterDescriptor(&filter), 0);
    CHECK_EQ(cudnnCreateConvolutionDescriptor(&conv), 0);
    setX(shape.h);
    setY(shape.p());
    setFilter(shape.c / shape.groups);
    CHECK_EQ(cudnnSetConvolution2dDescriptor(conv, of.padH, of.padW, of.strideH, of.strideW, of.dilationH, of.dilationW,
                                             dnn::kCrossCorrelation, dnn::kFloat),
             0);
    CHECK_EQ(cudnnSetConvolutionGroupCount(conv, of.groups), 0);
    CHECK_EQ(cudnnSetConvolutionMathType(conv, dnn::kFmaMath), 0);
    vx = values(of.n * of.h * of.w * of.c, 1);
    vf = values(of.k * of.r * of.s * of.c / of.groups, 1000);
    vy = values(of.n * of.p() * of.q() * of.k, 2000);
    px = device.upload(vx);
    pf = device.upload(vf);
    py = device.upload(vy);
    workspace = device.allocate(room);
  }
  ~DnnRules() {
    cuCtxSynchronize();
    cudnnDestroyConvolutionDescriptor(conv);
    cudnnDestroyFilterDescriptor(filter);
    cudnnDestroyTensorDescriptor(y);
    cudnnDestroyTensorDescriptor(x);
    cudnnDestroy(handle);
  }
  DnnRules(const DnnRules&) = delete;
  DnnRules& operator=(const DnnRules&) = delete;

  void setX(int h, int format = dnn::kNhwc, int type = dnn::kFloat) {
    CHECK_EQ(cudnnSetTensor4dDescriptor(x, format, type, shape.n, shape.c, h, shape.w), 0);
  }
  void setY(int p, int format = dnn::kNhwc, int type = dnn::kFloat) {
    CHECK_EQ(cudnnSetTensor4dDescriptor(y, format, type, shape.n, shape.k, p, shape.q()), 0);
  }
  void setFilter(int j, int format = dnn::kNhwc, int type = dnn::kFloat) {
    CHECK_EQ(cudnnSetFilter4dDescriptor(filter, type, format, shape.k, j, shape.r, shape.s), 0);
  }

  int run(dnn::Kind kind, int algo = 1) {
    const auto at = [](CUdeviceptr p) { return reinterpret_cast<void*>(p); };
    switch (kind) {
      case dnn::kForward:
        return cudnnConvolutionForward(handle, &alpha, x, at(px), filter, at(pf), conv, algo, at(workspace), room,
                                       &beta, y, at(py));
      case dnn::kBackwardData:
        return cudnnConvolutionBackwardData(handle, &alpha, filter, at(pf), y, at(py), conv, algo, at(workspace), room,
                                            &beta, x, at(px));
      default:
        return cudnnConvolutionBackwardFilter(handle, &alpha, x, at(px), y, at(py), conv, algo, at(workspace), room,
                                              &beta, filter, at(pf));
    }
  }
  int workspaceOf(dnn::Kind kind, int algo, size_t& bytes) {
    switch (kind) {
      case dnn::kForward: return cudnnGetConvolutionForwardWorkspaceSize(handle, x, filter, conv, y, algo, &bytes);
      case dnn::kBackwardData:
        return cudnnGetConvolutionBackwardDataWorkspaceSize(handle, filter, y, conv, x, algo, &bytes);
      default: return cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, x, y, conv, filter, algo, &bytes);
    }
  }
};

constexpr dnn::Kind kDnnKinds[] = {dnn::kForward, dnn::kBackwardData, dnn::kBackwardFilter};

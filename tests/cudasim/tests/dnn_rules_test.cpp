// SPDX-License-Identifier: Apache-2.0
// What the emulated cuDNN refuses, with the documented status; versions, texts and lives of objects.
#include "dnn_rules.h"

namespace {

void refuses(int expected, const char* why, const std::function<void(DnnRules&)>& change,
             dnn::Kind kind = dnn::kForward) {
  cudasim_clear_report();
  DnnRules r;
  change(r);
  CHECK_EQ(r.run(kind), expected);
  char text[256];
  cudnnGetLastErrorString(text, sizeof text);
  CHECK_CONTAINS(text, why);
  CHECK(expected == dnn::kNotSupported ? report().empty() : report().find(why) != std::string::npos);
}

} // namespace

TEST(dnn_rules_of_descriptors) {
  DnnRules r;
  const auto tensor = [&](int format, int type, int n, int c, int h, int w) {
    return cudnnSetTensor4dDescriptor(r.x, format, type, n, c, h, w);
  };
  CHECK_EQ(tensor(dnn::kNhwc, dnn::kFloat, -1, 1, 1, 1), dnn::kBadParam);
  CHECK_EQ(tensor(dnn::kNhwc, 99, 1, 1, 1, 1), dnn::kBadParam);
  CHECK_EQ(tensor(3, dnn::kFloat, 1, 1, 1, 1), dnn::kBadParam);
  CHECK_EQ(tensor(dnn::kNhwc, dnn::kFloat, 1 << 15, 1 << 14, 4, 1), 0);
  CHECK_EQ(tensor(dnn::kNhwc, dnn::kFloat, 1 << 15, 1 << 14, 4, 2), dnn::kNotSupported);
  CHECK_EQ(cudnnSetFilter4dDescriptor(r.filter, dnn::kFloat, dnn::kNhwc, 1, -1, 1, 1), dnn::kBadParam);
  const auto convolution = [&](int pad, int stride, int dilation, int mode) {
    return cudnnSetConvolution2dDescriptor(r.conv, pad, 0, 1, stride, dilation, 1, mode, dnn::kFloat);
  };
  CHECK_EQ(convolution(-1, 1, 1, dnn::kCrossCorrelation), dnn::kBadParam);
  CHECK_EQ(convolution(0, 0, 1, dnn::kCrossCorrelation), dnn::kBadParam);
  CHECK_EQ(convolution(0, 1, 0, dnn::kCrossCorrelation), dnn::kBadParam);
  CHECK_EQ(convolution(0, 1, 1, 2), dnn::kBadParam);
  CHECK_EQ(cudnnSetConvolutionMathType(r.conv, 4), dnn::kBadParam);
  CHECK_EQ(cudnnSetConvolutionGroupCount(nullptr, 1), dnn::kBadParam);
  CHECK_EQ(cudnnCreateTensorDescriptor(nullptr), dnn::kBadParamNullPointer);
}

TEST(dnn_rules_of_shapes) {
  refuses(dnn::kBadParam, "the data types differ", [](DnnRules& r) { r.setX(5, dnn::kNhwc, dnn::kHalf); });
  refuses(dnn::kBadParam, "input channels", [](DnnRules& r) { r.setFilter(4); });
  refuses(dnn::kBadParam, "input channels", [](DnnRules& r) { cudnnSetConvolutionGroupCount(r.conv, 3); });
  refuses(dnn::kBadParam, "larger than the padded image", [](DnnRules& r) {
    cudnnSetConvolution2dDescriptor(r.conv, 1, 0, 2, 1, 4, 2, dnn::kCrossCorrelation, dnn::kFloat);
  });
  const auto taller = [](DnnRules& r) { r.setY(r.shape.p() + 1); };
  refuses(dnn::kNotSupported, "sizes of y", taller, dnn::kForward);
  refuses(dnn::kBadParam, "sizes of y", taller, dnn::kBackwardData);
  refuses(dnn::kBadParam, "sizes of y", taller, dnn::kBackwardFilter);
}

TEST(dnn_rules_of_support) {
  const auto all = [](int format, int type) {
    return [=](DnnRules& r) {
      r.setX(r.shape.h, format, type);
      r.setY(r.shape.p(), format, type);
      r.setFilter(r.shape.c / r.shape.groups, format, type);
    };
  };
  refuses(dnn::kNotSupported, "FLOAT_CONFIG", all(dnn::kNhwc, dnn::kBfloat16));
  refuses(dnn::kNotSupported, "NHWC", all(dnn::kNchw, dnn::kFloat));
  refuses(dnn::kNotSupported, "CROSS_CORRELATION", [](DnnRules& r) {
    cudnnSetConvolution2dDescriptor(r.conv, 1, 0, 2, 1, 1, 2, dnn::kConvolution, dnn::kFloat);
  });
  refuses(dnn::kNotSupported, "half",
          [](DnnRules& r) { cudnnSetConvolutionMathType(r.conv, dnn::kTensorOpMathAllowConversion); });
  for (const dnn::Kind kind : kDnnKinds) {
    DnnRules r;
    size_t bytes = 0;
    CHECK_EQ(r.workspaceOf(kind, 1, bytes), 0);
    CHECK(bytes > 0);
    for (const int algo : {-1, 2, 4, 6}) CHECK_EQ(r.workspaceOf(kind, algo, bytes), dnn::kNotSupported);
    CHECK_EQ(r.workspaceOf(kind, 0, bytes), kind == dnn::kForward ? 0 : int{dnn::kNotSupported});
    CHECK(kind == dnn::kForward || report().find("not deterministic") != std::string::npos);
    cudasim_clear_report();
  }
}

TEST(dnn_rules_of_pointers) {
  refuses(dnn::kBadParamNullPointer, "NULL", [](DnnRules& r) { r.px = 0; });
  refuses(dnn::kBadParamMisalignedPointer, "aligned", [](DnnRules& r) { r.py += 4; });
  refuses(dnn::kBadParamMisalignedPointer, "workspace", [](DnnRules& r) { r.workspace += 8; });
  refuses(dnn::kBadParamSizeInsufficient, "workspace", [](DnnRules& r) { r.room = 4; });
  refuses(dnn::kBadParamSizeInsufficient, "workspace", [](DnnRules& r) { r.workspace = 0; });
  refuses(dnn::kBadParam, "device memory", [](DnnRules& r) { r.room = 1 << 20; });
  DnnRules r;
  r.workspace = 0;
  r.room = 0;
  CHECK_EQ(r.run(dnn::kForward, 0), 0); // without a workspace, as its size says
}

TEST(dnn_switches) {
  const auto statuses = [](const char* switches) {
    CHECK_EQ(cudasim_set_switches(switches), 0);
    std::string found;
    DnnRules r;
    size_t bytes = 0;
    for (const int math : {dnn::kFmaMath, dnn::kDefaultMath}) {
      CHECK_EQ(cudnnSetConvolutionMathType(r.conv, math), 0);
      for (const int algo : {0, 1}) found += r.workspaceOf(dnn::kForward, algo, bytes) == 0 ? '1' : '0';
    }
    CHECK_EQ(cudasim_set_switches("dnn.refuse=nothing"), 0);
    return found;
  };
  CHECK(statuses("dnn.refuse=nothing") == "1111");
  CHECK(statuses("dnn.refuse=algo0") == "0101");
  CHECK(statuses("dnn.refuse=algo1") == "1010");
  CHECK(statuses("dnn.refuse=tensorop") == "1100");
  CHECK(statuses("dnn.refuse=all") == "0000");
  CHECK_EQ(cudnnGetVersion(), 91900);
  CHECK_EQ(cudasim_set_switches("dnn.version=8.9.7"), 0);
  CHECK_EQ(cudnnGetVersion(), 8907);
  CHECK_CONTAINS(cudnnGetErrorString(3000), "CUDNN_STATUS_NOT_SUPPORTED");
  CHECK_CONTAINS(cudnnGetErrorString(77), "UNKNOWN");
}

TEST(dnn_faults) {
  DnnRules r;
  CHECK_EQ(cudasim_set_faults("cudnnConvolutionForward:1=5000,cudnnSetStream:1=4000"), 0);
  CHECK_EQ(cudnnSetStream(r.handle, nullptr), 4000);
  CHECK_EQ(r.run(dnn::kForward), 5000);
  CHECK_EQ(r.run(dnn::kForward), 0);
  CHECK_EQ(cudasim_set_faults(""), 0);
}

TEST(dnn_use_after_destroy_and_leaks) {
  {
    DnnRules r;
    CHECK_EQ(cudnnDestroyTensorDescriptor(r.y), 0);
    CHECK_EQ(r.run(dnn::kForward), dnn::kBadParamNullPointer);
    CHECK_EQ(cudnnDestroyTensorDescriptor(r.y), dnn::kBadParam);
    r.y = nullptr;
    CHECK_EQ(cudnnDestroyFilterDescriptor(r.filter), 0);
    CHECK_EQ(cudnnDestroyFilterDescriptor(r.filter), dnn::kBadParam);
    r.filter = nullptr;
    CHECK_EQ(cudnnDestroyConvolutionDescriptor(r.conv), 0);
    CHECK_EQ(cudnnDestroyConvolutionDescriptor(r.conv), dnn::kBadParam);
    r.conv = nullptr;
    CHECK_EQ(cudnnDestroy(r.handle), 0);
    CHECK_EQ(cudnnSetStream(r.handle, nullptr), dnn::kBadParam);
    CHECK_EQ(r.run(dnn::kForward), dnn::kBadParamNullPointer);
    CHECK_EQ(cudnnDestroy(r.handle), dnn::kBadParam);
    r.handle = nullptr;
  }
  cudasim_clear_report();
  DnnFilterDesc left = nullptr;
  {
    Device device;
    device.expectReports();
    CHECK_EQ(cudnnCreateFilterDescriptor(&left), 0);
  }
  CHECK_CONTAINS(report(), "leak: 1 cuDNN filter descriptor(s) live at context end");
  CHECK_EQ(cudnnDestroyFilterDescriptor(left), 0);
  {
    DnnRules r;
    CUstream stream = nullptr;
    CHECK_EQ(cuStreamCreate(&stream, 1), 0);
    CHECK_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
    CHECK_EQ(cudnnDestroy(r.handle), dnn::kInternalError); // it would wait for the capture
    CHECK_EQ(cuStreamDestroy_v2(stream), 0);
  }
  CHECK_EQ(cudnnCreate(nullptr), dnn::kBadParamNullPointer);
  DnnHandle handle = nullptr;
  CHECK_EQ(cudnnCreate(&handle), dnn::kNotInitialized); // without a context
}

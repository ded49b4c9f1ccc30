// SPDX-License-Identifier: Apache-2.0
#include "harness.h"

#include <algorithm>

Device::Device() { CHECK_EQ(cuCtxCreate_v4(&context_, nullptr, 0, 0), 0); }

Device::~Device() {
  const bool lost = cuCtxSynchronize() != CUDA_SUCCESS;
  if (!lost) {
    for (CUmodule m : modules_) CHECK_EQ(cuModuleUnload(m), 0);
    for (CUdeviceptr p : allocations_) CHECK_EQ(cuMemFree_v2(p), 0);
  }
  if (!reportsExpected_)
    CHECK_EQ(cuCtxDestroy_v2(context_), 0);
  else
    cuCtxDestroy_v2(context_);
  if (!reportsExpected_ && !report().empty()) fail(__FILE__, __LINE__, "unexpected report: " + report());
}

CUdeviceptr Device::allocate(size_t bytes) {
  CUdeviceptr p = 0;
  CHECK_EQ(cuMemAlloc_v2(&p, bytes), 0);
  allocations_.push_back(p);
  return p;
}

void Device::free(CUdeviceptr p) {
  allocations_.erase(std::find(allocations_.begin(), allocations_.end(), p));
  CHECK_EQ(cuMemFree_v2(p), 0);
}

CUmodule Device::load(const std::string& ptx) {
  CUmodule m = nullptr;
  const CUresult rc = cuModuleLoadData(&m, ptx.c_str());
  if (rc != CUDA_SUCCESS) {
    fail(__FILE__, __LINE__, "module does not load: " + report());
    return nullptr;
  }
  modules_.push_back(m);
  return m;
}

CUfunction Device::kernel(const std::string& ptx, const char* name) {
  CUfunction f = nullptr;
  const CUmodule m = load(ptx);
  if (m != nullptr) CHECK_EQ(cuModuleGetFunction(&f, m, name), 0);
  return f;
}

std::string report() {
  std::string text(static_cast<size_t>(cudasim_report(nullptr, 0)), '\0');
  cudasim_report(text.data(), static_cast<int>(text.size()));
  text.resize(std::strlen(text.c_str()));
  return text;
}

std::string profile() {
  std::string text(static_cast<size_t>(cudasim_profile_json(nullptr, 0)), '\0');
  cudasim_profile_json(text.data(), static_cast<int>(text.size()));
  text.resize(std::strlen(text.c_str()));
  return text;
}

std::string module(const std::string& parameters, const std::string& body, const std::string& globals) {
  return ".version 8.0\n.target sm_80\n.address_size 64\n" + globals + "\n.visible .entry k(" + parameters +
         ")\n{\n.reg .pred %p<16>;\n.reg .b16 %h<16>;\n.reg .b32 %r<32>;\n.reg .f32 %f<32>;\n.reg .b64 %rd<32>;\n"
         ".reg .f64 %fd<16>;\n" +
         body + "\nret;\n}\n";
}

CUresult launch(CUfunction f, std::vector<void*> parameters, unsigned blocks, unsigned threads, unsigned shared,
                CUstream stream) {
  const CUresult rc = cuLaunchKernel(f, blocks, 1, 1, threads, 1, 1, shared, stream, parameters.data(), nullptr);
  return rc != CUDA_SUCCESS ? rc : stream == nullptr ? cuCtxSynchronize() : CUDA_SUCCESS;
}

namespace {

int bytesOf(const std::string& type) {
  if (type == "pred") return 4;
  const int bits = std::stoi(type.substr(type.find_first_of("0123456789")));
  return type.find("x2") != std::string::npos ? 4 : bits / 8;
}

// A register for a value of the type: predicates are stored as 0 or 1.
std::string bits(int bytes) { return "b" + std::to_string(8 * bytes); }

} // namespace

void expectRows(const char* file, int line, const std::string& instruction, const std::string& resultType,
                const std::vector<std::string>& operandTypes, const std::vector<Row>& rows) {
  Device device;
  const bool predicate = resultType == "pred";
  const int resultBytes = bytesOf(resultType);
  // Narrow values live in 16-bit registers, as NVRTC does it.
  const auto registerType = [](int bytes) { return bits(std::max(bytes, 2)); };
  std::string body = ".reg ." + (predicate ? std::string("pred") : registerType(resultBytes)) + " d;\n";
  body +=
      "mov.u32 %r0, %tid.x;\nld.param.u64 %rd0, [in];\nld.param.u64 %rd1, [out];\n"
      "mul.wide.u32 %rd2, %r0, " +
      std::to_string(8 * operandTypes.size()) + ";\nadd.s64 %rd2, %rd2, %rd0;\n";
  for (size_t i = 0; i < operandTypes.size(); ++i) {
    const std::string name(1, static_cast<char>('a' + static_cast<int>(i)));
    const std::string at = "[%rd2+" + std::to_string(8 * i) + "];\n";
    if (operandTypes[i] == "pred") {
      body += ".reg .pred " + name + ";\nld.global.b32 %r1, " + at + "setp.ne.s32 " + name + ", %r1, 0;\n";
    } else {
      const int bytes = bytesOf(operandTypes[i]);
      body += ".reg ." + registerType(bytes) + " " + name + ";\nld.global." + bits(bytes) + " " + name + ", " + at;
    }
  }
  body += instruction + "\nmul.wide.u32 %rd3, %r0, 8;\nadd.s64 %rd3, %rd3, %rd1;\n";
  body += predicate ? "selp.b32 %r2, 1, 0, d;\nst.global.b32 [%rd3], %r2;\n"
                    : "st.global." + bits(resultBytes) + " [%rd3], d;\n";
  const CUfunction f = device.kernel(module(".param .u64 in, .param .u64 out", body));
  if (f == nullptr) return fail(file, line, instruction + ": " + report());
  std::vector<uint64_t> in;
  for (const Row& row : rows) in.insert(in.end(), row.in.begin(), row.in.end());
  if (in.empty()) in.push_back(0);
  CUdeviceptr pin = device.upload(in), pout = device.upload(std::vector<uint64_t>(rows.size(), 0));
  if (launch(f, {&pin, &pout}, 1, static_cast<unsigned>(rows.size())) != CUDA_SUCCESS) {
    return fail(file, line, instruction + ": " + report());
  }
  const auto out = device.download<uint64_t>(pout, rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (out[i] == rows[i].expected) continue;
    char text[256];
    std::snprintf(text, sizeof text, "%s row %zu: got 0x%llx, expected 0x%llx", instruction.c_str(), i,
                  static_cast<unsigned long long>(out[i]), static_cast<unsigned long long>(rows[i].expected));
    fail(file, line, text);
  }
}

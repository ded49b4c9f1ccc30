// SPDX-License-Identifier: Apache-2.0
// A small test harness over the emulated driver's public API: registration, checks, and kernels made
// of hand-written PTX.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "cuda_api.h"

struct TestCase {
  const char* name;
  void (*run)();
};
std::vector<TestCase>& tests();
void fail(const char* file, int line, const std::string& what);

#define TEST(name)                                                                       \
  static void test_##name();                                                             \
  static const bool registered_##name = (tests().push_back({#name, test_##name}), true); \
  static void test_##name()

#define CHECK(condition)                                    \
  do {                                                      \
    if (!(condition)) fail(__FILE__, __LINE__, #condition); \
  } while (0)

#define CHECK_EQ(actual, expected)                                                                   \
  do {                                                                                               \
    const long long a_ = static_cast<long long>(actual), e_ = static_cast<long long>(expected);      \
    if (a_ != e_)                                                                                    \
      fail(__FILE__, __LINE__,                                                                       \
           std::string(#actual) + " is " + std::to_string(a_) + ", expected " + std::to_string(e_)); \
  } while (0)

#define CHECK_CONTAINS(text, part)                                                  \
  do {                                                                              \
    const std::string t_ = (text);                                                  \
    if (t_.find(part) == std::string::npos)                                         \
      fail(__FILE__, __LINE__, "expected \"" + std::string(part) + "\" in: " + t_); \
  } while (0)

template <class To, class From>
To as(From v) {
  static_assert(sizeof(To) == sizeof(From));
  To out;
  std::memcpy(&out, &v, sizeof out);
  return out;
}

// A context for one test; ends with a check that nothing leaked and nothing was reported, unless the
// test expects reports.
class Device {
 public:
  Device();
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  void expectReports() { reportsExpected_ = true; }
  CUcontext context() const { return context_; }

  CUdeviceptr allocate(size_t bytes);
  void free(CUdeviceptr p);
  template <class T>
  CUdeviceptr upload(const std::vector<T>& data) {
    const CUdeviceptr p = allocate(data.size() * sizeof(T));
    CHECK_EQ(cuMemcpyHtoD_v2(p, data.data(), data.size() * sizeof(T)), 0);
    return p;
  }
  template <class T>
  std::vector<T> download(CUdeviceptr p, size_t count) {
    std::vector<T> out(count);
    CHECK_EQ(cuMemcpyDtoH_v2(out.data(), p, count * sizeof(T)), 0);
    return out;
  }
  CUmodule load(const std::string& ptx); // freed at the end
  CUfunction kernel(const std::string& ptx, const char* name = "k");

 private:
  CUcontext context_ = nullptr;
  std::vector<CUmodule> modules_;
  std::vector<CUdeviceptr> allocations_;
  bool reportsExpected_ = false;
};

std::string report();
std::string profile();
// The header of a module and an entry "k" with the parameters and body.
std::string module(const std::string& parameters, const std::string& body, const std::string& globals = "");
CUresult launch(CUfunction f, std::vector<void*> parameters, unsigned blocks = 1, unsigned threads = 32,
                unsigned shared = 0, CUstream stream = nullptr);

// Runs "instruction" with a, b, c from each row, one row a thread, and compares d. Types are PTX's.
struct Row {
  std::vector<uint64_t> in;
  uint64_t expected;
};
void expectRows(const char* file, int line, const std::string& instruction, const std::string& resultType,
                const std::vector<std::string>& operandTypes, const std::vector<Row>& rows);
#define ROWS(...) expectRows(__FILE__, __LINE__, __VA_ARGS__)

inline uint64_t F(float v) { return as<uint32_t>(v); }
inline uint64_t D(double v) { return as<uint64_t>(v); }

// SPDX-License-Identifier: Apache-2.0
// Each switch has its described effect, and none while it is off.
#include <cmath>

#include "lt_rules.h"

namespace {

constexpr int kInvalid = lt::kInvalidValue, kNo = lt::kNotSupported;

class Switched {
 public:
  explicit Switched(const char* text) { CHECK_EQ(cudasim_set_switches(text), 0); }
  ~Switched() { cudasim_set_switches(""); }
};

// D[0] of a product whose first element is x * y, k = 8 with zeros else.
float productOf(Rules& r, float x, float y) {
  std::vector<float> a(128, 0.0f), b(32, 0.0f);
  a[0] = x;
  b[0] = y;
  CHECK_EQ(cuMemcpyHtoD_v2(r.pa, a.data(), a.size() * 4), 0);
  CHECK_EQ(cuMemcpyHtoD_v2(r.pb, b.data(), b.size() * 4), 0);
  CHECK_EQ(r.run(), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
  return r.device.download<float>(r.pd, 1)[0];
}

void withMask(Rules& r) {
  r.set(kAttrEpilogue, lt::kRelu | lt::kAux);
  r.set(kAttrAux, static_cast<int64_t>(r.aux), 8);
  r.set(kAttrAuxLd, 128, 8);
}

} // namespace

TEST(switches_have_names_and_values) {
  CHECK_EQ(cudasim_set_switches("colour=red"), 1);
  CHECK_CONTAINS(report(), "no such switch: 'colour'");
  CHECK_EQ(cudasim_set_switches("lt.mask=blue"), 1);
  CHECK_CONTAINS(report(), "it has zero positive");
  CHECK_EQ(cudasim_set_switches("copy.late=on,lt.mask"), 1);
  CHECK_EQ(cudasim_library_switch("copy.late"), 0); // all or nothing
  CHECK_EQ(cudasim_set_switches("copy.late=on,lt.mask=positive"), 0);
  CHECK_EQ(cudasim_library_switch("copy.late"), 1);
  CHECK_EQ(cudasim_set_switches(""), 0);
  CHECK_EQ(cudasim_library_switch("copy.late"), 0);
  cudasim_clear_report();
}

TEST(switch_lt_refuse) {
  struct Case {
    const char* how;
    int heuristic, count, state, launch;
  };
  for (const Case c : {Case{"empty", 0, 0, 0, 0}, Case{"status15", kNo, 0, 0, 0}, Case{"status7", kInvalid, 0, 0, 0},
                       Case{"state15", 0, 2, kNo, 0}, Case{"launch15", 0, 2, 0, kNo}, Case{"launch13", 0, 2, 0, 13}}) {
    Rules r;
    const Switched on((std::string("lt.refuse=") + c.how).c_str());
    CHECK_EQ(r.heuristics(2).size(), 2); // a plain product is not refused
    lt::HeuristicResult plain;
    CHECK_EQ(r.heuristic(plain), 0);
    CHECK_EQ(r.run(algoOf(plain)), 0);
    r.set(kAttrEpilogue, lt::kRelu);
    const auto results = r.heuristics(2, c.heuristic);
    CHECK_EQ(results.size(), c.count);
    for (const auto& result : results) CHECK_EQ(result.state, c.state);
    if (c.launch != 0) CHECK_EQ(r.run(algoOf(results[0])), c.launch);
    CHECK_EQ(cuCtxSynchronize(), 0); // no refusal sticks
    CHECK_EQ(report().size(), 0);    // nor is it the caller's mistake
  }
  Rules r;
  const Switched on("lt.refuse=status15,lt.refuse.of=all");
  CHECK_EQ(r.heuristics(2, kNo).size(), 0);
  CHECK_EQ(cudasim_set_switches("lt.refuse=status15,lt.refuse.of=narrow"), 0);
  CHECK_EQ(r.heuristics(2).size(), 2);
  Rules narrow(lt::kCompute32F, 1);
  CHECK_EQ(narrow.heuristics(2, kNo).size(), 0);
}

TEST(switch_lt_truncate) {
  const float third = 1.0f + 0x1p-10f + 0x1.8p-11f; // between two tf32 numbers, nearer to the upper
  Rules r(lt::kCompute32FFastTf32);
  CHECK(productOf(r, third, 1) == 1.0f + 0x1p-9f);
  const Switched on("lt.truncate=on");
  CHECK(productOf(r, third, 1) == 1.0f + 0x1p-10f);
  Rules b(lt::kCompute32FFast16BF);
  CHECK(productOf(b, 1.0f + 0x1.8p-8f, 1) == 1.0f);
  CHECK(std::isnan(productOf(b, as<float>(0x7f800001u), 1)));
  Rules f;
  CHECK(productOf(f, third, 1) == third);
}

TEST(switch_lt_mask) {
  Rules r;
  withMask(r);
  const auto bit = [&](float x) {
    productOf(r, x, 1);
    return r.device.download<uint8_t>(r.aux, 1)[0] & 1;
  };
  CHECK_EQ(bit(2), 1);
  CHECK_EQ(bit(0), 1);
  CHECK_EQ(bit(-2), 0);
  const Switched on("lt.mask=positive");
  CHECK_EQ(bit(2), 1);
  CHECK_EQ(bit(0), 0);
}

TEST(switch_lt_nan) {
  Rules r;
  r.set(kAttrEpilogue, lt::kRelu);
  const float nan = as<float>(0x7fc00000u);
  CHECK(std::isnan(productOf(r, nan, 1)));
  const Switched on("lt.nan=zero");
  CHECK(productOf(r, nan, 1) == 0);
  CHECK(productOf(r, 3, 1) == 3);
}

TEST(switch_lt_sums) {
  Rules r(lt::kCompute32FFastTf32);
  r.set(kAttrEpilogue, lt::kBGradA);
  r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
  const float odd = 1.0f + 0x1p-12f;
  productOf(r, odd, 1);
  CHECK(r.device.download<float>(r.bias, 1)[0] == odd);
  const Switched on("lt.sums=rounded");
  productOf(r, odd, 1);
  CHECK(r.device.download<float>(r.bias, 1)[0] == 1.0f);
}

TEST(switch_lt_order) {
  Rules r(lt::kCompute32F, 1024);
  std::vector<float> a(16 * 1024), b(4 * 1024);
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(static_cast<int>(i * 7919 % 1009) - 504) * 0.37f;
  for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(static_cast<int>(i * 104729 % 2003) - 1001) * 0.013f;
  CHECK_EQ(cuMemcpyHtoD_v2(r.pa, a.data(), a.size() * 4), 0);
  CHECK_EQ(cuMemcpyHtoD_v2(r.pb, b.data(), b.size() * 4), 0);
  CHECK_EQ(cuMemsetD32_v2(r.bias, 0, 16), 0);
  r.set(kAttrBias, static_cast<int64_t>(r.bias), 8);
  const auto run = [&](uint32_t epilogue) {
    r.set(kAttrEpilogue, epilogue);
    CHECK_EQ(r.run(), 0);
    CHECK_EQ(cuCtxSynchronize(), 0);
    return r.device.download<float>(r.pd, 64);
  };
  const auto plain = run(lt::kDefault);
  CHECK(run(lt::kBias) == plain);
  const Switched on("lt.order=epilogue");
  const auto other = run(lt::kDefault);
  CHECK(run(lt::kBias) != other);
  for (size_t i = 0; i < plain.size(); ++i) CHECK(std::abs(other[i] - plain[i]) <= 1e-4f * (1 + std::abs(plain[i])));
}

TEST(switch_copy_late) {
  Device device;
  CUstream stream = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  const CUdeviceptr p = device.allocate(8);
  uint64_t host = 1, seen = 0;
  CHECK_EQ(cuMemcpyHtoDAsync_v2(p, &host, 8, stream), 0);
  CHECK_EQ(device.download<uint64_t>(p, 1)[0], 1); // the copy is done when the call returns
  {
    const Switched on("copy.late=on");
    // Copies run in the order of their streams only: the second stream overtakes.
    CHECK_EQ(cudasim_set_option("order", 1), 0);
    CUstream other = nullptr;
    CHECK_EQ(cuStreamCreate(&other, 1), 0);
    host = 2;
    CHECK_EQ(cuMemcpyHtoDAsync_v2(p, &host, 8, stream), 0);
    host = 3; // its own again at once
    CHECK_EQ(cuMemcpyDtoHAsync_v2(&seen, p, 8, other), 0);
    CHECK_EQ(seen, 1);
    CHECK_EQ(cuStreamSynchronize(stream), 0);
    CHECK_EQ(cuMemcpyDtoHAsync_v2(&seen, p, 8, other), 0);
    CHECK_EQ(seen, 2);
    // The synchronous one returns when the bytes are staged, too.
    CHECK_EQ(cuMemcpyHtoD_v2(p, &host, 8), 0);
    CHECK_EQ(cuMemcpyDtoHAsync_v2(&seen, p, 8, other), 0);
    CHECK_EQ(seen, 2);
    CHECK_EQ(cuCtxSynchronize(), 0);
    CHECK_EQ(cuMemcpyDtoHAsync_v2(&seen, p, 8, other), 0);
    CHECK_EQ(seen, 3);
    CHECK_EQ(cudasim_set_option("order", 0), 0);
    CHECK_EQ(cuStreamDestroy_v2(other), 0);
  }
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

TEST(driver_version_decides_the_newest_ptx) {
  Device device;
  device.expectReports();
  const auto load = [](const char* version) {
    CUmodule m = nullptr;
    const std::string ptx =
        std::string(".version ") + version + "\n.target sm_80\n.address_size 64\n.visible .entry k()\n{\nret;\n}\n";
    const CUresult rc = cuModuleLoadData(&m, ptx.c_str());
    if (rc == 0) CHECK_EQ(cuModuleUnload(m), 0);
    return rc;
  };
  CHECK_EQ(cudasim_set_option("driver", 13000), 0);
  CHECK_EQ(load("9.0"), 0);
  CHECK_EQ(load("9.1"), 222);
  CHECK_CONTAINS(report(), ".version 9.1 is newer than this driver's 9.0");
  CHECK_EQ(cudasim_set_option("driver", 13010), 0);
  CHECK_EQ(load("9.1"), 0);
  CHECK_EQ(load("9.2"), 222);
  CHECK_EQ(cudasim_set_option("driver", 12080), 0);
  CHECK_EQ(load("9.0"), 222);
  CHECK_EQ(cudasim_set_option("driver", 13000), 0);
}

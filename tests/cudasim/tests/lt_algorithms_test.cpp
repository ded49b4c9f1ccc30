// SPDX-License-Identifier: Apache-2.0
// The algorithms of the heuristic: several, in order, each with its workspace, rebuilt from their
// configuration, and each summing as it says.
#include "lt_rules.h"

namespace {

constexpr int kInvalid = lt::kInvalidValue, kNo = lt::kNotSupported;
constexpr int kConfigId = 0, kConfigTile = 1, kConfigSplits = 2, kConfigReduction = 3, kConfigSwizzle = 4,
              kConfigCustom = 5, kConfigStages = 6, kConfigInner = 7, kConfigCluster = 8;

template <class T>
T config(const lt::Algo& algo, int attribute) {
  T value{};
  size_t written = 0;
  CHECK_EQ(cublasLtMatmulAlgoConfigGetAttribute(&algo, attribute, &value, sizeof value, &written), 0);
  CHECK_EQ(written, sizeof value);
  return value;
}

template <class T>
void configure(lt::Algo& algo, int attribute, T value) {
  CHECK_EQ(cublasLtMatmulAlgoConfigSetAttribute(&algo, attribute, &value, sizeof value), 0);
}

lt::Algo init(Rules& r, int id) {
  lt::Algo algo{};
  CHECK_EQ(
      cublasLtMatmulAlgoInit(r.handle, lt::kCompute32F, lt::kF32, lt::kF32, lt::kF32, lt::kF32, lt::kF32, id, &algo),
      0);
  return algo;
}

lt::Algo rebuilt(Rules& r, const lt::Algo& from) {
  lt::Algo algo = init(r, config<int32_t>(from, kConfigId));
  for (const int attribute :
       {kConfigTile, kConfigSplits, kConfigReduction, kConfigSwizzle, kConfigCustom, kConfigStages}) {
    configure(algo, attribute, config<uint32_t>(from, attribute));
  }
  for (const int attribute : {kConfigInner, kConfigCluster})
    configure(algo, attribute, config<uint16_t>(from, attribute));
  return algo;
}

// Factors whose sum depends on the order: large ones that cancel, and small ones between.
void uploadFactors(Rules& r, int64_t k) {
  std::vector<float> a(static_cast<size_t>(16 * k)), b(static_cast<size_t>(4 * k));
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(static_cast<int>(i * 7919 % 1009) - 504) * 0.37f;
  for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(static_cast<int>(i * 104729 % 2003) - 1001) * 0.013f;
  CHECK_EQ(cuMemcpyHtoD_v2(r.pa, a.data(), a.size() * 4), 0);
  CHECK_EQ(cuMemcpyHtoD_v2(r.pb, b.data(), b.size() * 4), 0);
}

std::vector<float> resultOf(Rules& r, const lt::Algo& algo, uint64_t workspaceBytes = 65536) {
  CHECK_EQ(r.run(&algo, r.workspace, workspaceBytes), 0);
  CHECK_EQ(cuCtxSynchronize(), 0);
  return r.device.download<float>(r.pd, 64);
}

} // namespace

TEST(lt_heuristic_gives_several) {
  Rules r(lt::kCompute32F, 64);
  r.workspace = r.device.allocate(65536);
  uploadFactors(r, 64);
  const auto without = r.heuristics(20); // the default preference allows no workspace
  for (const auto& result : without) CHECK_EQ(result.workspaceSize, 0);
  r.prefer(1, 65536, 8);
  const auto results = r.heuristics(20);
  CHECK(results.size() >= 8 && results.size() > without.size());
  CHECK_EQ(r.heuristics(3).size(), 3);
  CHECK_EQ(std::memcmp(r.heuristics(1)[0].algo, results[0].algo, 64), 0); // a shorter list is its beginning
  int orders = 0;
  const auto first = resultOf(r, *algoOf(results[0]));
  for (size_t i = 0; i < results.size(); ++i) {
    const lt::Algo& algo = *algoOf(results[i]);
    CHECK_EQ(results[i].state, 0);
    CHECK(results[i].wavesCount > 0);
    for (size_t j = 0; j < i; ++j) CHECK(std::memcmp(results[i].algo, results[j].algo, 64) != 0);
    const uint32_t splits = config<uint32_t>(algo, kConfigSplits), reduction = config<uint32_t>(algo, kConfigReduction);
    CHECK_EQ(splits > 1, reduction != lt::kReduceNone);
    if (reduction == lt::kReduceComputeType) CHECK_EQ(results[i].workspaceSize, 16 * 4 * 4 * splits);
    CHECK(config<uint32_t>(algo, kConfigTile) != 0 && config<uint32_t>(algo, kConfigStages) != 0);
    lt::HeuristicResult checked{};
    CHECK_EQ(cublasLtMatmulAlgoCheck(r.handle, r.desc, r.a, r.b, r.d, r.d, &algo, &checked), 0);
    CHECK_EQ(checked.workspaceSize, results[i].workspaceSize);
    CHECK(checked.wavesCount == results[i].wavesCount);
    CHECK_EQ(checked.algo[0], 0); // "The algo field is never updated."
    const auto got = resultOf(r, algo);
    orders += got != first;
    for (size_t e = 0; e < got.size(); ++e) CHECK(std::abs(got[e] - first[e]) <= 1e-5f * (1 + std::abs(first[e])));
    CHECK(resultOf(r, algo) == got);
    CHECK(resultOf(r, rebuilt(r, algo)) == got); // the configuration says it all
  }
  CHECK(orders >= 3);
}

TEST(lt_split_k_sums_in_parts) {
  Rules r(lt::kCompute32F, 8);
  r.workspace = r.device.allocate(65536);
  // 1e8 swallows a 1 that is added to it, but not the sum of the second half.
  std::vector<float> a(128, 0.0f), b(32, 1.0f);
  const float row[] = {1e8f, 1, 1, 1, -1e8f, 1, 1, 1};
  for (size_t k = 0; k < 8; ++k) a[16 * k] = row[k];
  CHECK_EQ(cuMemcpyHtoD_v2(r.pa, a.data(), a.size() * 4), 0);
  CHECK_EQ(cuMemcpyHtoD_v2(r.pb, b.data(), b.size() * 4), 0);
  r.prefer(1, 65536, 8);
  lt::Algo algo = *algoOf(r.heuristics(1)[0]);
  CHECK_EQ(config<uint32_t>(algo, kConfigSplits), 1);
  CHECK_EQ(resultOf(r, algo)[0], 3); // 1e8 - 1e8 + 1 + 1 + 1
  configure(algo, kConfigSplits, 4u);
  configure(algo, kConfigReduction, static_cast<uint32_t>(lt::kReduceComputeType));
  // (1e8 + 1) + (1 + 1) + (-1e8 + 1) + (1 + 1): the 1s beside the large ones are lost, and 2 in between.
  CHECK_EQ(resultOf(r, algo)[0], 2);
  CHECK_EQ(r.run(&algo, r.workspace, 16), kInvalid); // it needs the workspace of the parts now
}

TEST(lt_preference_filters) {
  Rules r(lt::kCompute32F, 64);
  r.prefer(1, 65536, 8);
  r.prefer(3, lt::kReduceInPlace);
  for (const auto& result : r.heuristics(20)) {
    CHECK((algoOf(result)->reduction & ~lt::kReduceInPlace) == 0);
  }
  const float waves = 1.5f / 132;
  CHECK_EQ(cublasLtMatmulPreferenceSetAttribute(r.preference, 9, &waves, 4), 0);
  for (const auto& result : r.heuristics(20)) CHECK_EQ(algoOf(result)->splits, 1);
  r.prefer(0, 1); // CUBLASLT_SEARCH_LIMITED_BY_ALGO_ID
  std::vector<lt::HeuristicResult> results(4);
  int count = -1;
  CHECK_EQ(
      cublasLtMatmulAlgoGetHeuristic(r.handle, r.desc, r.a, r.b, r.d, r.d, r.preference, 4, results.data(), &count),
      kInvalid);
  const lt::Algo ten = init(r, 10);
  std::memcpy(results[0].algo, &ten, sizeof ten);
  CHECK_EQ(
      cublasLtMatmulAlgoGetHeuristic(r.handle, r.desc, r.a, r.b, r.d, r.d, r.preference, 4, results.data(), &count), 0);
  CHECK(count > 0);
  for (int i = 0; i < count; ++i) CHECK_EQ(algoOf(results[static_cast<size_t>(i)])->id, 10);
}

TEST(lt_configurations_that_do_not_fit) {
  Rules r(lt::kCompute32F, 64);
  const auto check = [&](const lt::Algo& algo) {
    lt::HeuristicResult result{};
    return cublasLtMatmulAlgoCheck(r.handle, r.desc, r.a, r.b, r.d, r.d, &algo, &result);
  };
  lt::Algo algo = init(r, 20);
  CHECK_EQ(check(algo), kNo); // no tile, no stages yet
  configure(algo, kConfigTile, 20u);
  configure(algo, kConfigStages, 9u);
  CHECK_EQ(check(algo), 0);
  CHECK_EQ(r.run(&algo), 0);
  configure(algo, kConfigTile, 1u);
  CHECK_EQ(check(algo), kNo);
  CHECK_EQ(r.run(&algo), kNo);
  configure(algo, kConfigTile, 20u);
  configure(algo, kConfigSplits, 2u); // without a reduction scheme
  CHECK_EQ(check(algo), kNo);
  configure(algo, kConfigReduction, 1u);
  CHECK_EQ(check(algo), 0);
  configure(algo, kConfigSplits, 33u);
  CHECK_EQ(check(algo), kNo);
  const int32_t id = 10;
  CHECK_EQ(cublasLtMatmulAlgoConfigSetAttribute(&algo, kConfigId, &id, 4), kInvalid); // read-only
  CHECK_EQ(cublasLtMatmulAlgoConfigSetAttribute(&algo, kConfigTile, &id, 8), kInvalid);
  CHECK_EQ(cublasLtMatmulAlgoConfigGetAttribute(&algo, 99, nullptr, 0, nullptr), kInvalid);
  CHECK_EQ(cublasLtMatmulAlgoInit(r.handle, lt::kCompute32F, lt::kF32, 0, 0, 0, 0, 7, &algo), kInvalid);
  CHECK_EQ(cublasLtMatmulAlgoInit(r.handle, 70, lt::kF32, 0, 0, 0, 0, 20, &algo), kNo);
  // An algorithm of other types is one of another problem.
  lt::Algo tf32{};
  CHECK_EQ(cublasLtMatmulAlgoInit(r.handle, lt::kCompute32FFastTf32, lt::kF32, 0, 0, 0, 0, 20, &tf32), 0);
  CHECK_EQ(check(tf32), kInvalid);
  const lt::Algo kept = *algoOf(r.heuristics(1)[0]);
  CHECK_EQ(check(kept), 0);
  CHECK_EQ(cudasim_set_switches("lt.version=13.1.0"), 0);
  CHECK_EQ(cublasLtGetVersion(), 130100);
  CHECK_EQ(check(kept), kInvalid); // "restored for use with the same version"
  CHECK_EQ(cudasim_set_switches(""), 0);
  int ids[8], count = -1;
  CHECK_EQ(cublasLtMatmulAlgoGetIds(r.handle, lt::kCompute32F, lt::kF32, 0, 0, 0, 0, 8, ids, &count), 0);
  CHECK_EQ(count, 4);
  uint32_t tiles[100];
  size_t written = 0;
  CHECK_EQ(cublasLtMatmulAlgoCapGetAttribute(&kept, 6, tiles, sizeof tiles, &written), 0);
  CHECK_EQ(written, 20);
  CHECK_EQ(cublasLtMatmulAlgoCapGetAttribute(&kept, 16, tiles, 4, &written), 0);
  CHECK_EQ(tiles[0], 16);
}

// A timing loop: events around launches, on a stream that is waited for.
TEST(lt_algorithms_can_be_timed) {
  Rules r(lt::kCompute32F, 512);
  CUstream stream = nullptr;
  CUevent start = nullptr, end = nullptr;
  CHECK_EQ(cuStreamCreate(&stream, 1), 0);
  CHECK_EQ(cuEventCreate(&start, 0), 0);
  CHECK_EQ(cuEventCreate(&end, 0), 0);
  const auto pointer = [](CUdeviceptr p) { return reinterpret_cast<void*>(p); };
  const auto timeOf = [&](const lt::Algo& algo, int runs) {
    CHECK_EQ(cuEventRecord(start, stream), 0);
    for (int i = 0; i < runs; ++i) {
      CHECK_EQ(cublasLtMatmul(r.handle, r.desc, &r.one, pointer(r.pa), r.a, pointer(r.pb), r.b, &r.zero, pointer(r.pd),
                              r.d, pointer(r.pd), r.d, &algo, nullptr, 0, stream),
               0);
    }
    CHECK_EQ(cuEventRecord(end, stream), 0);
    float milliseconds = -1;
    CHECK_EQ(cuEventElapsedTime_v2(&milliseconds, start, end), 600); // not yet
    CHECK_EQ(cuStreamSynchronize(stream), 0);
    CHECK_EQ(cuEventElapsedTime_v2(&milliseconds, start, end), 0);
    return milliseconds;
  };
  for (const auto& result : r.heuristics(3)) {
    const float few = timeOf(*algoOf(result), 1), many = timeOf(*algoOf(result), 200);
    CHECK(few > 0 && many > few);
  }
  CHECK_EQ(cuEventDestroy_v2(start), 0);
  CHECK_EQ(cuEventDestroy_v2(end), 0);
  CHECK_EQ(cuStreamDestroy_v2(stream), 0);
}

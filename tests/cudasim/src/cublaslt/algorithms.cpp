// SPDX-License-Identifier: Apache-2.0
// The algorithms: the problems that they fit, their requirements, and the order of their sums.
#include <algorithm>
#include <iterator>
#include <numeric>

#include "lt.h"

namespace lt {

namespace {

// cublasLtMatmulTile_t and cublasLtMatmulStages_t, as far as they are used.
enum Tile : uint32_t { kTile32x32 = 11, kTile64x64 = 15, kTile128x64 = 18, kTile128x128 = 20, kTile256x64 = 21 };
enum Stages : uint32_t { kStages16x1 = 1, kStages16x3 = 3, kStages32x3 = 9, kStages64x3 = 15 };
constexpr uint16_t kClusterAuto = 0, kCluster1x1x1 = 2;
constexpr uint32_t kMaxSplits = 32;
constexpr float kMultiprocessors = 132;
constexpr int64_t kLongSum = 4096; // from here on split-k algorithms are the first

// An id is a kernel: how wide it loads, and whether it splits k or sums even and odd k apart.
struct Kernel {
  int32_t id;
  uint64_t loadBytes; // 0: an element
  bool splits;
  int64_t stride;
};
constexpr Kernel kKernels[] = {{0, 0, true, 1}, {10, 8, true, 1}, {20, 16, true, 1}, {30, 16, false, 2}};

struct Config {
  int32_t id;
  uint32_t tile, stages, splits, reduction, swizzle;
};

// "In the order of increasing estimated compute time."
constexpr Config kConfigs[] = {
    {20, kTile128x128, kStages32x3, 1, kReduceNone, 0},       {20, kTile64x64, kStages64x3, 1, kReduceNone, 0},
    {20, kTile128x64, kStages32x3, 2, kReduceComputeType, 0}, {30, kTile256x64, kStages32x3, 1, kReduceNone, 0},
    {20, kTile64x64, kStages32x3, 4, kReduceComputeType, 1},  {20, kTile64x64, kStages64x3, 8, kReduceInPlace, 0},
    {10, kTile128x64, kStages16x3, 1, kReduceNone, 0},        {10, kTile64x64, kStages16x3, 2, kReduceOutputType, 0},
    {0, kTile64x64, kStages16x1, 1, kReduceNone, 0},          {0, kTile32x32, kStages16x1, 1, kReduceNone, 1},
    {0, kTile64x64, kStages16x1, 3, kReduceComputeType, 0},   {0, kTile32x32, kStages16x1, 5, kReduceInPlace, 0},
};

const Kernel* kernelOf(int32_t id) {
  const auto found =
      std::find_if(std::begin(kKernels), std::end(kKernels), [id](const Kernel& k) { return k.id == id; });
  return found == std::end(kKernels) ? nullptr : &*found;
}

int64_t rowsOf(uint32_t tile) {
  switch (tile) {
    case kTile32x32: return 32;
    case kTile64x64: return 64;
    case kTile256x64: return 256;
    default: return 128;
  }
}

int64_t columnsOf(uint32_t tile) { return tile == kTile128x128 ? 128 : tile == kTile32x32 ? 32 : 64; }

int64_t tilesOf(const Algo& algo, const Problem& p) {
  const int64_t rows = rowsOf(algo.tile), columns = columnsOf(algo.tile);
  return (p.m + rows - 1) / rows * ((p.n + columns - 1) / columns) * p.batches;
}

// Whether each line and each matrix of a batch begins where loads of so many bytes can.
bool linesAligned(const Operand& o, uint64_t bytes) {
  const auto size = static_cast<uint64_t>(bytesOf(o.type));
  const uint64_t ld = static_cast<uint64_t>(std::max(o.rowStride, o.colStride)) * size;
  return ld % bytes == 0 && static_cast<uint64_t>(o.batchStride) * size % bytes == 0;
}

bool linesAligned(const Problem& p, uint64_t bytes) {
  for (const Operand* o : {&p.a, &p.b, &p.c, &p.d}) {
    if (!linesAligned(*o, bytes)) return false;
  }
  return true;
}

uint64_t largestPowerOfTwoIn(uint64_t v) { return v & (0 - v); }

} // namespace

uint64_t loadBytes(const Algo& algo) {
  const Kernel* kernel = kernelOf(algo.id);
  return kernel == nullptr ? 0 : kernel->loadBytes;
}

uint64_t workspaceOf(const Algo& algo, const Problem& p) {
  if (algo.splits <= 1) return 0;
  const auto results = static_cast<uint64_t>(p.m * p.n * p.batches) * algo.splits;
  switch (algo.reduction) {
    case kReduceInPlace: return static_cast<uint64_t>(tilesOf(algo, p)) * 4; // "only used for counters"
    case kReduceOutputType: return results * static_cast<uint64_t>(bytesOf(p.d.type));
    default: return results * 4;
  }
}

float wavesOf(const Algo& algo, const Problem& p) {
  return static_cast<float>(tilesOf(algo, p)) * static_cast<float>(algo.splits) / kMultiprocessors;
}

Status accept(const Algo& algo, const Problem& p, uint32_t types, uint64_t problem, const char*& why) {
  const auto refuse = [&](Status status, const char* text) {
    why = text;
    return status;
  };
  if (algo.magic != kAlgoMagic) return refuse(kInvalidValue, "the algorithm is not initialised");
  if (algo.version != version()) return refuse(kInvalidValue, "the algorithm is of another version of the library");
  // "CUBLAS_STATUS_INVALID_VALUE: If matrix layout descriptors or the operation descriptor do not match
  // the algo descriptor."
  if (algo.types != types || (algo.fingerprint != 0 && algo.fingerprint != problem)) {
    return refuse(kInvalidValue, "the algorithm was made for another problem");
  }
  // "CUBLAS_STATUS_NOT_SUPPORTED: If the algo configuration [...] is not currently supported on the given device."
  const Kernel* kernel = kernelOf(algo.id);
  if (kernel == nullptr) return refuse(kNotSupported, "no such algorithm");
  const bool tile = algo.tile == kTile32x32 || algo.tile == kTile64x64 || algo.tile == kTile128x64 ||
                    algo.tile == kTile128x128 || algo.tile == kTile256x64;
  const bool stages = algo.stages == kStages16x1 || algo.stages == kStages16x3 || algo.stages == kStages32x3 ||
                      algo.stages == kStages64x3;
  if (!tile || !stages) return refuse(kNotSupported, "the algorithm has no such tile or stages");
  if (algo.splits < 1 || algo.splits > kMaxSplits || algo.splits > p.k || (algo.splits > 1 && !kernel->splits)) {
    return refuse(kNotSupported, "the algorithm cannot split k so");
  }
  if (algo.splits > 1 && algo.reduction != kReduceInPlace && algo.reduction != kReduceComputeType &&
      algo.reduction != kReduceOutputType) {
    return refuse(kNotSupported, "split-k without a reduction scheme");
  }
  if (algo.swizzle > 1 || algo.custom != 0 || algo.inner != 0 ||
      (algo.cluster != kClusterAuto && algo.cluster != kCluster1x1x1)) {
    return refuse(kNotSupported, "the algorithm has no such swizzle, option, inner shape or cluster");
  }
  if (kernel->loadBytes != 0 && !linesAligned(p, kernel->loadBytes)) {
    return refuse(kNotSupported, "the leading dimensions do not suit the algorithm's loads");
  }
  return kSuccess;
}

std::vector<Algo> candidates(const Problem& p, uint32_t types, const uint32_t* promised, uint64_t maxWorkspace,
                             uint32_t reductionMask, float maxWaves) {
  std::vector<Algo> found;
  const auto pick = [&](bool split) {
    for (const Config& config : kConfigs) {
      if ((config.splits > 1) != split) continue;
      Algo algo{};
      algo.magic = kAlgoMagic;
      algo.types = types;
      algo.version = version();
      algo.id = config.id;
      algo.tile = config.tile;
      algo.stages = config.stages;
      algo.splits = config.splits;
      algo.reduction = config.reduction;
      algo.swizzle = config.swizzle;
      const uint64_t bytes = loadBytes(algo);
      bool fits = true;
      for (int i = 0; i < 4; ++i) fits &= largestPowerOfTwoIn(promised[i]) >= bytes;
      // "Routines that don't dereference this pointer, like cublasLtMatmulAlgoGetHeuristic() depend on its
      // value to determine expected pointer alignment": of the auxiliary buffer, and in the header of the bias.
      fits &= bytes == 0 || (p.bias % bytes == 0 && p.aux % bytes == 0);
      const char* why = "";
      fits = fits && accept(algo, p, types, 0, why) == kSuccess;
      // "Only algorithm configurations specifying CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME that is not masked
      // out by this attribute are allowed."
      fits &= algo.splits == 1 || (algo.reduction & reductionMask) != 0;
      // "Selecting a non-zero value will exclude algorithms that report device utilization higher than specified."
      fits &= maxWaves == 0 || wavesOf(algo, p) <= maxWaves;
      if (fits && workspaceOf(algo, p) <= maxWorkspace) found.push_back(algo);
    }
  };
  if (p.k >= kLongSum) {
    pick(true);
    pick(false);
    return found;
  }
  pick(false);
  const size_t whole = found.size();
  pick(true);
  // Both kinds in turn: among the first few there is always one that sums in another order.
  std::vector<Algo> mixed;
  for (size_t i = 0; i < std::max(whole, found.size() - whole); ++i) {
    if (i < whole) mixed.push_back(found[i]);
    if (whole + i < found.size()) mixed.push_back(found[whole + i]);
  }
  return mixed;
}

void plan(const Algo& algo, Problem& p) {
  const Kernel* kernel = kernelOf(algo.id);
  p.stride = kernel == nullptr ? 1 : std::min(kernel->stride, p.k);
  p.parts = p.stride > 1 ? p.stride : algo.splits;
  p.reduction = algo.reduction;
  if (cudasim_library_switch("lt.order") != 0) {
    uint64_t h = 1469598103934665603ull;
    for (const uint64_t v : {uint64_t(p.epilogue), uint64_t(algo.id), uint64_t(algo.tile), uint64_t(algo.stages),
                             uint64_t(algo.splits), uint64_t(algo.swizzle)}) {
      h = (h ^ v) * 1099511628211ull;
    }
    p.first = static_cast<int64_t>((h >> 20) % static_cast<uint64_t>(p.k));
  }
  p.truncate = cudasim_library_switch("lt.truncate") != 0;
  p.sumsRounded = cudasim_library_switch("lt.sums") != 0;
  p.maskZero = cudasim_library_switch("lt.mask") == 0;
  p.reluKeepsNan = cudasim_library_switch("lt.nan") == 0;
}

bool refuses(const Problem& p) {
  switch (cudasim_library_switch("lt.refuse.of")) {
    case kRefusedAll: return true;
    case kRefusedNarrow: return p.m == 1 || p.n == 1 || p.k == 1;
    default: return p.epilogue != kDefault;
  }
}

} // namespace lt

// SPDX-License-Identifier: Apache-2.0
// The emulated cuBLASLt: its descriptors and a validated problem. Written from the cuBLAS 13
// documentation ("Using the cuBLASLt API"); each check quotes the sentence it enforces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../driver/control.h"

#define LT_API extern "C" __attribute__((visibility("default"))) int

namespace lt {

enum Status : int {
  kSuccess = 0,
  kNotInitialized = 1,
  kAllocFailed = 3,
  kInvalidValue = 7,
  kArchMismatch = 8,
  kMappingError = 11,
  kExecutionFailed = 13,
  kInternalError = 14,
  kNotSupported = 15,
  kLicense = 16,
};

enum DataType : int { kF32 = 0, kF64 = 1, kF16 = 2, kBf16 = 14 };
enum ComputeType : int {
  kCompute32F = 68,
  kCompute32FPedantic = 69,
  kCompute32FFast16F = 74,
  kCompute32FFast16BF = 75,
  kCompute32FFastTf32 = 77,
};
enum Order : int { kOrderCol = 0, kOrderRow = 1 };
enum Operation : int { kOpN = 0, kOpT = 1, kOpC = 2 };
enum PointerMode : int { kPointerHost = 0, kPointerDevice = 1 };

// The epilogue is a set of flags.
enum Epilogue : uint32_t {
  kDefault = 1,
  kRelu = 2,
  kBias = 4,
  kDRelu = 8,
  kBGrad = 16,
  kGelu = 32,
  kDGelu = 64,
  kAux = 128,
  kBGradA = 256,
  kBGradB = 512,
};

enum Reduction : uint32_t { kReduceNone = 0, kReduceInPlace = 1, kReduceComputeType = 2, kReduceOutputType = 4 };

// The values of the switches, in the order of driver/switches.cpp.
enum Refusal : int {
  kRefuseNothing,
  kRefuseEmpty,
  kRefuseStatus15,
  kRefuseStatus7,
  kRefuseState15,
  kRefuseLaunch15,
  kRefuseLaunch13
};
enum Refused : int { kRefusedEpilogues, kRefusedAll, kRefusedNarrow };

// These live in the caller's memory where it uses the Init functions: plain data, no larger than
// the opaque structures (32, 8 and 8 words). The magic number says that one was made and not destroyed.
struct MatmulDesc {
  static constexpr uint32_t kMagic = 0x6465736d;
  uint32_t magic;
  int32_t computeType, scaleType, pointerMode, transA, transB, transC, fillMode;
  uint32_t epilogue;
  uint64_t bias;
  int64_t biasBatchStride;
  uint64_t aux;
  int64_t auxLd, auxBatchStride, alphaVectorBatchStride;
  int32_t smCountTarget, auxType, biasType;
  int8_t fastAccum;
  uint64_t scalePointers; // any of the scale or amax pointers that was set, or 0
};
static_assert(sizeof(MatmulDesc) <= 32 * 8);

struct Layout {
  static constexpr uint32_t kMagic = 0x6c61796f;
  uint32_t magic;
  uint32_t type;
  int32_t order;
  uint64_t rows, cols;
  int64_t ld;
  int32_t batchCount, batchMode;
  int64_t batchStride;
  int64_t planeOffset;
};
static_assert(sizeof(Layout) <= 8 * 8);

struct Preference {
  static constexpr uint32_t kMagic = 0x70726566;
  uint32_t magic;
  uint32_t searchMode, reductionMask;
  uint64_t maxWorkspace;
  uint32_t alignment[4]; // A, B, C, D
  float maxWaves;
  uint64_t implMask;
};
static_assert(sizeof(Preference) <= 8 * 8);

// The opaque algorithm. "This structure can be trivially serialized and later restored for use with the
// same version of cuBLAS library": plain data with the problem that it was made for.
struct Algo {
  uint64_t magic;
  uint64_t fingerprint; // of the problem that the heuristic made it for; 0 from cublasLtMatmulAlgoInit
  uint32_t types;       // of the computation and the matrices
  uint32_t version;     // of the library
  int32_t id;
  uint32_t tile, stages, splits, reduction, swizzle, custom;
  uint16_t inner, cluster;
};
static_assert(sizeof(Algo) <= 64);
constexpr uint64_t kAlgoMagic = 0x63756461'73696d32ull;

struct HeuristicResult {
  uint64_t algo[8];
  size_t workspaceSize;
  int state;
  float wavesCount;
  int reserved[4];
};

struct Handle {
  static constexpr uint32_t kMagic = 0x68616e64;
  uint32_t magic;
};

// A matrix as op() sees it: element (i, j) is at i * rowStride + j * colStride.
struct Operand {
  int type = kF32;
  uint64_t address = 0;
  int64_t rowStride = 0, colStride = 0, batchStride = 0;
  uint64_t bytes = 0; // of the whole, all batches
};

struct Problem {
  int64_t m = 0, n = 0, k = 0, batches = 1;
  int computeType = kCompute32F;
  Operand a, b, c, d;
  uint32_t epilogue = kDefault;
  uint64_t bias = 0, aux = 0;
  int64_t biasStride = 0, auxLd = 0, auxStride = 0;
  int pointerMode = kPointerHost;
  float alpha = 1, beta = 0;
  uint64_t alphaDevice = 0, betaDevice = 0;
  // How an algorithm sums over k: in so many parts, each every `stride`-th k, beginning at `first`.
  int64_t parts = 1, stride = 1, first = 0;
  uint32_t reduction = kReduceNone;
  bool truncate = false, maskZero = true, reluKeepsNan = true, sumsRounded = false; // of the switches
};

// Checks descriptors (no pointers yet) and fills the problem. `why` names the reason of a refusal.
Status describe(const MatmulDesc* desc, const Layout* a, const Layout* b, const Layout* c, const Layout* d,
                Problem& out, const char*& why);
uint64_t fingerprint(const MatmulDesc& desc, const Layout& a, const Layout& b, const Layout& c, const Layout& d);
uint32_t typesOf(int compute, int scale, int a, int b, int c, int d);
bool typesKnown(int compute, int scale, int a, int b, int c, int d); // on this device
Status fail(Status status, const char* call, const char* why); // reports and returns
uint32_t version(); // 130200
// Whether a switch makes the library refuse this product.
bool refuses(const Problem& p);

// The configurations that fit the problem, best first. `promised`: bytes that A, B, C and D are aligned to.
std::vector<Algo> candidates(const Problem& p, uint32_t types, const uint32_t* promised, uint64_t maxWorkspace,
                             uint32_t reductionMask, float maxWaves);
// Whether the algorithm is one, of these types and this problem, with a configuration that its id has.
Status accept(const Algo& algo, const Problem& p, uint32_t types, uint64_t problem, const char*& why);
uint64_t workspaceOf(const Algo& algo, const Problem& p);
float wavesOf(const Algo& algo, const Problem& p);
uint64_t loadBytes(const Algo& algo); // the size of its loads, which is the alignment that it needs
void plan(const Algo& algo, Problem& p);

// Runs the problem; a cudasim_job on a Problem.
int runMatmul(void* problem, char* text, int size);

// acc (m x n, column-major, ld m) = op(A) op(B), rounded on the way in as the compute type says,
// summed in float32 in the order of the plan.
void multiply(const Problem& p, int64_t batch, const std::byte* a, const std::byte* b, float* acc);
float roundInput(float v, const Problem& p);
float loadElement(const std::byte* base, int type, int64_t index);
void storeElement(std::byte* base, int type, int64_t index, float value);
int bytesOf(int type);

} // namespace lt

using LtHandle = lt::Handle*;
using LtMatmulDesc = lt::MatmulDesc*;
using LtLayout = lt::Layout*;
using LtPreference = lt::Preference*;

namespace lt {
Status checkHandle(LtHandle handle, const char* call);
}

// Counts the call and injects its fault.
#define LT_ENTER() \
  if (const int injected = cudasim_library_enter(__func__)) return injected

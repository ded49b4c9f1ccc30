// SPDX-License-Identifier: Apache-2.0
// The matrix product itself: panels of A and B are packed (and rounded to the compute type's input
// format), then multiplied in register blocks. Each result is the sum of its parts, each one float32
// sum over k in the order of the plan, so the bits depend neither on the blocking nor on the number of
// threads. This file alone is compiled with contraction, so that products are fused into the sums as on
// the device.
#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

#include "../exec/half.h"
#include "lt.h"

namespace lt {

namespace {

constexpr int64_t kRows = 32, kCols = 6; // of a register block
typedef float Vector __attribute__((vector_size(64)));
constexpr int64_t kVectors = kRows * 4 / static_cast<int64_t>(sizeof(Vector));

// The k that is summed at place i: from `first` on, round to it, every stride-th one before the next.
std::vector<int64_t> orderOf(const Problem& p) {
  std::vector<int64_t> order;
  for (int64_t offset = 0; offset < p.stride; ++offset) {
    for (int64_t k = offset; k < p.k; k += p.stride) order.push_back((k + p.first) % p.k);
  }
  return order;
}

// out[line][k][width]: `width` lines at a time, zero beyond the last.
void pack(const Problem& p, const Operand& o, const std::byte* base, int64_t offset, int64_t lineStride,
          int64_t kStride, int64_t lines, int64_t width, const std::vector<int64_t>& order, std::vector<float>& out) {
  out.assign(static_cast<size_t>((lines + width - 1) / width * width * p.k), 0.0f);
  for (int64_t line = 0; line < lines; ++line) {
    float* to = out.data() + line / width * width * p.k + line % width;
    for (int64_t k = 0; k < p.k; ++k) {
      const int64_t at = offset + line * lineStride + order[static_cast<size_t>(k)] * kStride;
      to[k * width] = roundInput(loadElement(base, o.type, at), p);
    }
  }
}

void block(const float* __restrict a, const float* __restrict b, int64_t depth, float* __restrict out) {
  Vector sum[kCols][kVectors] = {};
  for (int64_t k = 0; k < depth; ++k) {
    Vector left[kVectors];
    for (int64_t v = 0; v < kVectors; ++v) {
      std::memcpy(&left[v], a + k * kRows + v * static_cast<int64_t>(sizeof(Vector) / 4), sizeof(Vector));
    }
    for (int64_t j = 0; j < kCols; ++j) {
      const float right = b[k * kCols + j];
      for (int64_t v = 0; v < kVectors; ++v) sum[j][v] += left[v] * right;
    }
  }
  std::memcpy(out, sum, sizeof sum);
}

// "The intermediate results are stored in the output type", or "parts are added up in the output data type".
float storedPart(float v, const Problem& p) {
  if (p.d.type == kF32 || !(p.reduction & (kReduceInPlace | kReduceOutputType))) return v;
  std::byte element[4];
  storeElement(element, p.d.type, 0, v);
  return loadElement(element, p.d.type, 0);
}

} // namespace

float roundInput(float v, const Problem& p) {
  switch (p.computeType) {
    case kCompute32FFast16BF:
      return p.truncate ? cudasim::truncated(v, 0xffff0000u) : cudasim::fromBf16(cudasim::toBf16Fast(v));
    case kCompute32FFastTf32: return p.truncate ? cudasim::truncated(v, 0xffffe000u) : cudasim::toTf32(v);
    case kCompute32FFast16F: return cudasim::fromF16(cudasim::toF16(v));
    default: return v;
  }
}

void multiply(const Problem& p, int64_t batch, const std::byte* a, const std::byte* b, float* acc) {
  std::vector<float> left, right;
  const std::vector<int64_t> order = orderOf(p);
  pack(p, p.a, a, batch * p.a.batchStride, p.a.rowStride, p.a.colStride, p.m, kRows, order, left);
  pack(p, p.b, b, batch * p.b.batchStride, p.b.colStride, p.b.rowStride, p.n, kCols, order, right);
  const int64_t columnBlocks = (p.n + kCols - 1) / kCols;
  const auto columns = [&](int64_t first, int64_t last) {
    float tile[kRows * kCols], part[kRows * kCols];
    for (int64_t jb = first; jb < last; ++jb) {
      for (int64_t i = 0; i < p.m; i += kRows) {
        for (int64_t t = 0; t < p.parts; ++t) {
          const int64_t from = p.k * t / p.parts, to = p.k * (t + 1) / p.parts;
          block(left.data() + i * p.k + from * kRows, right.data() + jb * kCols * p.k + from * kCols, to - from,
                t == 0 ? tile : part);
          for (int64_t e = 0; e < kRows * kCols && p.parts > 1; ++e) {
            tile[e] = t == 0 ? storedPart(tile[e], p) : storedPart(tile[e] + storedPart(part[e], p), p);
          }
        }
        for (int64_t j = jb * kCols; j < std::min(p.n, (jb + 1) * kCols); ++j) {
          std::memcpy(acc + j * p.m + i, tile + (j - jb * kCols) * kRows,
                      static_cast<size_t>(std::min(kRows, p.m - i)) * sizeof(float));
        }
      }
    }
  };
  const int64_t threads =
      p.m * p.n * p.k < 4'000'000
          ? 1
          : std::min<int64_t>(columnBlocks, std::min(8u, std::max(1u, std::thread::hardware_concurrency())));
  std::vector<std::thread> helpers;
  for (int64_t t = 1; t < threads; ++t) {
    helpers.emplace_back(columns, columnBlocks * t / threads, columnBlocks * (t + 1) / threads);
  }
  columns(0, columnBlocks / threads);
  for (std::thread& helper : helpers) helper.join();
}

} // namespace lt

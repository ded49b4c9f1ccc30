// SPDX-License-Identifier: Apache-2.0
// The product of one row and a matrix, whose rows are read once and in order: each output is a sum
// over blocks of inputs, in order, of sums over a block's inputs, in order, and then the bias.
#pragma once

#include "conv.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

#if defined(__AVX512F__)
constexpr int kMostSums = 25;
#else
constexpr int kMostSums = 12;
#endif

// Columns from `column` on: vectors side by side, of which the last one begins at `last`.
template <int kVectors>
void row_tile(const RowProductArgs& args, int64_t column, int64_t last) {
  const float* weight = args.weight + column;
  last -= column;
  Vector total[kVectors] = {};
  for (int64_t first = 0; first < args.inputs; first += args.block) {
    int64_t end = args.inputs - first < args.block ? args.inputs : first + args.block;
    Vector sum[kVectors] = {};
    for (int64_t i = first; i < end; i++) {
      const float* row = weight + i * args.outputs;
      float x = args.x[i];
#pragma GCC unroll 25
      for (int v = 0; v < kVectors - 1; v++) sum[v] += x * load(row + v * kVectorLanes);
      sum[kVectors - 1] += x * load(row + last);
    }
#pragma GCC unroll 25
    for (int v = 0; v < kVectors; v++) total[v] = first == 0 ? sum[v] : total[v] + sum[v];
  }
#pragma GCC unroll 25
  for (int v = 0; v < kVectors; v++) {
    int64_t at = column + (v == kVectors - 1 ? last : v * kVectorLanes);
    store(total[v] + load(args.bias + at), args.y + at);
  }
}

using RowTile = void (*)(const RowProductArgs& args, int64_t column, int64_t last);

constexpr RowTile kRowTiles[] = {
    row_tile<1>,  row_tile<2>,  row_tile<3>,  row_tile<4>,  row_tile<5>,  row_tile<6>,
    row_tile<7>,  row_tile<8>,  row_tile<9>,  row_tile<10>, row_tile<11>, row_tile<12>,
#if defined(__AVX512F__)
    row_tile<13>, row_tile<14>, row_tile<15>, row_tile<16>, row_tile<17>, row_tile<18>,
    row_tile<19>, row_tile<20>, row_tile<21>, row_tile<22>, row_tile<23>, row_tile<24>,
    row_tile<25>,
#endif
};

// Vectors of columns [begin, end), at most kMostSums.
void row_product(const RowProductArgs& args, int64_t begin, int64_t end) {
  int64_t last = (end - 1) * kVectorLanes;
  if (last > args.outputs - kVectorLanes) last = args.outputs - kVectorLanes;
  kRowTiles[end - begin - 1](args, begin * kVectorLanes, last);
}

constexpr RowProductKernel kRowProduct = {kVectorLanes, kMostSums, row_product};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// The loops of convolutions: sums stay in registers, a tile of rows by one or two vectors of
// columns. Each sum has one order, whatever the tile: so neither the number of threads nor the
// place of a pixel or an image among others changes a bit.
#pragma once

#include "conv_kernels.hpp"
#include "elements.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

#if defined(__AVX512F__)
constexpr int kVectorLanes = 16;
constexpr int kTileHeight = 8;
#elif defined(__AVX2__)
constexpr int kVectorLanes = 8;
constexpr int kTileHeight = 6;
#else
constexpr int kVectorLanes = 4;
constexpr int kTileHeight = 6;
#endif

typedef float Vector __attribute__((vector_size(4 * kVectorLanes)));
typedef float Unaligned __attribute__((vector_size(4 * kVectorLanes), aligned(4), may_alias));

VAE4J_INLINE Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
VAE4J_INLINE void store(Vector value, float* to) { *reinterpret_cast<Unaligned*>(to) = value; }

template <int kRows, int kVectors>
void pixel_tile(const ConvPixels& args, const float* const* from, const float* weight,
                const float* bias, float* const* to, int64_t columns) {
  Vector sum[kRows][kVectors];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) sum[r][v] = load(bias + v * kVectorLanes);
  }
  for (int64_t s = 0; s < args.segment_count; s++) {
    const float* x[kRows];
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r++) x[r] = from[r] + args.segments[s];
    for (int64_t i = 0; i < args.run; i++) {
      Vector w[kVectors];
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) w[v] = load(weight + v * kVectorLanes);
      weight += kVectors * kVectorLanes;
#pragma GCC unroll 8
      for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; v++) sum[r][v] += x[r][i] * w[v];
      }
    }
  }
  if (columns >= kVectors * kVectorLanes) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) store(sum[r][v], to[r] + v * kVectorLanes);
    }
    return;
  }
  float row[kVectors * kVectorLanes];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) store(sum[r][v], row + v * kVectorLanes);
    for (int64_t c = 0; c < columns; c++) to[r][c] = row[c];
  }
}

template <int kRows, int kVectors>
void sum_tile(const ConvSums& args, const float* image, const float* other, float* sums) {
  Vector sum[kRows][kVectors] = {};
  for (int64_t n = 0; n < args.images; n++) {
    for (int64_t row = 0; row < args.rows; row++) {
      const float* x = image + n * args.image_steps[0] + row * args.image_steps[1];
      const float* y = other + n * args.other_steps[0] + row * args.other_steps[1];
      for (int64_t i = 0; i < args.width; i++) {
        Vector d[kVectors];
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; v++) d[v] = load(y + v * kVectorLanes);
#pragma GCC unroll 8
        for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 2
          for (int v = 0; v < kVectors; v++) sum[r][v] += x[r] * d[v];
        }
        x += args.image_steps[2];
        y += args.other_steps[2];
      }
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) {
      float* to = sums + r * args.sums_step + v * kVectorLanes;
      store(load(to) + sum[r][v], to);
    }
  }
}

using PixelTile = void (*)(const ConvPixels&, const float* const*, const float*, const float*,
                           float* const*, int64_t);
using SumTile = void (*)(const ConvSums&, const float*, const float*, float*);

// By vectors, then rows.
constexpr PixelTile kPixelTiles[2][8] = {
    {pixel_tile<1, 1>, pixel_tile<2, 1>, pixel_tile<3, 1>, pixel_tile<4, 1>, pixel_tile<5, 1>,
     pixel_tile<6, 1>, pixel_tile<7, 1>, pixel_tile<8, 1>},
    {pixel_tile<1, 2>, pixel_tile<2, 2>, pixel_tile<3, 2>, pixel_tile<4, 2>, pixel_tile<5, 2>,
     pixel_tile<6, 2>, pixel_tile<7, 2>, pixel_tile<8, 2>}};
constexpr SumTile kSumTiles[2][8] = {
    {sum_tile<1, 1>, sum_tile<2, 1>, sum_tile<3, 1>, sum_tile<4, 1>, sum_tile<5, 1>, sum_tile<6, 1>,
     sum_tile<7, 1>, sum_tile<8, 1>},
    {sum_tile<1, 2>, sum_tile<2, 2>, sum_tile<3, 2>, sum_tile<4, 2>, sum_tile<5, 2>, sum_tile<6, 2>,
     sum_tile<7, 2>, sum_tile<8, 2>}};

void conv_pixels(const ConvPixels& args) {
  int64_t count = args.rows * args.width;
  int64_t blocks = (count + kTileHeight - 1) / kTileHeight;
  int64_t depth = args.segment_count * args.run;
  int64_t column = 0;
  const float* image = args.image;
  float* v = args.v;
  const int64_t image_jump = args.image_row_step - args.width * args.image_step;
  const int64_t jump = args.row_step - args.width * args.step;
  int64_t begin = 0;
  for (int64_t block = 0; block < blocks; block++) {
    const float* from[kTileHeight];
    float* to[kTileHeight];
    int64_t end = (block + 1) * count / blocks;
    int64_t pixels = end - begin;
    begin = end;
    for (int64_t i = 0; i < pixels; i++) {
      from[i] = image;
      to[i] = v;
      image += args.image_step;
      v += args.step;
      if (++column == args.width) {
        column = 0;
        image += image_jump;
        v += jump;
      }
    }
    for (int64_t first = 0; first < args.columns; first += 2 * kVectorLanes) {
      int64_t columns = args.columns - first;
      int vectors = columns > kVectorLanes ? 2 : 1;
      kPixelTiles[vectors - 1][pixels - 1](args, from, args.weight + first * depth,
                                           args.bias + first, to, columns);
      for (int64_t i = 0; i < pixels; i++) to[i] += 2 * kVectorLanes;
    }
  }
}

void conv_sums(const ConvSums& args) {
  int64_t blocks = (args.run + kTileHeight - 1) / kTileHeight;
  for (int64_t block = 0; block < blocks; block++) {
    // Evenly divided.
    int64_t begin = block * args.run / blocks;
    int64_t numbers = (block + 1) * args.run / blocks - begin;
    for (int64_t first = 0; first < args.columns; first += 2 * kVectorLanes) {
      int vectors = args.columns - first > kVectorLanes ? 2 : 1;
      kSumTiles[vectors - 1][numbers - 1](args, args.image + begin, args.other + first,
                                          args.sums + begin * args.sums_step + first);
    }
  }
}

typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

// Runs of a constant number of fours, then less than four numbers.
template <int kFours>
void scatter_run(const float* from, float* to, int64_t rest) {
  Four sums[kFours == 0 ? 1 : kFours];
#pragma GCC unroll 4
  for (int i = 0; i < kFours; i++) {
    sums[i] =
        *reinterpret_cast<const Four*>(to + 4 * i) + *reinterpret_cast<const Four*>(from + 4 * i);
  }
#pragma GCC unroll 4
  for (int i = 0; i < kFours; i++) *reinterpret_cast<Four*>(to + 4 * i) = sums[i];
  for (int64_t i = 4 * kFours; i < 4 * kFours + rest; i++) to[i] += from[i];
}

template <int kFours>
void scatter_runs(const ConvScatter& args, int64_t done, bool all) {
  int64_t rest = all ? args.run - done - 4 * kFours : 0;
  int64_t apart = (args.run + args.row_step - 1) / args.row_step;
  // Pixels whose runs overlap are far apart in time: a load of numbers that a store of other bounds
  // has just written waits for it.
  for (int64_t first = 0; first < apart; first++) {
    for (int64_t pixel = first; pixel < args.pixels; pixel += apart) {
      scatter_run<kFours>(args.columns + pixel * args.columns_step + done,
                          args.row + pixel * args.row_step + done, rest);
    }
  }
}

void conv_scatter(const ConvScatter& args) {
  int64_t done = 0;
  for (; args.run - done >= 20; done += 16) scatter_runs<4>(args, done, false);
  switch ((args.run - done) / 4) {
    case 0:
      return scatter_runs<0>(args, done, true);
    case 1:
      return scatter_runs<1>(args, done, true);
    case 2:
      return scatter_runs<2>(args, done, true);
    case 3:
      return scatter_runs<3>(args, done, true);
    default:
      return scatter_runs<4>(args, done, true);
  }
}

void conv_pack(const float* weight, int64_t depth_step, int64_t column_step, int64_t depth,
               int64_t columns, int64_t width, float* packed) {
  if (columns < width) {
    for (int64_t i = 0; i < depth * width; i++) packed[i] = 0;
  }
  if (column_step == 1) {
    for (int64_t d = 0; d < depth; d++) {
      for (int64_t c = 0; c < columns; c++) packed[d * width + c] = weight[d * depth_step + c];
    }
    return;
  }
  for (int64_t c = 0; c < columns; c++) {
    const float* from = weight + c * column_step;
    for (int64_t d = 0; d < depth; d++) packed[d * width + c] = from[d * depth_step];
  }
}

void conv_join(const float* parts, int64_t part_count, int64_t part_step, int64_t depth,
               int64_t columns, int64_t width, int64_t column_step, float* weight) {
  constexpr int kBlock = 16;
  for (int64_t first = 0; first < depth; first += kBlock) {
    int64_t numbers = depth - first < kBlock ? depth - first : kBlock;
    for (int64_t at = 0; at < width; at += kVectorLanes) {
      float block[kBlock * kVectorLanes];
      for (int64_t d = 0; d < numbers; d++) {
        const float* from = parts + (first + d) * width + at;
        Vector sum = load(from);
        for (int64_t part = 1; part < part_count; part++) sum += load(from + part * part_step);
        store(sum, block + d * kVectorLanes);
      }
      int64_t lanes = columns - at < kVectorLanes ? columns - at : kVectorLanes;
      for (int64_t c = 0; c < lanes; c++) {
        float* to = weight + (at + c) * column_step + first;
        for (int64_t d = 0; d < numbers; d++) to[d] = block[d * kVectorLanes + c];
      }
    }
  }
}

constexpr ConvKernels kConv = {kVectorLanes, conv_pack,    conv_pixels,
                               conv_sums,    conv_scatter, conv_join};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

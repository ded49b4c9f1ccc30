// SPDX-License-Identifier: Apache-2.0
// Attention: io.github.vae4j.backend.op.Attention and its gradient have the mathematics. A block of
// queries, or keys for the gradient of keys and values, is transposed once: each is a lane of
// vectors, so that maxima and sums over the other pixels need no sums over lanes, and the other
// pixels are read in place, one number at a time. Each lane's sums have one order, whatever the
// number of lanes: so neither the place of a pixel or an image nor the number of threads changes a
// bit.
#pragma once

#include "attention_kernels.hpp"
#include "conv.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

constexpr int64_t kBlock = kAttentionBlock;
constexpr int64_t kPair = 2 * kVectorLanes;
constexpr float kLowest = -3.402823466e38f;

// out[row, lane] = sum over d of rows[row, d] packed[d, lane], of two vectors of lanes.
template <int kRows>
void score_tile(const float* rows, int64_t step, int64_t width, const float* packed, float* out) {
  Vector sum[kRows][2] = {};
  const float* from[kRows];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++) from[r] = rows + r * step;
  for (int64_t d = 0; d < width; d++) {
    Vector a = load(packed + d * kBlock);
    Vector b = load(packed + d * kBlock + kVectorLanes);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r++) {
      sum[r][0] += from[r][d] * a;
      sum[r][1] += from[r][d] * b;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < kRows; r++) {
    store(sum[r][0], out + r * kBlock);
    store(sum[r][1], out + r * kBlock + kVectorLanes);
  }
}

// out[column, lane] += sum over rows of rows[row, column] weights[row, lane].
template <int kColumns>
void add_tile(const float* rows, int64_t step, int64_t count, const float* weights, float* out) {
  Vector sum[kColumns][2];
#pragma GCC unroll 8
  for (int c = 0; c < kColumns; c++) {
    sum[c][0] = load(out + c * kBlock);
    sum[c][1] = load(out + c * kBlock + kVectorLanes);
  }
  for (int64_t row = 0; row < count; row++) {
    Vector a = load(weights + row * kBlock);
    Vector b = load(weights + row * kBlock + kVectorLanes);
#pragma GCC unroll 8
    for (int c = 0; c < kColumns; c++) {
      sum[c][0] += rows[c] * a;
      sum[c][1] += rows[c] * b;
    }
    rows += step;
  }
#pragma GCC unroll 8
  for (int c = 0; c < kColumns; c++) {
    store(sum[c][0], out + c * kBlock);
    store(sum[c][1], out + c * kBlock + kVectorLanes);
  }
}

using AttentionTile = void (*)(const float*, int64_t, int64_t, const float*, float*);

constexpr AttentionTile kScoreTiles[8] = {score_tile<1>, score_tile<2>, score_tile<3>,
                                          score_tile<4>, score_tile<5>, score_tile<6>,
                                          score_tile<7>, score_tile<8>};
constexpr AttentionTile kAddTiles[8] = {add_tile<1>, add_tile<2>, add_tile<3>, add_tile<4>,
                                        add_tile<5>, add_tile<6>, add_tile<7>, add_tile<8>};

// Some lanes of a block, a multiple of two vectors: those behind the last pixel are of zeros.
class Lanes {
 public:
  explicit Lanes(int64_t count) : count_(count), end_((count + kPair - 1) / kPair * kPair) {}

  // packed[d, lane] = rows[lane, d].
  void pack(const float* rows, int64_t step, int64_t width, float* packed) const {
    for (int64_t lane = 0; lane < end_; lane++) {
      for (int64_t d = 0; d < width; d++) {
        packed[d * kBlock + lane] = lane < count_ ? rows[lane * step + d] : 0.0f;
      }
    }
  }

  // rows[lane, d] = packed[d, lane] factor[lane].
  void unpack(const float* packed, const float* factor, int64_t step, int64_t width,
              float* rows) const {
    for (int64_t lane = 0; lane < count_; lane++) {
      for (int64_t d = 0; d < width; d++) {
        rows[lane * step + d] = packed[d * kBlock + lane] * factor[lane];
      }
    }
  }

  // scores[row, lane] = rows[row] . packed[lane].
  void score(const float* rows, int64_t step, int64_t count, int64_t width, const float* packed,
             float* scores) const {
    int64_t tiles = (count + kTileHeight - 1) / kTileHeight;
    for (int64_t lane = 0; lane < end_; lane += kPair) {
      for (int64_t tile = 0; tile < tiles; tile++) {
        // Evenly divided.
        int64_t begin = tile * count / tiles;
        int64_t size = (tile + 1) * count / tiles - begin;
        kScoreTiles[size - 1](rows + begin * step, step, width, packed + lane,
                              scores + begin * kBlock + lane);
      }
    }
  }

  // sums[d, lane] += sum over rows of weights[row, lane] rows[row, d].
  void add(const float* rows, int64_t step, int64_t count, int64_t width, const float* weights,
           float* sums) const {
    int64_t tiles = (width + kTileHeight - 1) / kTileHeight;
    for (int64_t lane = 0; lane < end_; lane += kPair) {
      for (int64_t tile = 0; tile < tiles; tile++) {
        int64_t begin = tile * width / tiles;
        int64_t size = (tile + 1) * width / tiles - begin;
        kAddTiles[size - 1](rows + begin, step, count, weights + lane,
                            sums + begin * kBlock + lane);
      }
    }
  }

 private:
  const int64_t count_;
  const int64_t end_;
};

// The matrices of a call.
struct AttentionScratch {
  AttentionScratch(float* scratch, int64_t width) {
    for (float*& each : columns) {
      each = scratch;
      scratch += width * kBlock;
    }
    scores = scratch;
    slopes = scratch + kBlock * kBlock;
  }

  float* columns[4];  // (width, block)
  float* scores;      // (block, block)
  float* slopes;
};

void clear(float* values, int64_t count) {
  for (int64_t i = 0; i < count; i++) values[i] = 0.0f;
}

// The maxima of a block's queries over the keys so far, and the sums of exp(score - maximum).
struct Softmax {
  Softmax() {
    for (float& each : top) each = kLowest;
    clear(sum, kBlock);
  }

  // Replaces the products of further keys by their exponentials. Receives the factor of former
  // sums in keep.
  void add(float* scores, int64_t count, float scale, float* keep) {
    float former[kBlock];
    for (int64_t i = 0; i < kBlock; i++) former[i] = top[i];
    for (int64_t j = 0; j < count; j++) {
      float* row = scores + j * kBlock;
#pragma omp simd
      for (int64_t i = 0; i < kBlock; i++) {
        row[i] *= scale;
        top[i] = row[i] > top[i] ? row[i] : top[i];
      }
    }
#pragma omp simd
    for (int64_t i = 0; i < kBlock; i++) {
      keep[i] = exp(former[i] - top[i]);
      sum[i] *= keep[i];
    }
    for (int64_t j = 0; j < count; j++) {
      float* row = scores + j * kBlock;
#pragma omp simd
      for (int64_t i = 0; i < kBlock; i++) {
        row[i] = exp(row[i] - top[i]);
        sum[i] += row[i];
      }
    }
  }

  float top[kBlock];
  float sum[kBlock];
};

void rescale(float* sums, int64_t width, const float* factor) {
  bool same = true;
  for (int64_t i = 0; i < kBlock; i++) same = same && factor[i] == 1.0f;
  if (same) return;
  for (int64_t d = 0; d < width; d++) {
#pragma omp simd
    for (int64_t i = 0; i < kBlock; i++) sums[d * kBlock + i] *= factor[i];
  }
}

void attention_forward(const AttentionArgs& args, int64_t first, int64_t count, float* scratch) {
  Lanes lanes(count);
  AttentionScratch own(scratch, args.width);
  float* packed = own.columns[0];
  float* sums = own.columns[1];
  Softmax softmax;
  float factor[kBlock];
  clear(own.scores, kBlock * kBlock);
  clear(sums, args.width * kBlock);
  lanes.pack(args.q + first * args.row_step, args.row_step, args.width, packed);
  for (int64_t other = 0; other < args.pixels; other += kBlock) {
    int64_t keys = args.pixels - other < kBlock ? args.pixels - other : kBlock;
    int64_t at = other * args.row_step;
    lanes.score(args.k + at, args.row_step, keys, args.width, packed, own.scores);
    softmax.add(own.scores, keys, args.scale, factor);
    rescale(sums, args.width, factor);
    lanes.add(args.v + at, args.row_step, keys, args.width, own.scores, sums);
  }
  for (int64_t i = 0; i < count; i++) {
    // Without a score above minus infinity the sum is 0.
    bool some = softmax.sum[i] > 0.0f;
    args.lse[(first + i) * args.lse_step] =
        some ? softmax.top[i] + log(softmax.sum[i]) : __builtin_nanf("");
    factor[i] = 1.0f / softmax.sum[i];
  }
  lanes.unpack(sums, factor, args.y_step, args.width, args.y + first * args.y_step);
}

void attention_queries(const AttentionArgs& args, int64_t first, int64_t count, float* scratch) {
  Lanes lanes(count);
  AttentionScratch own(scratch, args.width);
  float* packed = own.columns[0];
  float* gradients = own.columns[1];
  float* sums = own.columns[2];
  float lse[kBlock] = {};
  float delta[kBlock] = {};
  float factor[kBlock];
  clear(own.scores, 2 * kBlock * kBlock);
  clear(sums, args.width * kBlock);
  lanes.pack(args.q + first * args.row_step, args.row_step, args.width, packed);
  lanes.pack(args.dy + first * args.y_step, args.y_step, args.width, gradients);
  for (int64_t i = 0; i < kBlock; i++) factor[i] = args.scale;
  for (int64_t i = 0; i < count; i++) {
    const float* dy = args.dy + (first + i) * args.y_step;
    const float* y = args.y + (first + i) * args.y_step;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t d = 0; d < args.width; d++) sum += dy[d] * y[d];
    delta[i] = sum;
    args.delta[(first + i) * args.lse_step] = sum;
    lse[i] = args.lse[(first + i) * args.lse_step];
  }
  for (int64_t other = 0; other < args.pixels; other += kBlock) {
    int64_t keys = args.pixels - other < kBlock ? args.pixels - other : kBlock;
    int64_t at = other * args.row_step;
    lanes.score(args.k + at, args.row_step, keys, args.width, packed, own.scores);
    lanes.score(args.v + at, args.row_step, keys, args.width, gradients, own.slopes);
    for (int64_t j = 0; j < keys; j++) {
      const float* score = own.scores + j * kBlock;
      float* slope = own.slopes + j * kBlock;
#pragma omp simd
      for (int64_t i = 0; i < kBlock; i++) {
        slope[i] = exp(score[i] * args.scale - lse[i]) * (slope[i] - delta[i]);
      }
    }
    lanes.add(args.k + at, args.row_step, keys, args.width, own.slopes, sums);
  }
  lanes.unpack(sums, factor, args.row_step, args.width, args.dq + first * args.row_step);
}

void attention_keys(const AttentionArgs& args, int64_t first, int64_t count, float* scratch) {
  Lanes lanes(count);
  AttentionScratch own(scratch, args.width);
  float* keys = own.columns[0];
  float* values = own.columns[1];
  float* key_sums = own.columns[2];
  float* value_sums = own.columns[3];
  float factor[kBlock];
  clear(own.scores, 2 * kBlock * kBlock);
  clear(key_sums, 2 * args.width * kBlock);
  lanes.pack(args.k + first * args.row_step, args.row_step, args.width, keys);
  lanes.pack(args.v + first * args.row_step, args.row_step, args.width, values);
  for (int64_t other = 0; other < args.pixels; other += kBlock) {
    int64_t queries = args.pixels - other < kBlock ? args.pixels - other : kBlock;
    const float* q = args.q + other * args.row_step;
    const float* dy = args.dy + other * args.y_step;
    lanes.score(q, args.row_step, queries, args.width, keys, own.scores);
    lanes.score(dy, args.y_step, queries, args.width, values, own.slopes);
    for (int64_t i = 0; i < queries; i++) {
      float lse = args.lse[(other + i) * args.lse_step];
      float delta = args.delta[(other + i) * args.lse_step];
      float* score = own.scores + i * kBlock;
      float* slope = own.slopes + i * kBlock;
#pragma omp simd
      for (int64_t j = 0; j < kBlock; j++) {
        float p = exp(score[j] * args.scale - lse);
        score[j] = p;
        slope[j] = p * (slope[j] - delta);
      }
    }
    lanes.add(dy, args.y_step, queries, args.width, own.scores, value_sums);
    lanes.add(q, args.row_step, queries, args.width, own.slopes, key_sums);
  }
  for (int64_t j = 0; j < kBlock; j++) factor[j] = args.scale;
  lanes.unpack(key_sums, factor, args.row_step, args.width, args.dk + first * args.row_step);
  for (int64_t j = 0; j < kBlock; j++) factor[j] = 1.0f;
  lanes.unpack(value_sums, factor, args.row_step, args.width, args.dv + first * args.row_step);
}

constexpr AttentionKernels kAttention = {attention_forward, attention_queries, attention_keys};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

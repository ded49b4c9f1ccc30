// SPDX-License-Identifier: Apache-2.0
// Pooling, upsampling and changes of order. Loops are over the channels of a pixel, which lie side
// by side.
#pragma once

#include "norm.hpp"

namespace vae4j {
namespace VAE4J_ISA {
namespace {

// The channels whose greatest values are kept at once.
constexpr int64_t kPoolChannels = 64;

// The rows and columns of a block that swap_axes reads before it goes on.
constexpr int64_t kSwapBlock = 16;

// Of a window, the range of its rows, or columns, that are not padding.
struct Taps {
  int64_t first;  // the image's row that the window's row 0 is; below 0 in the padding
  int64_t begin;
  int64_t end;
};

VAE4J_INLINE Taps taps_of(int64_t at, int64_t stride, int64_t padding, int64_t kernel,
                          int64_t size) {
  int64_t first = at * stride - padding;
  return {first, first < 0 ? -first : 0, size - first < kernel ? size - first : kernel};
}

void pool(const PoolArgs& args, int64_t begin, int64_t end) {
  int64_t channels = args.channels;
  float share = 1.0f / static_cast<float>(args.kernel_height * args.kernel_width);
  for (int64_t row = begin; row < end; row++) {
    const float* image = args.x + row / args.rows * args.height * args.width * channels;
    Taps rows = taps_of(row % args.rows, args.stride_height, args.padding_height,
                        args.kernel_height, args.height);
    for (int64_t q = 0; q < args.columns; q++) {
      Taps columns =
          taps_of(q, args.stride_width, args.padding_width, args.kernel_width, args.width);
      float* y = args.y + (row * args.columns + q) * channels;
      float start = args.average ? 0.0f : -__builtin_inff();
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) y[c] = start;
      for (int64_t k = rows.begin; k < rows.end; k++) {
        for (int64_t l = columns.begin; l < columns.end; l++) {
          const float* x = image + ((rows.first + k) * args.width + columns.first + l) * channels;
          if (args.average) {
#pragma omp simd
            for (int64_t c = 0; c < channels; c++) y[c] += x[c];
          } else {
#pragma omp simd
            for (int64_t c = 0; c < channels; c++)
              y[c] = x[c] <= y[c] || y[c] != y[c] ? y[c] : x[c];
          }
        }
      }
      if (args.average) {
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) y[c] *= share;
      }
    }
  }
}

// Adds dy to the first greatest element of a window, of some channels from the pointers on.
inline void add_to_greatest(const PoolArgs& args, const Taps& rows, const Taps& columns,
                            const float* x, const float* dy, float* dx, int64_t count) {
  float most[kPoolChannels];
  int32_t best[kPoolChannels];
  int32_t tap = 0;
  for (int64_t k = rows.begin; k < rows.end; k++) {
    for (int64_t l = columns.begin; l < columns.end; l++, tap++) {
      const float* from = x + ((rows.first + k) * args.width + columns.first + l) * args.channels;
      if (tap == 0) {
#pragma omp simd
        for (int64_t c = 0; c < count; c++) {
          most[c] = from[c];
          best[c] = 0;
        }
        continue;
      }
#pragma omp simd
      for (int64_t c = 0; c < count; c++) {
        bool kept = from[c] <= most[c] || most[c] != most[c];
        most[c] = kept ? most[c] : from[c];
        best[c] = kept ? best[c] : tap;
      }
    }
  }
  tap = 0;
  for (int64_t k = rows.begin; k < rows.end; k++) {
    for (int64_t l = columns.begin; l < columns.end; l++, tap++) {
      float* to = dx + ((rows.first + k) * args.width + columns.first + l) * args.channels;
#pragma omp simd
      for (int64_t c = 0; c < count; c++) to[c] += best[c] == tap ? dy[c] : 0.0f;
    }
  }
}

void pool_backward(const PoolArgs& args, int64_t image) {
  int64_t channels = args.channels;
  int64_t size = args.height * args.width * channels;
  const float* x = args.x + image * size;
  float* dx = args.dx + image * size;
  float share = 1.0f / static_cast<float>(args.kernel_height * args.kernel_width);
#pragma omp simd
  for (int64_t i = 0; i < size; i++) dx[i] = 0.0f;
  for (int64_t p = 0; p < args.rows; p++) {
    Taps rows =
        taps_of(p, args.stride_height, args.padding_height, args.kernel_height, args.height);
    for (int64_t q = 0; q < args.columns; q++) {
      Taps columns =
          taps_of(q, args.stride_width, args.padding_width, args.kernel_width, args.width);
      const float* dy = args.y + ((image * args.rows + p) * args.columns + q) * channels;
      if (!args.average) {
        for (int64_t c = 0; c < channels; c += kPoolChannels) {
          int64_t count = channels - c < kPoolChannels ? channels - c : kPoolChannels;
          add_to_greatest(args, rows, columns, x + c, dy + c, dx + c, count);
        }
        continue;
      }
      for (int64_t k = rows.begin; k < rows.end; k++) {
        for (int64_t l = columns.begin; l < columns.end; l++) {
          float* to = dx + ((rows.first + k) * args.width + columns.first + l) * channels;
#pragma omp simd
          for (int64_t c = 0; c < channels; c++) to[c] += share * dy[c];
        }
      }
    }
  }
}

// The two rows, or columns, that one of the larger image lies between, and the second's weight.
struct Between {
  int64_t first;
  int64_t second;
  float weight;
};

// In whole numbers, so that the weight is the nearest float: 2 (at + 0.5) / factor - 1 over 2.
VAE4J_INLINE Between between(int64_t at, int64_t factor, int64_t size) {
  int64_t place = 2 * at + 1 - factor;
  if (place < 0) place = 0;
  int64_t first = place / (2 * factor);
  int64_t second = first + 1 < size ? first + 1 : first;
  float weight = static_cast<float>(place % (2 * factor)) / static_cast<float>(2 * factor);
  return {first, second, weight};
}

inline void upsample_nearest(const UpsampleArgs& args, int64_t row) {
  int64_t channels = args.channels;
  int64_t pitch = args.width * args.factor_width * channels;
  const float* x = args.small + row * args.width * channels;
  float* y = args.large + row * args.factor_height * pitch;
  for (int64_t w = 0; w < args.width; w++) {
    for (int64_t j = 0; j < args.factor_width; j++) {
      const float* from = x + w * channels;
      float* to = y + (w * args.factor_width + j) * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) to[c] = from[c];
    }
  }
  for (int64_t i = 1; i < args.factor_height; i++) {
    float* to = y + i * pitch;
#pragma omp simd
    for (int64_t c = 0; c < pitch; c++) to[c] = y[c];
  }
}

// y += weight x, unless the weight is 0.
void add_pixel(float weight, const float* x, float* y, int64_t channels) {
  if (weight == 0.0f) return;
#pragma omp simd
  for (int64_t c = 0; c < channels; c++) y[c] += weight * x[c];
}

inline void upsample_bilinear(const UpsampleArgs& args, int64_t row) {
  int64_t channels = args.channels;
  int64_t columns = args.width * args.factor_width;
  int64_t rows = args.height * args.factor_height;
  Between high = between(row % rows, args.factor_height, args.height);
  const float* image = args.small + row / rows * args.height * args.width * channels;
  const float* top = image + high.first * args.width * channels;
  const float* bottom = image + high.second * args.width * channels;
  for (int64_t q = 0; q < columns; q++) {
    Between wide = between(q, args.factor_width, args.width);
    float* y = args.large + (row * columns + q) * channels;
    int64_t left = wide.first * channels;
    int64_t right = wide.second * channels;
    float w11 = high.weight * wide.weight;
    float w10 = high.weight * (1.0f - wide.weight);
    float w01 = (1.0f - high.weight) * wide.weight;
    float w00 = (1.0f - high.weight) * (1.0f - wide.weight);
    if (w00 != 0.0f && w01 != 0.0f && w10 != 0.0f && w11 != 0.0f) {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        y[c] = w00 * top[left + c] + w01 * top[right + c] + w10 * bottom[left + c] +
               w11 * bottom[right + c];
      }
      continue;
    }
    // A pixel of weight 0 has no part in the sum, also where it is infinite.
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) y[c] = 0.0f;
    add_pixel(w00, top + left, y, channels);
    add_pixel(w01, top + right, y, channels);
    add_pixel(w10, bottom + left, y, channels);
    add_pixel(w11, bottom + right, y, channels);
  }
}

void upsample(const UpsampleArgs& args, int64_t row) {
  if (!args.bilinear) return upsample_nearest(args, row);
  for (int64_t i = 0; i < args.factor_height; i++) {
    upsample_bilinear(args, row * args.factor_height + i);
  }
}

void upsample_backward(const UpsampleArgs& args, int64_t row) {
  int64_t channels = args.channels;
  int64_t columns = args.width * args.factor_width;
  int64_t rows = args.height * args.factor_height;
  int64_t h = row % args.height;
  const float* image = args.large + row / args.height * rows * columns * channels;
  float* dx = args.small + row * args.width * channels;
#pragma omp simd
  for (int64_t c = 0; c < args.width * channels; c++) dx[c] = 0.0f;
  // A row is the first one of those between it and the next, and the second one of those before.
  int64_t reach = args.bilinear ? args.factor_height : 0;
  int64_t begin = h * args.factor_height - reach;
  int64_t end = (h + 1) * args.factor_height + reach;
  for (int64_t p = begin < 0 ? 0 : begin; p < end && p < rows; p++) {
    float weight = 1.0f;
    if (args.bilinear) {
      Between high = between(p, args.factor_height, args.height);
      weight =
          (high.first == h ? 1.0f - high.weight : 0.0f) + (high.second == h ? high.weight : 0.0f);
      if (weight == 0.0f) continue;
    }
    for (int64_t q = 0; q < columns; q++) {
      const float* dy = image + (p * columns + q) * channels;
      if (!args.bilinear) {
        float* to = dx + q / args.factor_width * channels;
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) to[c] += dy[c];
        continue;
      }
      Between wide = between(q, args.factor_width, args.width);
      float* left = dx + wide.first * channels;
      float* right = dx + wide.second * channels;
      float right_weight = weight * wide.weight;
      float left_weight = weight - right_weight;
      add_pixel(left_weight, dy, left, channels);
      add_pixel(right_weight, dy, right, channels);
    }
  }
}

void pixel_shuffle(const ShuffleArgs& args, int64_t row) {
  int64_t channels = args.channels;
  int64_t taps = args.factor_height * args.factor_width;
  int64_t pitch = args.width * args.factor_width * channels;
  int64_t depth = channels * taps;
  int64_t packed = row * args.width * depth;
  int64_t image = row * args.factor_height * pitch;
  for (int64_t w = 0; w < args.width; w++) {
    for (int64_t tap = 0; tap < taps; tap++) {
      int64_t one = packed + w * depth + tap;
      int64_t other = image + tap / args.factor_width * pitch +
                      (w * args.factor_width + tap % args.factor_width) * channels;
      if (args.inverse) {
        for (int64_t c = 0; c < channels; c++) args.y[one + c * taps] = args.x[other + c];
      } else {
        for (int64_t c = 0; c < channels; c++) args.y[other + c] = args.x[one + c * taps];
      }
    }
  }
}

void swap_axes(const float* x, float* y, int64_t as, int64_t bs, int64_t cs, int64_t begin,
               int64_t end) {
  for (int64_t a0 = 0; a0 < as; a0 += kSwapBlock) {
    int64_t a1 = as - a0 < kSwapBlock ? as : a0 + kSwapBlock;
    for (int64_t b0 = begin; b0 < end; b0 += kSwapBlock) {
      int64_t b1 = end - b0 < kSwapBlock ? end : b0 + kSwapBlock;
      for (int64_t b = b0; b < b1; b++) {
        if (cs == 1) {
          for (int64_t a = a0; a < a1; a++) y[b * as + a] = x[a * bs + b];
          continue;
        }
        for (int64_t a = a0; a < a1; a++) {
          const float* from = x + (a * bs + b) * cs;
          float* to = y + (b * as + a) * cs;
#pragma omp simd
          for (int64_t c = 0; c < cs; c++) to[c] = from[c];
        }
      }
    }
  }
}

constexpr ImageKernels kImage = {
    moments,       normalize, norm_sums,         normalize_backward, pool,
    pool_backward, upsample,  upsample_backward, pixel_shuffle,      swap_axes,
};

}  // namespace
}  // namespace VAE4J_ISA
}  // namespace vae4j

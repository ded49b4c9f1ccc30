// SPDX-License-Identifier: Apache-2.0
// The loops over images (height, width, channels) other than convolutions, for kernels.hpp.
#pragma once

#include <cstdint>

namespace vae4j {

// Numbers of each column. With h = (x - mean) inverse: dx = outer (inner dy - share - h
// normal_share).
struct NormColumns {
  const float* mean;
  const float* inverse;
  const float* outer;
  const float* inner;
  const float* share;
  const float* normal_share;
};

struct PoolArgs {
  const float* x;
  float* y;        // of the backward loop: dy, which it reads
  float* dx;       // of the backward loop
  int64_t height;  // of x
  int64_t width;
  int64_t rows;  // of y
  int64_t columns;
  int64_t channels;
  int64_t kernel_height;
  int64_t kernel_width;
  int64_t stride_height;
  int64_t stride_width;
  int64_t padding_height;
  int64_t padding_width;
  bool average;
};

// small is x, or dx of the backward loops; large is y, or dy.
struct UpsampleArgs {
  float* small;
  float* large;
  int64_t height;
  int64_t width;
  int64_t channels;
  int64_t factor_height;
  int64_t factor_width;
  bool bilinear;
};

// One row of pixels with many channels, and its block of rows of the larger image.
struct ShuffleArgs {
  const float* x;
  float* y;
  int64_t width;  // of the smaller image
  int64_t channels;
  int64_t factor_height;
  int64_t factor_width;
  bool inverse;
};

struct ImageKernels {
  // Of each column of a matrix of some rows: the mean, and the sum of the squared deviations.
  void (*moments)(const float* x, int64_t rows, int64_t columns, double* means, double* squares);
  // y = (x - mean) factor + shift, each by its column.
  void (*normalize)(const float* x, float* y, int64_t rows, int64_t columns, const float* mean,
                    const float* factor, const float* shift);
  // Of each column: the sums of dy, and of dy (x - mean) inverse.
  void (*norm_sums)(const float* x, const float* dy, int64_t rows, int64_t columns,
                    const float* mean, const float* inverse, double* sums, double* normal_sums);
  void (*normalize_backward)(const NormColumns&, const float* x, const float* dy, float* dx,
                             int64_t rows, int64_t columns);
  // Rows [begin, end) of y, counted through all images.
  void (*pool)(const PoolArgs&, int64_t begin, int64_t end);
  // One image.
  void (*pool_backward)(const PoolArgs&, int64_t image);
  // A row of the smaller image, counted through all images, with its rows of the larger one.
  void (*upsample)(const UpsampleArgs&, int64_t row);
  void (*upsample_backward)(const UpsampleArgs&, int64_t row);
  void (*pixel_shuffle)(const ShuffleArgs&, int64_t row);
  // y[b, a, c] = x[a, b, c] for b in [begin, end).
  void (*swap_axes)(const float* x, float* y, int64_t as, int64_t bs, int64_t cs, int64_t begin,
                    int64_t end);
};

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// The loops of convolutions, one entry for each in a set of kernels.
#pragma once

#include <cstdint>

namespace vae4j {

// The products of pixels and packed weights: v[pixel, column] = bias[column] + the sum over
// segments and the numbers of a segment of image times weight. Columns are computed in tiles of
// 2 lanes, the last one of 1 where that is enough; a tile's weights are (segments run, its columns).
struct ConvPixels {
  const float* image;       // the first pixel's first number
  const int64_t* segments;  // from a pixel's first number to the first one of each segment
  int64_t segment_count;
  int64_t run;          // numbers of a segment
  const float* weight;  // of all tiles
  const float* bias;    // of all tiles
  float* v;             // the first pixel's first column
  int64_t columns;
  int64_t rows;  // of pixels
  int64_t width;
  int64_t image_row_step;
  int64_t image_step;
  int64_t row_step;  // of v
  int64_t step;
};

// The sums over pixels of the products of a run of numbers of the one image and columns of the
// other one: sums[number, column] += image[pixel, number] other[pixel, column].
struct ConvSums {
  const float* image;
  const float* other;  // readable up to the last tile's last lane
  float* sums;         // (run, sums_step)
  int64_t run;
  int64_t columns;
  int64_t images;
  int64_t rows;  // of pixels
  int64_t width;
  int64_t image_steps[3];  // from an image, a row and a pixel to the next
  int64_t other_steps[3];
  int64_t sums_step;  // the columns, rounded up to whole vectors
};

// Adds columns of a transposed convolution to a row of its output: row[pixel row_step + i] +=
// columns[pixel columns_step + i] for i < run.
struct ConvScatter {
  const float* columns;
  float* row;
  int64_t run;
  int64_t pixels;
  int64_t columns_step;
  int64_t row_step;
};

struct ConvKernels {
  int64_t lanes;  // columns of a vector
  // packed[d, c] = weight[d depth_step + c column_step], 0 from column columns to width.
  void (*pack)(const float* weight, int64_t depth_step, int64_t column_step, int64_t depth,
               int64_t columns, int64_t width, float* packed);
  void (*pixels)(const ConvPixels&);
  void (*sums)(const ConvSums&);
  void (*scatter)(const ConvScatter&);
  // weight[c column_step + d] = the sum over parts of parts[part part_step + d width + c].
  void (*join)(const float* parts, int64_t part_count, int64_t part_step, int64_t depth,
               int64_t columns, int64_t width, int64_t column_step, float* weight);
};

}  // namespace vae4j

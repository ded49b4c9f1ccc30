// SPDX-License-Identifier: Apache-2.0
// The three products of a convolution from a large image (N, H, W, C) to a small one (N, P, Q, O)
// by a weight (O, K, L, C / groups), planned once. Images have their channels last and stay so: a
// thread copies a band of an image with its padding into memory of its own, which the cache holds.
#pragma once

#include <cstdint>
#include <vector>

#include "context.hpp"

namespace vae4j {

// Height or width of both images, and of the window.
struct ConvAxis {
  int64_t large;
  int64_t small;
  int64_t kernel;
  int64_t stride;
  int64_t padding;
  int64_t dilation;
};

struct ConvShape {
  int64_t images;
  ConvAxis height;
  ConvAxis width;
  int64_t large_channels;
  int64_t small_channels;
  int64_t groups;

  int64_t large_group() const { return large_channels / groups; }
  int64_t small_group() const { return small_channels / groups; }
  int64_t taps() const { return height.kernel * width.kernel; }
  // From a channel of the small image to the next one in the weight.
  int64_t weight_step() const { return taps() * large_group(); }
};

// A place of the kernel, and the pixel there, counted from that of output pixel 0 of its class.
struct ConvTap {
  int64_t place;
  int64_t offset;
};

// The output pixels first, first + step, ... of an axis, which all have the same taps.
struct ConvClass {
  int64_t first;
  int64_t count;
  std::vector<ConvTap> taps;  // by offset
};

// How the output of an axis is computed from its input: pixel u of a class from the input pixels
// u input_step + offset - before.
struct ConvReads {
  int64_t input;
  int64_t output;
  int64_t input_step;
  int64_t output_step;
  int64_t before;  // zeros before the input
  int64_t reach;   // the most offset
  std::vector<ConvClass> classes;

  // From the large image to the small one.
  static ConvReads down(const ConvAxis& axis);
  // From the small one to the large one: a class for each remainder of a pixel by the stride.
  static ConvReads up(const ConvAxis& axis);

  int64_t most() const { return classes[0].count; }
  // Pixels of the padded input that count output pixels of a class read.
  int64_t needed(int64_t count) const { return (count - 1) * input_step + reach + 1; }
  bool padded() const { return before > 0 || needed(most()) > input; }
};

// Copies rows of an image, zeros being outside of it.
class ConvBand {
 public:
  ConvBand(int64_t height, int64_t width, int64_t channels, int64_t before, int64_t padded_width)
      : height_(height),
        width_(width),
        channels_(channels),
        before_(before),
        padded_width_(padded_width) {}

  // Row first + i step of the image becomes row i.
  void copy(const float* image, int64_t first, int64_t step, int64_t rows, float* band) const;

 private:
  int64_t height_;
  int64_t width_;
  int64_t channels_;
  int64_t before_;
  int64_t padded_width_;
};

// v = bias + the convolution (down) or the transposed one (up) of an image; y = activation(v).
class ConvImages {
 public:
  // bias and activation may be null. Where v is y, activation works in place.
  struct Operands {
    const float* input;
    const float* weight;
    const float* bias;
    float* v;
    float* y;
    const ActivationKernel* activation;
  };

  static ConvImages down(Context& context, const ConvShape& shape, const Operands& operands);
  static ConvImages up(Context& context, const ConvShape& shape, const Operands& operands);

  void run();

 private:
  struct Channels {
    int64_t input;
    int64_t output;
    int64_t depth;    // channels of the input in a group
    int64_t columns;  // channels of the output in a group
    int64_t depth_step;
    int64_t column_step;  // in the weight
  };

  ConvImages(Context& context, const ConvShape& shape, const Operands& operands, ConvReads rows,
             ConvReads columns, const Channels& channels);

  void pack(float* packed, float* bias) const;
  void compute(const float* packed, const float* bias, float* own, int64_t item) const;
  void compute(const float* packed, const float* bias, const float* image, int64_t n,
               int64_t begin, int64_t end) const;

  Context& context_;
  ConvShape shape_;
  Operands operands_;
  ConvReads rows_;
  ConvReads columns_;
  Channels channels_;
  bool padded_;
  bool joined_;  // whether a row's taps are one segment
  int64_t padded_width_;
  int64_t packed_columns_;  // of a group
  int64_t band_rows_;       // of a class
  int64_t band_floats_;
  int64_t work_;
  std::vector<int64_t> segments_;  // of the classes, by rows, then columns
};

// d_weight = the sums over images and pixels of large times small.
class ConvWeights {
 public:
  ConvWeights(Context& context, const ConvShape& shape, const float* large, const float* small,
              float* d_weight);

  void run();

 private:
  void sum(float* part, float* own, int64_t chunk, int64_t place) const;

  Context& context_;
  ConvShape shape_;
  const float* large_;
  const float* small_;
  float* d_weight_;
  int64_t padded_width_;
  int64_t sums_width_;
  int64_t band_rows_;
  int64_t large_floats_;
  int64_t small_floats_;  // of the copy, 0 if there is none
  int64_t part_floats_;
  int64_t chunks_;
};

}  // namespace vae4j

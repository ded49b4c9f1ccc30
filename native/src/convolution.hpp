// SPDX-License-Identifier: Apache-2.0
// The three products of a convolution from a large image (N, H, W, C) to a small one (N, P, Q, O)
// by a weight (O, K, L, C / groups), planned once. Images have their channels last and stay so: a
// thread copies a band of an image with its padding into memory of its own, which the cache holds.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
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

// A size of scratch memory; the product of its factors may have no representation.
int64_t conv_floats(std::initializer_list<int64_t> factors);

// Floats of the shared scratch memory, from an offset.
inline float* conv_scratch(Context& context, int64_t offset) {
  return static_cast<float*>(context.scratch()) + offset;
}

inline void reserve_conv_scratch(Context& context, int64_t floats) {
  context.reserve_scratch(static_cast<size_t>(floats) * sizeof(float));
}

// The columns of a tile of packed weights, the last of which has one vector where that is enough.
inline int64_t tile_width(int64_t columns, int64_t lanes) {
  return columns > lanes ? 2 * lanes : lanes;
}

// The columns of all tiles.
inline int64_t packed_width(int64_t columns, int64_t lanes) {
  int64_t rest = columns % (2 * lanes);
  return columns - rest + (rest > 0 ? tile_width(rest, lanes) : 0);
}

// The most numbers of a band: half the second cache of a core.
constexpr int64_t kBandFloats = int64_t{1} << 17;

// Bands per batch from which on images are not divided for the sake of the threads.
constexpr int64_t kBands = 16;

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

// One of the products that give an image: v = bias + the convolution of the input, or the transposed
// one; y = activation(v).
class ConvProduct {
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

  // From the large image to the small one, and back.
  static std::unique_ptr<ConvProduct> down(Context& context, const ConvShape& shape,
                                           const Operands& operands);
  static std::unique_ptr<ConvProduct> up(Context& context, const ConvShape& shape,
                                         const Operands& operands);

  virtual ~ConvProduct() = default;
  virtual void run() = 0;

 protected:
  ConvProduct(Context& context, const ConvShape& shape, const Operands& operands);

  // y of v from an offset on.
  void activate(int64_t offset, int64_t count) const;

  Context& context_;
  const ConvShape shape_;
  const Operands operands_;
  const int64_t work_;
};

// Sums the window of each pixel of the output. A transposed convolution is one convolution for each
// remainder of a pixel by the stride.
class ConvImages final : public ConvProduct {
 public:
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

  void run() override;

 private:
  void pack(float* packed, float* bias) const;
  void compute(const float* packed, const float* bias, float* own, int64_t item) const;
  void compute(const float* packed, const float* bias, const float* image, int64_t n, int64_t begin,
               int64_t end) const;

  ConvReads rows_;
  ConvReads columns_;
  Channels channels_;
  bool padded_;
  bool joined_;  // whether a row's taps are one segment
  int64_t padded_width_;
  int64_t packed_columns_;  // of a group
  int64_t band_rows_;       // of a class
  int64_t band_floats_;
  std::vector<int64_t> segments_;  // of the classes, by rows, then columns
};

// A transposed convolution to fewer channels than a vector has: the product of all pixels with the
// whole weight, whose columns fill vectors, is added to the output tap by tap.
class ConvScattered final : public ConvProduct {
 public:
  ConvScattered(Context& context, const ConvShape& shape, const Operands& operands);

  // Whether this way is the faster one.
  static bool suits(const Context& context, const ConvShape& shape);

  void run() override;

 private:
  void compute(const float* packed, const float* zeros, const float* bias, float* own,
               int64_t item) const;
  void add(const float* columns, int64_t k, float* row) const;

  int64_t spread_;  // columns of the product
  int64_t packed_columns_;
  int64_t row_floats_;  // of the output, with its padding
  int64_t band_rows_;   // of the output
  int64_t band_floats_;
};

// d_weight = the sums over images and pixels of large times small.
class ConvWeights {
 public:
  ConvWeights(Context& context, const ConvShape& shape, const float* large, const float* small,
              float* d_weight);

  void run();

 private:
  // Pixels of the small image: rows of images, or all of several images.
  struct Block {
    int64_t image;
    int64_t images;
    int64_t row;
    int64_t rows;
  };

  void sum(float* part, float* own, int64_t chunk, int64_t first) const;
  void sum(float* part, float* own, const Block& block, int64_t place) const;
  void sum_joined(ConvSums args, float* own, const Block& block, int64_t place) const;

  Context& context_;
  ConvShape shape_;
  const float* large_;
  const float* small_;
  float* d_weight_;
  bool joined_;  // whether a kernel row's numbers are one run, of a padded copy
  int64_t padded_width_;
  int64_t sums_width_;
  int64_t block_images_;
  int64_t block_rows_;
  int64_t large_floats_;  // of the copies, 0 if there are none
  int64_t small_floats_;
  int64_t part_floats_;
  int64_t places_;  // rows of the kernel that are computed together
  int64_t chunks_;
};

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "convolution.hpp"
#include "parallel.hpp"

namespace vae4j {

bool ConvScattered::suits(const Context& context, const ConvShape& shape) {
  return shape.groups == 1 && 2 * shape.large_channels <= context.kernels.conv.lanes;
}

ConvScattered::ConvScattered(Context& context, const ConvShape& shape, const Operands& operands)
    : ConvProduct(context, shape, operands),
      spread_(shape.weight_step()),
      packed_columns_(packed_width(spread_, context.kernels.conv.lanes)) {
  const ConvAxis& width = shape.width;
  int64_t pixels =
      std::max((width.small - 1) * width.stride + (width.kernel - 1) * width.dilation + 1,
               width.padding + width.large);
  row_floats_ = conv_floats({pixels, shape.large_channels});
  int64_t bands = chunks_of(kBands, shape.images);
  band_rows_ = std::max<int64_t>(
      1, std::min(kBandFloats / row_floats_, chunks_of(shape.height.large, bands)));
  band_floats_ = conv_floats({band_rows_, row_floats_}) + conv_floats({width.small, spread_});
  reserve_conv_scratch(context, conv_floats({packed_columns_, shape.small_channels + 1}) +
                                    row_floats_ + conv_floats({context.threads, band_floats_}));
}

void ConvScattered::run() {
  const ConvKernels& kernels = context_.kernels.conv;
  float* zeros = conv_scratch(context_, 0);
  float* bias = zeros + packed_columns_;
  float* packed = bias + row_floats_;
  float* own = packed + packed_columns_ * shape_.small_channels;
  std::fill_n(zeros, packed_columns_, 0.0f);
  for (int64_t i = 0; i < row_floats_; i++) {
    bias[i] = operands_.bias == nullptr ? 0 : operands_.bias[i % shape_.large_channels];
  }
  for (int64_t first = 0; first < spread_; first += 2 * kernels.lanes) {
    int64_t given = std::min(2 * kernels.lanes, spread_ - first);
    kernels.pack(operands_.weight + first, spread_, 1, shape_.small_channels, given,
                 tile_width(given, kernels.lanes), packed + first * shape_.small_channels);
  }
  int64_t items = shape_.images * chunks_of(shape_.height.large, band_rows_);
  for_chunks(context_.threads, items, work_, [&](int64_t item) {
    compute(packed, zeros, bias, own + omp_get_thread_num() * band_floats_, item);
  });
}

void ConvScattered::compute(const float* packed, const float* zeros, const float* bias, float* own,
                            int64_t item) const {
  const ConvAxis& height = shape_.height;
  int64_t bands = chunks_of(height.large, band_rows_);
  int64_t n = item / bands;
  int64_t begin = item % bands * band_rows_;
  int64_t end = std::min(begin + band_rows_, height.large);
  int64_t input_row = shape_.width.small * shape_.small_channels;
  int64_t output_row = shape_.width.large * shape_.large_channels;
  float* columns = own + band_rows_ * row_floats_;
  for (int64_t p = begin; p < end; p++) {
    std::copy_n(bias, row_floats_, own + (p - begin) * row_floats_);
  }
  // The first row of the small image with a tap in the band, and the row after the last one.
  int64_t reach = (height.kernel - 1) * height.dilation;
  int64_t first =
      std::max<int64_t>(0, begin + height.padding - reach + height.stride - 1) / height.stride;
  int64_t last = std::min(height.small, (end - 1 + height.padding) / height.stride + 1);
  const int64_t segment = 0;
  ConvPixels args;
  args.segments = &segment;
  args.segment_count = 1;
  args.run = shape_.small_channels;
  args.weight = packed;
  args.bias = zeros;
  args.v = columns;
  args.columns = spread_;
  args.rows = 1;
  args.width = shape_.width.small;
  args.image_row_step = input_row;
  args.image_step = shape_.small_channels;
  args.row_step = 0;
  args.step = spread_;
  for (int64_t h = first; h < last; h++) {
    args.image = operands_.input + (n * height.small + h) * input_row;
    context_.kernels.conv.pixels(args);
    for (int64_t k = 0; k < height.kernel; k++) {
      int64_t p = h * height.stride - height.padding + k * height.dilation;
      if (p >= begin && p < end) add(columns, k, own + (p - begin) * row_floats_);
    }
  }
  for (int64_t p = begin; p < end; p++) {
    std::copy_n(own + (p - begin) * row_floats_ + shape_.width.padding * shape_.large_channels,
                output_row, operands_.v + (n * height.large + p) * output_row);
  }
  activate((n * height.large + begin) * output_row, (end - begin) * output_row);
}

// Adds a row of the kernel.
void ConvScattered::add(const float* columns, int64_t k, float* row) const {
  const ConvAxis& width = shape_.width;
  int64_t channels = shape_.large_channels;
  bool joined = width.dilation == 1;
  ConvScatter args;
  args.run = joined ? width.kernel * channels : channels;
  args.pixels = width.small;
  args.columns_step = spread_;
  args.row_step = width.stride * channels;
  for (int64_t l = 0; l < (joined ? 1 : width.kernel); l++) {
    args.columns = columns + (k * width.kernel + l) * channels;
    args.row = row + l * width.dilation * channels;
    context_.kernels.conv.scatter(args);
  }
}

}  // namespace vae4j

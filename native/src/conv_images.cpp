// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <new>

#include "convolution.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

constexpr int64_t kActivatedFloats = 4096;

}  // namespace

int64_t conv_floats(std::initializer_list<int64_t> factors) {
  int64_t floats = work_of(factors);
  if (floats >= int64_t{1} << 48) throw std::bad_alloc();
  return floats;
}

ConvReads ConvReads::down(const ConvAxis& axis) {
  ConvReads reads{axis.large,           axis.small,
                  axis.stride,          1,
                  axis.padding,         (axis.kernel - 1) * axis.dilation,
                  {{0, axis.small, {}}}};
  for (int64_t k = 0; k < axis.kernel; k++) {
    reads.classes[0].taps.push_back({k, k * axis.dilation});
  }
  return reads;
}

ConvReads ConvReads::up(const ConvAxis& axis) {
  ConvReads reads{axis.small, axis.large, 1, axis.stride, 0, 0, {}};
  int64_t count = std::min(axis.stride, axis.large);
  for (int64_t first = 0; first < count; first++) {
    reads.classes.push_back({first, chunks_of(axis.large - first, axis.stride), {}});
  }
  for (int64_t k = axis.kernel - 1; k >= 0; k--) {
    // Rounded down: a tap before the small image has a negative offset.
    int64_t from = k * axis.dilation - axis.padding;
    int64_t remainder = (from % axis.stride + axis.stride) % axis.stride;
    if (remainder >= count) continue;
    int64_t offset = (remainder - from) / axis.stride;
    reads.classes[static_cast<size_t>(remainder)].taps.push_back({k, offset});
    reads.before = std::max(reads.before, -offset);
    reads.reach = std::max(reads.reach, offset);
  }
  reads.reach += reads.before;
  for (ConvClass& each : reads.classes) {
    for (ConvTap& tap : each.taps) tap.offset += reads.before;
  }
  return reads;
}

void ConvBand::copy(const float* image, int64_t first, int64_t step, int64_t rows,
                    float* band) const {
  int64_t left = before_ * channels_;
  int64_t floats = padded_width_ * channels_;
  int64_t inside = std::max<int64_t>(0, std::min(floats - left, width_ * channels_));
  for (int64_t i = 0; i < rows; i++, band += floats) {
    int64_t row = first + i * step;
    if (row < 0 || row >= height_) {
      std::fill_n(band, floats, 0.0f);
      continue;
    }
    int64_t zeros = std::min(left, floats);
    std::fill_n(band, zeros, 0.0f);
    std::copy_n(image + row * width_ * channels_, inside, band + zeros);
    std::fill_n(band + zeros + inside, floats - zeros - inside, 0.0f);
  }
}

ConvProduct::ConvProduct(Context& context, const ConvShape& shape, const Operands& operands)
    : context_(context),
      shape_(shape),
      operands_(operands),
      work_(work_of({shape.images, shape.height.small, shape.width.small, shape.small_channels,
                     shape.weight_step()})) {}

void ConvProduct::activate(int64_t offset, int64_t count) const {
  if (operands_.activation == nullptr) return;
  operands_.activation->forward(operands_.v + offset, operands_.y + offset, count);
}

std::unique_ptr<ConvProduct> ConvProduct::down(Context& context, const ConvShape& shape,
                                               const Operands& operands) {
  ConvImages::Channels channels{
      shape.large_channels, shape.small_channels, shape.large_group(), shape.small_group(), 1,
      shape.weight_step()};
  return std::make_unique<ConvImages>(context, shape, operands, ConvReads::down(shape.height),
                                      ConvReads::down(shape.width), channels);
}

std::unique_ptr<ConvProduct> ConvProduct::up(Context& context, const ConvShape& shape,
                                             const Operands& operands) {
  if (ConvScattered::suits(context, shape)) {
    return std::make_unique<ConvScattered>(context, shape, operands);
  }
  ConvImages::Channels channels{shape.small_channels, shape.large_channels, shape.small_group(),
                                shape.large_group(),  shape.weight_step(),  1};
  return std::make_unique<ConvImages>(context, shape, operands, ConvReads::up(shape.height),
                                      ConvReads::up(shape.width), channels);
}

ConvImages::ConvImages(Context& context, const ConvShape& shape, const Operands& operands,
                       ConvReads rows, ConvReads columns, const Channels& channels)
    : ConvProduct(context, shape, operands),
      rows_(std::move(rows)),
      columns_(std::move(columns)),
      channels_(channels),
      padded_(rows_.padded() || columns_.padded()),
      joined_(shape.groups == 1) {
  int64_t lanes = context.kernels.conv.lanes;
  padded_width_ = padded_ ? columns_.needed(columns_.most()) : columns_.input;
  int64_t row_floats = conv_floats({padded_width_, channels_.input});
  packed_columns_ = packed_width(channels_.columns, lanes);

  // Rows of the padded input that fit, and the output rows that they give.
  int64_t fitting = std::max<int64_t>(0, kBandFloats / row_floats - rows_.reach - 1);
  int64_t bands = chunks_of(kBands, shape.images);
  band_rows_ = std::min(fitting / rows_.input_step + 1, chunks_of(rows_.most(), bands));
  band_floats_ = padded_ ? conv_floats({rows_.needed(band_rows_), row_floats}) : 0;

  // Before the segments, of which there may be as many as weights.
  int64_t floats = conv_floats({shape.groups, packed_columns_,
                                conv_floats({shape.taps(), channels_.depth}) + 1}) +
                   conv_floats({context.threads, band_floats_});
  reserve_conv_scratch(context, floats);

  for (const ConvClass& column : columns_.classes) {
    for (size_t i = 1; i < column.taps.size(); i++) {
      joined_ = joined_ && column.taps[i].offset == column.taps[i - 1].offset + 1;
    }
  }
  for (const ConvClass& row : rows_.classes) {
    for (const ConvClass& column : columns_.classes) {
      for (const ConvTap& k : row.taps) {
        for (const ConvTap& l : column.taps) {
          if (joined_ && &l != &column.taps[0]) continue;
          segments_.push_back((k.offset * padded_width_ + l.offset) * channels_.input);
        }
      }
    }
  }
}

// Packed weights lie by group, class of rows, class of columns, tile, row tap, column tap.
void ConvImages::pack(float* packed, float* bias) const {
  const ConvKernels& kernels = context_.kernels.conv;
  for (int64_t g = 0; g < shape_.groups; g++) {
    for (int64_t c = 0; c < packed_columns_; c++) {
      bool given = operands_.bias != nullptr && c < channels_.columns;
      bias[g * packed_columns_ + c] = given ? operands_.bias[g * channels_.columns + c] : 0;
    }
  }
  struct Piece {
    const float* from;
    float* to;
    int64_t taps;
  };
  float* at = packed;
  int64_t tile = 2 * kernels.lanes;
  for (int64_t g = 0; g < shape_.groups; g++) {
    const float* group = operands_.weight + g * shape_.small_group() * shape_.weight_step();
    for (const ConvClass& row : rows_.classes) {
      for (const ConvClass& column : columns_.classes) {
        for (int64_t first = 0; first < channels_.columns; first += tile) {
          int64_t given = std::min(tile, channels_.columns - first);
          int64_t width = tile_width(given, kernels.lanes);
          int64_t step = channels_.depth * width;
          int64_t count = static_cast<int64_t>(column.taps.size());
          int64_t taps = static_cast<int64_t>(row.taps.size()) * count;
          for_chunks(context_.threads, taps, work_of({taps, step}), [&](int64_t tap) {
            int64_t k = row.taps[static_cast<size_t>(tap / count)].place;
            int64_t l = column.taps[static_cast<size_t>(tap % count)].place;
            kernels.pack(group + (k * shape_.width.kernel + l) * shape_.large_group() +
                             first * channels_.column_step,
                         channels_.depth_step, channels_.column_step, channels_.depth, given, width,
                         at + tap * step);
          });
          at += taps * step;
        }
      }
    }
  }
}

void ConvImages::compute(const float* packed, const float* bias, const float* image, int64_t n,
                         int64_t begin, int64_t end) const {
  int64_t row_floats = padded_width_ * channels_.input;
  int64_t output_row = columns_.output * channels_.output;
  float* output = operands_.v + n * rows_.output * output_row;
  for (int64_t g = 0; g < shape_.groups; g++) {
    const int64_t* segments = segments_.data();
    for (const ConvClass& row : rows_.classes) {
      for (const ConvClass& column : columns_.classes) {
        int64_t columns = static_cast<int64_t>(column.taps.size());
        int64_t taps = static_cast<int64_t>(row.taps.size()) * columns;
        ConvPixels args;
        args.image = image + g * channels_.depth;
        args.segments = segments;
        args.run = joined_ ? columns * channels_.depth : channels_.depth;
        args.segment_count = joined_ && columns > 0 ? taps / columns : taps;
        args.weight = packed;
        args.bias = bias + g * packed_columns_;
        args.v = output + (row.first + begin * rows_.output_step) * output_row +
                 column.first * channels_.output + g * channels_.columns;
        args.columns = channels_.columns;
        args.rows = std::min(end, row.count) - begin;
        args.width = column.count;
        args.image_row_step = rows_.input_step * row_floats;
        args.image_step = columns_.input_step * channels_.input;
        args.row_step = rows_.output_step * output_row;
        args.step = columns_.output_step * channels_.output;
        if (args.rows > 0) context_.kernels.conv.pixels(args);
        segments += args.segment_count;
        packed += taps * channels_.depth * packed_columns_;
      }
    }
  }
  int64_t first = begin * rows_.output_step;
  int64_t last = std::min(end * rows_.output_step, rows_.output);
  activate((n * rows_.output + first) * output_row, (last - first) * output_row);
}

void ConvImages::compute(const float* packed, const float* bias, float* own, int64_t item) const {
  int64_t bands = chunks_of(rows_.most(), band_rows_);
  int64_t n = item / bands;
  int64_t begin = item % bands * band_rows_;
  int64_t end = std::min(begin + band_rows_, rows_.most());
  const float* image = operands_.input + n * rows_.input * columns_.input * channels_.input;
  int64_t row_floats = padded_width_ * channels_.input;
  int64_t first = begin * rows_.input_step;
  image += first * row_floats;
  if (padded_) {
    ConvBand band(rows_.input, columns_.input, channels_.input, columns_.before, padded_width_);
    band.copy(operands_.input + n * rows_.input * columns_.input * channels_.input,
              first - rows_.before, 1, rows_.needed(end - begin), own);
    image = own;
  }
  // So few rows that the activation finds them in the first cache.
  int64_t output_rows = rows_.output_step * columns_.output * channels_.output;
  int64_t some = std::max<int64_t>(1, kActivatedFloats / output_rows);
  for (int64_t row = begin; row < end; row += some) {
    compute(packed, bias, image + (row - begin) * rows_.input_step * row_floats, n, row,
            std::min(row + some, end));
  }
}

void ConvImages::run() {
  float* bias = conv_scratch(context_, 0);
  float* packed = bias + shape_.groups * packed_columns_;
  float* own = packed + shape_.groups * packed_columns_ * shape_.taps() * channels_.depth;
  pack(packed, bias);
  int64_t items = shape_.images * chunks_of(rows_.most(), band_rows_);
  for_chunks(context_.threads, items, work_, [&](int64_t item) {
    compute(packed, bias, own + omp_get_thread_num() * band_floats_, item);
  });
}

}  // namespace vae4j

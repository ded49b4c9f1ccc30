// SPDX-License-Identifier: Apache-2.0
#include "convolution.hpp"

#include <new>

#include "parallel.hpp"

namespace vae4j {
namespace {

// The most numbers of a band: half the second cache of a core.
constexpr int64_t kBandFloats = int64_t{1} << 17;

// Bands per batch from which on images are not divided for the sake of the threads.
constexpr int64_t kBands = 16;

// The most partial sums of a weight's gradient, and the most memory that they take.
constexpr int64_t kChunks = 8;
constexpr int64_t kPartFloats = int64_t{1} << 24;

// Pixels that are summed in one go: the rounding error of a sum of more grows with their number.
constexpr int64_t kSummedPixels = 4096;

// A size of scratch memory; the product of its factors may have no representation.
int64_t floats_of(std::initializer_list<int64_t> factors) {
  int64_t floats = work_of(factors);
  if (floats >= int64_t{1} << 48) throw std::bad_alloc();
  return floats;
}

int64_t whole_vectors(int64_t columns, int64_t lanes) { return chunks_of(columns, lanes) * lanes; }

// The columns of tiles, the last of which has one vector where that is enough.
int64_t tile_width(int64_t columns, int64_t lanes) {
  return columns > lanes ? 2 * lanes : lanes;
}

float* scratch_of(Context& context, int64_t offset) {
  return static_cast<float*>(context.scratch()) + offset;
}

}  // namespace

ConvReads ConvReads::down(const ConvAxis& axis) {
  ConvReads reads{axis.large,
                  axis.small,
                  axis.stride,
                  1,
                  axis.padding,
                  (axis.kernel - 1) * axis.dilation,
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

ConvImages ConvImages::down(Context& context, const ConvShape& shape, const Operands& operands) {
  return ConvImages(context, shape, operands, ConvReads::down(shape.height),
                    ConvReads::down(shape.width),
                    {shape.large_channels, shape.small_channels, shape.large_group(),
                     shape.small_group(), 1, shape.weight_step()});
}

ConvImages ConvImages::up(Context& context, const ConvShape& shape, const Operands& operands) {
  return ConvImages(context, shape, operands, ConvReads::up(shape.height),
                    ConvReads::up(shape.width),
                    {shape.small_channels, shape.large_channels, shape.small_group(),
                     shape.large_group(), shape.weight_step(), 1});
}

ConvImages::ConvImages(Context& context, const ConvShape& shape, const Operands& operands,
                       ConvReads rows, ConvReads columns, const Channels& channels)
    : context_(context),
      shape_(shape),
      operands_(operands),
      rows_(std::move(rows)),
      columns_(std::move(columns)),
      channels_(channels),
      padded_(rows_.padded() || columns_.padded()),
      joined_(shape.groups == 1) {
  int64_t lanes = context.kernels.conv.lanes;
  int64_t row_floats = 0;
  padded_width_ = padded_ ? columns_.needed(columns_.most()) : columns_.input;
  row_floats = floats_of({padded_width_, channels_.input});
  int64_t whole = channels_.columns / (2 * lanes) * (2 * lanes);
  int64_t rest = channels_.columns - whole;
  packed_columns_ = whole + (rest > 0 ? tile_width(rest, lanes) : 0);

  // Rows of the padded input that fit, and the output rows that they give.
  int64_t fitting = std::max<int64_t>(0, kBandFloats / row_floats - rows_.reach - 1);
  int64_t bands = chunks_of(kBands, shape.images);
  band_rows_ = std::min(fitting / rows_.input_step + 1, chunks_of(rows_.most(), bands));
  band_floats_ = padded_ ? floats_of({rows_.needed(band_rows_), row_floats}) : 0;

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
  work_ = work_of({shape.images, shape.height.small, shape.width.small, shape.small_channels,
                   shape.weight_step()});
  int64_t floats = floats_of({shape.groups, packed_columns_,
                              floats_of({shape.taps(), channels_.depth}) + 1}) +
                   floats_of({context.threads, band_floats_});
  context.reserve_scratch(static_cast<size_t>(floats) * sizeof(float));
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
  if (operands_.activation == nullptr) return;
  int64_t first = begin * rows_.output_step;
  int64_t last = std::min(end * rows_.output_step, rows_.output);
  int64_t offset = (n * rows_.output + first) * output_row;
  operands_.activation->forward(operands_.v + offset, operands_.y + offset,
                                (last - first) * output_row);
}

void ConvImages::compute(const float* packed, const float* bias, float* own, int64_t item) const {
  int64_t bands = chunks_of(rows_.most(), band_rows_);
  int64_t n = item / bands;
  int64_t begin = item % bands * band_rows_;
  int64_t end = std::min(begin + band_rows_, rows_.most());
  const float* image =
      operands_.input + n * rows_.input * columns_.input * channels_.input;
  int64_t first = begin * rows_.input_step;
  if (!padded_) {
    compute(packed, bias, image + first * columns_.input * channels_.input, n, begin, end);
    return;
  }
  ConvBand band(rows_.input, columns_.input, channels_.input, columns_.before, padded_width_);
  band.copy(image, first - rows_.before, 1, rows_.needed(end - begin), own);
  compute(packed, bias, own, n, begin, end);
}

void ConvImages::run() {
  float* bias = scratch_of(context_, 0);
  float* packed = bias + shape_.groups * packed_columns_;
  float* own = packed + shape_.groups * packed_columns_ * shape_.taps() * channels_.depth;
  pack(packed, bias);
  int64_t items = shape_.images * chunks_of(rows_.most(), band_rows_);
  for_chunks(context_.threads, items, work_, [&](int64_t item) {
    compute(packed, bias, own + omp_get_thread_num() * band_floats_, item);
  });
}

ConvWeights::ConvWeights(Context& context, const ConvShape& shape, const float* large,
                         const float* small, float* d_weight)
    : context_(context), shape_(shape), large_(large), small_(small), d_weight_(d_weight) {
  int64_t lanes = context.kernels.conv.lanes;
  sums_width_ = whole_vectors(shape.small_group(), lanes);
  padded_width_ = ConvReads::down(shape.width).needed(shape.width.small);
  int64_t row_floats = floats_of({padded_width_, shape.large_channels});
  int64_t small_row = floats_of({shape.width.small, shape.small_channels});
  band_rows_ = std::max<int64_t>(1, std::min(kBandFloats / (row_floats + small_row),
                                             kSummedPixels / shape.width.small));
  band_rows_ = std::min(band_rows_, shape.height.small);
  large_floats_ = floats_of({band_rows_, row_floats});
  // The last vector of columns may be read beyond those of the group.
  bool copied = sums_width_ != shape.small_group();
  small_floats_ = copied ? floats_of({band_rows_, small_row}) + lanes : 0;
  part_floats_ = floats_of({shape.groups, shape.taps(), shape.large_group(), sums_width_});
  chunks_ = std::max<int64_t>(1, std::min({kChunks, shape.images, kPartFloats / part_floats_}));
  int64_t floats = floats_of({chunks_, part_floats_}) +
                   floats_of({context.threads, large_floats_ + small_floats_});
  context.reserve_scratch(static_cast<size_t>(floats) * sizeof(float));
}

// One row of the kernel's places, of the images of a chunk.
void ConvWeights::sum(float* part, float* own, int64_t chunk, int64_t place) const {
  const ConvAxis& height = shape_.height;
  const ConvAxis& width = shape_.width;
  int64_t row_floats = padded_width_ * shape_.large_channels;
  int64_t small_row = width.small * shape_.small_channels;
  bool joined = shape_.groups == 1 && width.dilation == 1;
  int64_t segments = joined ? 1 : width.kernel;
  int64_t run = joined ? width.kernel * shape_.large_channels : shape_.large_group();
  ConvBand band(height.large, width.large, shape_.large_channels, width.padding, padded_width_);
  int64_t kernel_row = width.kernel * shape_.large_group() * sums_width_;
  for (int64_t g = 0; g < shape_.groups; g++) {
    std::fill_n(part + (g * height.kernel + place) * kernel_row, kernel_row, 0.0f);
  }
  int64_t begin = shape_.images * chunk / chunks_;
  int64_t end = shape_.images * (chunk + 1) / chunks_;
  for (int64_t n = begin; n < end; n++) {
    const float* image = large_ + n * height.large * width.large * shape_.large_channels;
    for (int64_t first = 0; first < height.small; first += band_rows_) {
      int64_t rows = std::min(band_rows_, height.small - first);
      const float* small = small_ + (n * height.small + first) * small_row;
      band.copy(image, first * height.stride - height.padding + place * height.dilation,
                height.stride, rows, own);
      if (small_floats_ > 0) {
        std::copy_n(small, rows * small_row, own + large_floats_);
        small = own + large_floats_;
      }
      for (int64_t g = 0; g < shape_.groups; g++) {
        for (int64_t s = 0; s < segments; s++) {
          ConvSums args;
          args.image = own + s * width.dilation * shape_.large_channels + g * shape_.large_group();
          args.other = small + g * shape_.small_group();
          args.sums = part + (g * height.kernel + place) * kernel_row + s * run * sums_width_;
          args.run = run;
          args.columns = shape_.small_group();
          args.rows = rows;
          args.width = width.small;
          args.image_row_step = row_floats;
          args.image_step = width.stride * shape_.large_channels;
          args.other_step = shape_.small_channels;
          args.sums_step = sums_width_;
          context_.kernels.conv.sums(args);
        }
      }
    }
  }
}

void ConvWeights::run() {
  float* parts = scratch_of(context_, 0);
  float* own = parts + chunks_ * part_floats_;
  int64_t work = work_of({shape_.images, shape_.height.small, shape_.width.small,
                          shape_.small_channels, shape_.weight_step()});
  int64_t places = shape_.height.kernel;
  for_chunks(context_.threads, chunks_ * places, work, [&](int64_t item) {
    sum(parts + item / places * part_floats_,
        own + omp_get_thread_num() * (large_floats_ + small_floats_), item / places,
        item % places);
  });
  int64_t depth = shape_.width.kernel * shape_.large_group();
  for_chunks(context_.threads, shape_.groups * places, chunks_ * part_floats_, [&](int64_t item) {
    int64_t g = item / places;
    context_.kernels.conv.join(
        parts + item * depth * sums_width_, chunks_, part_floats_, depth, shape_.small_group(),
        sums_width_, shape_.weight_step(),
        d_weight_ + g * shape_.small_group() * shape_.weight_step() + item % places * depth);
  });
}

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// The gradient of a convolution's weight.
#include <algorithm>

#include "convolution.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Partial sums of a weight's gradient, those of large weights, and the size from which a weight is
// large: then the rows of its kernel are computed by themselves, else together, for each image once.
constexpr int64_t kChunks = 16;
constexpr int64_t kChunksOfLarge = 4;
constexpr int64_t kLargeFloats = int64_t{1} << 15;

// The most memory of partial sums.
constexpr int64_t kPartFloats = int64_t{1} << 24;

// Pixels that are summed in one go: those of one image stay in the first cache while the tiles pass
// over them, and the rounding error of a sum of more grows with their number.
constexpr int64_t kSummedPixels = 256;

// Below so many channels the numbers of a kernel row are one run, for which the image is copied.
constexpr int64_t kJoinedChannels = 8;

int64_t whole_vectors(int64_t columns, int64_t lanes) { return chunks_of(columns, lanes) * lanes; }

// A range of pixels of the small image.
struct Span {
  int64_t begin;
  int64_t end;

  // The pixels from which a place of the kernel is inside the large image.
  static Span inside(const ConvAxis& axis, int64_t place) {
    int64_t from = axis.padding - place * axis.dilation;
    int64_t begin = from > 0 ? chunks_of(from, axis.stride) : 0;
    int64_t to = axis.large + from;
    return {begin, std::min(axis.small, to > 0 ? chunks_of(to, axis.stride) : 0)};
  }

  Span part(int64_t first, int64_t last) const {
    return {std::max(begin, first), std::min(end, last)};
  }
};

}  // namespace

ConvWeights::ConvWeights(Context& context, const ConvShape& shape, const float* large,
                         const float* small, float* d_weight)
    : context_(context),
      shape_(shape),
      large_(large),
      small_(small),
      d_weight_(d_weight),
      joined_(shape.groups == 1 && shape.width.dilation == 1 &&
              shape.large_channels < kJoinedChannels) {
  int64_t lanes = context.kernels.conv.lanes;
  sums_width_ = whole_vectors(shape.small_group(), lanes);
  padded_width_ = ConvReads::down(shape.width).needed(shape.width.small);
  int64_t pixels = shape.height.small * shape.width.small;
  block_images_ = std::max<int64_t>(1, std::min(kSummedPixels / pixels, shape.images));
  block_rows_ =
      std::max<int64_t>(1, std::min(kSummedPixels / shape.width.small, shape.height.small));
  int64_t rows = block_images_ * block_rows_;
  large_floats_ = joined_ ? conv_floats({rows, padded_width_, shape.large_channels}) : 0;
  // The last vector of columns may be read beyond those of the group.
  bool copied = sums_width_ != shape.small_group();
  small_floats_ = copied ? conv_floats({rows, shape.width.small, shape.small_channels}) + lanes : 0;
  part_floats_ = conv_floats({shape.groups, shape.taps(), shape.large_group(), sums_width_});
  bool small_weight = part_floats_ <= kLargeFloats;
  places_ = small_weight ? shape.height.kernel : 1;
  chunks_ = std::min({small_weight ? kChunks : kChunksOfLarge, shape.images,
                      std::max<int64_t>(1, kPartFloats / part_floats_)});
  int64_t floats = conv_floats({chunks_, part_floats_}) +
                   conv_floats({context.threads, large_floats_ + small_floats_});
  reserve_conv_scratch(context, floats);
}

// Rows of the kernel's places from one on, of the images of a chunk.
void ConvWeights::sum(float* part, float* own, int64_t chunk, int64_t first) const {
  int64_t kernel_row = shape_.width.kernel * shape_.large_group() * sums_width_;
  for (int64_t g = 0; g < shape_.groups; g++) {
    std::fill_n(part + (g * shape_.height.kernel + first) * kernel_row, places_ * kernel_row, 0.0f);
  }
  int64_t end = shape_.images * (chunk + 1) / chunks_;
  for (int64_t n = shape_.images * chunk / chunks_; n < end; n += block_images_) {
    for (int64_t row = 0; row < shape_.height.small; row += block_rows_) {
      Block block{n, std::min(block_images_, end - n), row,
                  std::min(block_rows_, shape_.height.small - row)};
      for (int64_t place = first; place < first + places_; place++) sum(part, own, block, place);
    }
  }
}

void ConvWeights::sum(float* part, float* own, const Block& block, int64_t place) const {
  const ConvAxis& height = shape_.height;
  const ConvAxis& width = shape_.width;
  int64_t channels = shape_.large_channels;
  int64_t small_row = width.small * shape_.small_channels;
  const float* small = small_ + (block.image * height.small + block.row) * small_row;
  if (small_floats_ > 0) {
    std::copy_n(small, block.images * block.rows * small_row, own + large_floats_);
    small = own + large_floats_;
  }
  ConvSums args;
  args.columns = shape_.small_group();
  args.images = block.images;
  args.other_steps[0] = height.small * small_row;
  args.other_steps[1] = small_row;
  args.other_steps[2] = shape_.small_channels;
  args.sums_step = sums_width_;
  if (joined_) {
    args.other = small;
    args.sums = part + place * width.kernel * channels * sums_width_;
    sum_joined(args, own, block, place);
    return;
  }
  int64_t row_floats = width.large * channels;
  args.run = shape_.large_group();
  args.image_steps[0] = height.large * row_floats;
  args.image_steps[1] = height.stride * row_floats;
  args.image_steps[2] = width.stride * channels;
  Span rows = Span::inside(height, place).part(block.row, block.row + block.rows);
  args.rows = rows.end - rows.begin;
  const float* image =
      large_ + block.image * height.large * row_floats +
      (rows.begin * height.stride - height.padding + place * height.dilation) * row_floats;
  for (int64_t g = 0; g < shape_.groups; g++) {
    for (int64_t l = 0; l < width.kernel; l++) {
      Span pixels = Span::inside(width, l);
      args.width = pixels.end - pixels.begin;
      if (args.rows <= 0 || args.width <= 0) continue;
      args.image = image + g * args.run +
                   (pixels.begin * width.stride - width.padding + l * width.dilation) * channels;
      args.other = small + (rows.begin - block.row) * small_row +
                   pixels.begin * shape_.small_channels + g * args.columns;
      int64_t tap = (g * height.kernel + place) * width.kernel + l;
      args.sums = part + tap * args.run * sums_width_;
      context_.kernels.conv.sums(args);
    }
  }
}

void ConvWeights::sum_joined(ConvSums args, float* own, const Block& block, int64_t place) const {
  const ConvAxis& height = shape_.height;
  const ConvAxis& width = shape_.width;
  int64_t channels = shape_.large_channels;
  ConvBand band(height.large, width.large, channels, width.padding, padded_width_);
  args.image = own;
  args.run = width.kernel * channels;
  args.rows = block.rows;
  args.width = width.small;
  args.image_steps[1] = padded_width_ * channels;
  args.image_steps[0] = block.rows * args.image_steps[1];
  args.image_steps[2] = width.stride * channels;
  for (int64_t i = 0; i < block.images; i++) {
    band.copy(large_ + (block.image + i) * height.large * width.large * channels,
              block.row * height.stride - height.padding + place * height.dilation, height.stride,
              block.rows, own + i * args.image_steps[0]);
  }
  context_.kernels.conv.sums(args);
}

void ConvWeights::run() {
  float* parts = conv_scratch(context_, 0);
  float* own = parts + chunks_ * part_floats_;
  int64_t work = work_of({shape_.images, shape_.height.small, shape_.width.small,
                          shape_.small_channels, shape_.weight_step()});
  int64_t places = shape_.height.kernel;
  int64_t items = places / places_;
  for_chunks(context_.threads, chunks_ * items, work, [&](int64_t item) {
    sum(parts + item / items * part_floats_,
        own + omp_get_thread_num() * (large_floats_ + small_floats_), item / items,
        item % items * places_);
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

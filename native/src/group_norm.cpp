// SPDX-License-Identifier: Apache-2.0
// Batch and group normalisation and their gradients. Batch normalisation is group normalisation of
// one image, whose pixels are the rows, with a group for each channel.
#include <algorithm>
#include <cmath>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// A chunk of work has so many numbers, and at least so many rows: each channel of a chunk has sums.
constexpr int64_t kChunk = 8192;
constexpr int64_t kLeastRows = 16;

constexpr int64_t kGroups = 16;
constexpr int64_t kChannels = 64;

// The cost of an element, in simple elements.
constexpr int64_t kNormWork = 2;

// Images, their pixels in chunks and their channels in groups. The scratchpad has two sums of each
// channel of each chunk, and six numbers of each channel of each image.
class Groups {
 public:
  Groups(Context& context, int64_t images, int64_t pixels, int64_t channels, int64_t groups)
      : channels(channels),
        width(channels / groups),
        count(static_cast<double>(pixels) * static_cast<double>(width)),
        context_(context),
        images_(images),
        pixels_(pixels),
        groups_(groups),
        rows_(std::max(kLeastRows, kChunk / channels)),
        chunks_(chunks_of(pixels, rows_)),
        work_(work_of({kNormWork, images, pixels, channels})),
        sums_work_(work_of({kNormWork, images, chunks_, channels})) {
    int64_t sums = 2 * images * chunks_ * channels * static_cast<int64_t>(sizeof(double));
    int64_t numbers = 6 * images * channels * static_cast<int64_t>(sizeof(float));
    context.reserve_scratch(static_cast<size_t>(sums + numbers));
  }

  // Calls body(sums, first, rows, image) for each chunk: the place of its sums and its first row.
  template <class Body>
  void each_chunk(const Body& body) const {
    for_chunks(context_.threads, images_ * chunks_, work_, [&](int64_t chunk) {
      int64_t image = chunk / chunks_;
      int64_t begin = chunk % chunks_ * rows_;
      body(chunk * channels, (image * pixels_ + begin) * channels, std::min(rows_, pixels_ - begin),
           image * channels);
    });
  }

  // Calls body(moment, channel, number) for each group: the place of its moments, its first channel
  // and the place of that channel's numbers.
  template <class Body>
  void each_group(const Body& body) const {
    for_ranges(context_.threads, images_ * groups_, kGroups, sums_work_,
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; i++) {
                   int64_t channel = i % groups_ * width;
                   body(i, channel, i / groups_ * channels + channel);
                 }
               });
  }

  // Calls body(at, rows) for each chunk of the image of a number: the place of a channel's sums.
  template <class Body>
  void each_part(int64_t number, const Body& body) const {
    int64_t image = number / channels;
    for (int64_t chunk = 0; chunk < chunks_; chunk++) {
      int64_t rows = std::min(rows_, pixels_ - chunk * rows_);
      body((image * chunks_ + chunk) * channels + number % channels, static_cast<double>(rows));
    }
  }

  // Calls body(channel) for each channel, on several threads.
  template <class Body>
  void each_channel(const Body& body) const {
    for_ranges(context_.threads, channels, kChannels, sums_work_, [&](int64_t begin, int64_t end) {
      for (int64_t channel = begin; channel < end; channel++) body(channel);
    });
  }

  double* sums(int which) const {
    return static_cast<double*>(context_.scratch()) + which * images_ * chunks_ * channels;
  }

  float* numbers(int which) const {
    return reinterpret_cast<float*>(sums(2)) + which * images_ * channels;
  }

  int64_t images() const { return images_; }

  // The place of the sums of an image's first chunk.
  int64_t first_part(int64_t image) const { return image * chunks_ * channels; }

  const int64_t channels;
  const int64_t width;  // channels of a group
  const double count;   // numbers of a group

 private:
  Context& context_;
  const int64_t images_;
  const int64_t pixels_;
  const int64_t groups_;
  const int64_t rows_;
  const int64_t chunks_;
  const int64_t work_;
  const int64_t sums_work_;
};

struct Operands {
  const float* x;
  const float* scale;
  float* mean;
  float* variance;
  float epsilon;

  float inverse(int64_t moment) const { return 1.0f / std::sqrt(variance[moment] + epsilon); }
};

template <class Values>
Operands operands_of(const Values& op) {
  return {floats(op.x), floats(op.scale), floats(op.mean), floats(op.variance),
          static_cast<float>(op.epsilon)};
}

// Moments of chunks become those of groups.
void compute_moments(const Context& context, const Groups& groups, const Operands& op) {
  double* means = groups.sums(0);
  double* squares = groups.sums(1);
  groups.each_chunk([&](int64_t sums, int64_t first, int64_t rows, int64_t) {
    context.kernels.image.moments(op.x + first, rows, groups.channels, means + sums,
                                  squares + sums);
  });
  groups.each_group([&](int64_t moment, int64_t, int64_t number) {
    double sum = 0;
    groups.each_part(number, [&](int64_t at, double rows) {
      for (int64_t c = 0; c < groups.width; c++) sum += rows * means[at + c];
    });
    double mean = sum / groups.count;
    double total = 0;
    groups.each_part(number, [&](int64_t at, double rows) {
      for (int64_t c = 0; c < groups.width; c++) {
        double distance = means[at + c] - mean;
        total += squares[at + c] + rows * distance * distance;
      }
    });
    op.mean[moment] = static_cast<float>(mean);
    op.variance[moment] = static_cast<float>(total / groups.count);
  });
}

void normalize(const Context& context, const Groups& groups, const Operands& op, const float* shift,
               float* y) {
  float* mean = groups.numbers(0);
  float* factor = groups.numbers(1);
  groups.each_group([&](int64_t moment, int64_t channel, int64_t number) {
    float inverse = op.inverse(moment);
    for (int64_t c = 0; c < groups.width; c++) {
      mean[number + c] = op.mean[moment];
      factor[number + c] = op.scale[channel + c] * inverse;
    }
  });
  groups.each_chunk([&](int64_t, int64_t first, int64_t rows, int64_t numbers) {
    context.kernels.image.normalize(op.x + first, y + first, rows, groups.channels, mean + numbers,
                                    factor + numbers, shift);
  });
}

struct Gradients {
  const float* dy;
  float* dx;  // or null
  float* d_scale;
  float* d_shift;
};

template <class Values>
Gradients gradients_of(const Values& op) {
  return {floats(op.dy), floats(op.dx), floats(op.d_scale), floats(op.d_shift)};
}

// training: of batch normalisation, whether the moments depend on x.
void run_backward(const Context& context, const Groups& groups, const Operands& op,
                  const Gradients& gradients, bool training) {
  const ImageKernels& kernels = context.kernels.image;
  double* sums = groups.sums(0);
  double* normal_sums = groups.sums(1);
  float* mean = groups.numbers(0);
  float* inverse = groups.numbers(1);
  float* outer = groups.numbers(2);
  float* inner = groups.numbers(3);
  float* share = groups.numbers(4);
  float* normal_share = groups.numbers(5);
  // The scale of a channel that is a group is left out of the sum, which is exactly 0 where a group
  // is one number.
  bool single = groups.width == 1;
  groups.each_group([&](int64_t moment, int64_t channel, int64_t number) {
    float own = op.inverse(moment);
    std::fill_n(mean + number, groups.width, op.mean[moment]);
    std::fill_n(inverse + number, groups.width, own);
    std::fill_n(outer + number, groups.width, single ? own * op.scale[channel] : own);
    for (int64_t c = 0; c < groups.width; c++) {
      inner[number + c] = single ? 1.0f : op.scale[channel + c];
    }
  });
  groups.each_chunk([&](int64_t at, int64_t first, int64_t rows, int64_t numbers) {
    kernels.norm_sums(op.x + first, gradients.dy + first, rows, groups.channels, mean + numbers,
                      inverse + numbers, sums + at, normal_sums + at);
  });
  // The sums of the first chunk become those of all chunks of the image.
  groups.each_group([&](int64_t, int64_t channel, int64_t number) {
    double total = 0;
    double normal_total = 0;
    int64_t own = groups.first_part(number / groups.channels) + channel;
    groups.each_part(number, [&](int64_t at, double) {
      for (int64_t c = 0; c < groups.width && at != own; c++) {
        sums[own + c] += sums[at + c];
        normal_sums[own + c] += normal_sums[at + c];
      }
    });
    for (int64_t c = 0; c < groups.width; c++) {
      total += inner[number + c] * sums[own + c];
      normal_total += inner[number + c] * normal_sums[own + c];
    }
    std::fill_n(share + number, groups.width, static_cast<float>(total / groups.count));
    std::fill_n(normal_share + number, groups.width,
                static_cast<float>(normal_total / groups.count));
  });
  groups.each_channel([&](int64_t channel) {
    double total = 0;
    double normal_total = 0;
    for (int64_t image = 0; image < groups.images(); image++) {
      int64_t at = groups.first_part(image) + channel;
      total += sums[at];
      normal_total += normal_sums[at];
    }
    gradients.d_shift[channel] = static_cast<float>(total);
    gradients.d_scale[channel] = static_cast<float>(normal_total);
  });
  if (gradients.dx == nullptr) return;
  if (!training) {
    std::fill_n(mean, groups.channels, 0.0f);
    std::fill_n(share, groups.channels, 0.0f);
    groups.each_chunk([&](int64_t, int64_t first, int64_t rows, int64_t) {
      kernels.normalize(gradients.dy + first, gradients.dx + first, rows, groups.channels, mean,
                        outer, share);
    });
    return;
  }
  groups.each_chunk([&](int64_t, int64_t first, int64_t rows, int64_t numbers) {
    const NormColumns columns = {mean + numbers,  inverse + numbers, outer + numbers,
                                 inner + numbers, share + numbers,   normal_share + numbers};
    kernels.normalize_backward(columns, op.x + first, gradients.dy + first, gradients.dx + first,
                               rows, groups.channels);
  });
}

class BatchNorm final : public OpOf<vae4j_batch_norm_op> {
 public:
  BatchNorm(Context& context, const vae4j_batch_norm_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes), columns_(context, 1, sizes['R'], sizes['C'], sizes['C']) {}

  void run() override {
    Operands operands = operands_of(op);
    if (op.training != 0) compute_moments(context, columns_, operands);
    normalize(context, columns_, operands, floats(op.shift), floats(op.y));
  }

 private:
  const Groups columns_;
};

class BatchNormBackward final : public OpOf<vae4j_batch_norm_backward_op> {
 public:
  BatchNormBackward(Context& context, const vae4j_batch_norm_backward_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes), columns_(context, 1, sizes['R'], sizes['C'], sizes['C']) {}

  void run() override {
    run_backward(context, columns_, operands_of(op.forward), gradients_of(op),
                 op.forward.training != 0);
  }

 private:
  const Groups columns_;
};

Groups groups_of(Context& context, const char* op, const char* argument, const vae4j_tensor& mean,
                 const Sizes& sizes) {
  if (sizes['C'] % sizes['G'] != 0) {
    throw wrong(op, argument, "a divisor of the " + std::to_string(sizes['C']) + " channels",
                text(mean));
  }
  return Groups(context, sizes['N'], sizes['R'], sizes['C'], sizes['G']);
}

class GroupNorm final : public OpOf<vae4j_group_norm_op> {
 public:
  GroupNorm(Context& context, const vae4j_group_norm_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        groups_(groups_of(context, "groupNorm", "mean", op.mean, sizes)) {}

  void run() override {
    Operands operands = operands_of(op);
    compute_moments(context, groups_, operands);
    normalize(context, groups_, operands, floats(op.shift), floats(op.y));
  }

 private:
  const Groups groups_;
};

class GroupNormBackward final : public OpOf<vae4j_group_norm_backward_op> {
 public:
  GroupNormBackward(Context& context, const vae4j_group_norm_backward_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        groups_(groups_of(context, "groupNormBackward", "forward.mean", op.forward.mean, sizes)) {}

  void run() override {
    run_backward(context, groups_, operands_of(op.forward), gradients_of(op), true);
  }

 private:
  const Groups groups_;
};

}  // namespace

Planned plan_batch_norm(Context& context, const vae4j_batch_norm_op& op, const Sizes& sizes) {
  return std::make_unique<BatchNorm>(context, op, sizes);
}

Planned plan_batch_norm_backward(Context& context, const vae4j_batch_norm_backward_op& op,
                                 const Sizes& sizes) {
  return std::make_unique<BatchNormBackward>(context, op, sizes);
}

Planned plan_group_norm(Context& context, const vae4j_group_norm_op& op, const Sizes& sizes) {
  return std::make_unique<GroupNorm>(context, op, sizes);
}

Planned plan_group_norm_backward(Context& context, const vae4j_group_norm_backward_op& op,
                                 const Sizes& sizes) {
  return std::make_unique<GroupNormBackward>(context, op, sizes);
}

}  // namespace vae4j

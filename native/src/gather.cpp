// SPDX-License-Identifier: Apache-2.0
// Rows of a resident data set in the epoch's order, scaled, augmented and binarised.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"
#include "permutation.hpp"

namespace vae4j {
namespace {

constexpr int kBinarizeStream = 2;
constexpr int kAugmentStream = 38;

bool augments(const vae4j_gather_op& op) { return op.flip != 0 || op.shift != 0; }

// Whether height, width and channels, of any values, make rows of a length.
bool images(const vae4j_gather_op& op, int64_t features) {
  if (op.height < 1 || op.height > features || op.width < 1 || op.width > features) return false;
  int64_t pixels = op.height * op.width;
  return features % pixels == 0 && features / pixels == op.channels;
}

class Gather final : public OpOf<vae4j_gather_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    const double* control = doubles(op.control);
    int rows = sizes['N'];
    int batch = sizes['B'];
    int features = sizes['D'];
    int64_t position = integer(control[VAE4J_CONTROL_POSITION]);
    if (position < 0 || position > rows - batch) {
      throw Error(VAE4J_INVALID_STATE, "gather: expected position + batch of " +
                                           std::to_string(rows) + " or less, given " +
                                           text(control[VAE4J_CONTROL_POSITION]) + " + " +
                                           std::to_string(batch));
    }
    Permutation permutation(context.kernels, op.seed, integer(control[VAE4J_CONTROL_EPOCH]), rows);
    Draw draw = Draw::at(op.seed, kBinarizeStream, integer(control[VAE4J_CONTROL_STEP]));
    Draw augment = Draw::at(op.seed, kAugmentStream, integer(control[VAE4J_CONTROL_STEP]));
    const Kernels& kernels = context.kernels;
    int64_t work = static_cast<int64_t>(batch) * features;
    for_chunks(context.threads, batch, work, [&](int64_t b) {
      int row = static_cast<int>(position + b);
      if (op.shuffle) row = permutation.at(row);
      float* out = floats(op.out) + b * features;
      int64_t first = static_cast<int64_t>(row) * features;
      if (augments(op)) {
        crop(first, augment, static_cast<uint32_t>(b), out);
      } else {
        scaled(first, out, features);
      }
      // Before the draw, which turns a NaN into 0.
      if (op.mask.data != nullptr) {
        kernels.mask_missing(out, floats(op.mask) + b * features, features);
      }
      if (op.binarize) kernels.binarize(draw, static_cast<uint32_t>(b), out, features);
    });
  }

 private:
  void scaled(int64_t first, float* out, int count) const {
    float scale = static_cast<float>(op.scale);
    if (op.source.type == VAE4J_UINT8) {
      context.kernels.scale_bytes(static_cast<const uint8_t*>(op.source.data) + first, scale, out,
                                  count);
    } else {
      context.kernels.scale_floats(floats(op.source) + first, scale, out, count);
    }
  }

  int shift(uint32_t word) const {
    return static_cast<int>(static_cast<uint64_t>(word) * (2 * op.shift + 1) >> 32) -
           static_cast<int>(op.shift);
  }

  // The image whose values begin at `first`, shifted, with zeros around it, and mirrored.
  void crop(int64_t first, const Draw& draw, uint32_t b, float* out) const {
    uint32_t words[4];
    context.kernels.words(draw, b, 1, words);
    bool mirrored = op.flip && words[0] >> 31 != 0;
    int dy = shift(words[1]);
    int dx = shift(words[2]);
    int channels = static_cast<int>(op.channels);
    int line = static_cast<int>(op.width) * channels;
    int left = std::max(-dx, 0) * channels;
    int right = std::max(dx, 0) * channels;
    for (int64_t h = 0; h < op.height; h++, out += line) {
      if (h + dy < 0 || h + dy >= op.height) {
        std::fill(out, out + line, 0.0f);
        continue;
      }
      std::fill(out, out + left, 0.0f);
      scaled(first + (h + dy) * line + right, out + left, line - left - right);
      std::fill(out + line - right, out + line, 0.0f);
      if (mirrored) mirror(out, line, channels);
    }
  }

  static void mirror(float* line, int count, int channels) {
    float* last = line + count - channels;
    for (; line < last; line += channels, last -= channels) {
      std::swap_ranges(line, line + channels, last);
    }
  }
};

}  // namespace

Planned plan_gather(Context& context, const vae4j_gather_op& op, const Sizes& sizes) {
  if (op.source.type == VAE4J_FLOAT64) {
    throw wrong("gather", "source", "UINT8 or FLOAT32 (N, D)", text(op.source));
  }
  if (sizes['B'] > sizes['N']) {
    throw wrong("gather", "out",
                "at most the " + std::to_string(sizes['N']) + " rows of the source", text(op.out));
  }
  if (augments(op) && !images(op, sizes['D'])) {
    throw wrong(
        "gather", "channels",
        "height width channels of " + std::to_string(sizes['D']) + " values, those of a row",
        std::to_string(op.height) + " x " + std::to_string(op.width) + " x " +
            std::to_string(op.channels));
  }
  if (op.shift != 0 && op.shift >= std::min(op.height, op.width)) {
    throw wrong("gather", "shift", "less than height and width", std::to_string(op.shift));
  }
  return std::make_unique<Gather>(context, op, sizes);
}

}  // namespace vae4j

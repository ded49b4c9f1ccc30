// SPDX-License-Identifier: Apache-2.0
// Rows of a resident data set in the epoch's order, scaled and binarised.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"
#include "permutation.hpp"

namespace vae4j {
namespace {

constexpr int kBinarizeStream = 2;

class Gather final : public OpOf<vae4j_gather_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    const double* control = doubles(op.control);
    int rows = sizes['N'];
    int batch = sizes['B'];
    int features = sizes['D'];
    float scale = static_cast<float>(op.scale);
    int64_t position = integer(control[VAE4J_CONTROL_POSITION]);
    if (position < 0 || position > rows - batch) {
      throw Error(VAE4J_INVALID_STATE, "gather: expected position + batch of " +
                                           std::to_string(rows) + " or less, given " +
                                           text(control[VAE4J_CONTROL_POSITION]) + " + " +
                                           std::to_string(batch));
    }
    Permutation permutation(context.kernels, op.seed, integer(control[VAE4J_CONTROL_EPOCH]), rows);
    Draw draw = Draw::at(op.seed, kBinarizeStream, integer(control[VAE4J_CONTROL_STEP]));
    const Kernels& kernels = context.kernels;
    int64_t work = static_cast<int64_t>(batch) * features;
    for_chunks(context.threads, batch, work, [&](int64_t b) {
      int row = static_cast<int>(position + b);
      if (op.shuffle) row = permutation.at(row);
      float* out = floats(op.out) + b * features;
      int64_t first = static_cast<int64_t>(row) * features;
      if (op.source.type == VAE4J_UINT8) {
        kernels.scale_bytes(static_cast<const uint8_t*>(op.source.data) + first, scale, out,
                            features);
      } else {
        kernels.scale_floats(floats(op.source) + first, scale, out, features);
      }
      if (op.binarize) kernels.binarize(draw, static_cast<uint32_t>(b), out, features);
      if (op.mask.data != nullptr) mask_row(first, out, floats(op.mask) + b * features, features);
    });
  }

 private:
  // The mask comes from the source, because the draw turns a NaN into 0.
  void mask_row(int64_t first, float* out, float* mask, int features) const {
    if (op.source.type == VAE4J_UINT8) {
      std::fill(mask, mask + features, 1.0f);
      return;
    }
    context.kernels.mask_missing(floats(op.source) + first, out, mask, features);
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
  return std::make_unique<Gather>(context, op, sizes);
}

}  // namespace vae4j

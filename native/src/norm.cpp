// SPDX-License-Identifier: Apache-2.0
// Layer normalisation, its gradient, and dropout.
#include <algorithm>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

constexpr int kDropoutStream = 32;

// Columns and rows of one chunk of work. The columns are two lines of the cache.
constexpr int64_t kColumns = 32;
constexpr int64_t kRows = 8;

// The cost of an element of a normalisation, and of a draw, in simple elements.
constexpr int64_t kNormWork = 2;
constexpr int64_t kDrawWork = 4;

int64_t elements_of(const Sizes& sizes) { return static_cast<int64_t>(sizes['R']) * sizes['C']; }

class LayerNorm final : public OpOf<vae4j_layer_norm_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    NormArgs args = {floats(op.x),    floats(op.scale),    floats(op.shift),
                     floats(op.mean), floats(op.variance), floats(op.y),
                     sizes['R'],      sizes['C'],          static_cast<float>(op.epsilon)};
    int64_t work = work_of({kNormWork, elements_of(sizes)});
    for_ranges(context.threads, args.rows, kRows, work,
               [&](int64_t begin, int64_t end) { context.kernels.layer_norm(args, begin, end); });
  }
};

class LayerNormBackward final : public OpOf<vae4j_layer_norm_backward_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    NormBackwardArgs args = {floats(op.forward.x),
                             floats(op.forward.scale),
                             floats(op.forward.mean),
                             floats(op.forward.variance),
                             floats(op.dy),
                             floats(op.dx),
                             floats(op.d_scale),
                             floats(op.d_shift),
                             sizes['R'],
                             sizes['C'],
                             static_cast<float>(op.forward.epsilon)};
    int64_t work = work_of({kNormWork, elements_of(sizes)});
    if (args.dx != nullptr) {
      for_ranges(context.threads, args.rows, kRows, work, [&](int64_t begin, int64_t end) {
        context.kernels.layer_norm_dx(args, begin, end);
      });
    }
    for_ranges(context.threads, args.columns, kColumns, work, [&](int64_t begin, int64_t end) {
      context.kernels.layer_norm_dscale(args, begin, end);
    });
  }
};

class Dropout final : public OpOf<vae4j_dropout_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    Draw draw = Draw::at(op.seed, kDropoutStream, integer(doubles(op.control)[VAE4J_CONTROL_STEP]));
    float rate = static_cast<float>(op.rate);
    float factor = 1.0f / (1.0f - rate);
    int columns = sizes['C'];
    int64_t work = work_of({kDrawWork, elements_of(sizes)});
    for_ranges(context.threads, sizes['R'], kRows, work, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        context.kernels.dropout(draw, static_cast<uint32_t>(row), rate, factor,
                                floats(op.x) + row * columns, floats(op.y) + row * columns,
                                columns);
      }
    });
  }
};

}  // namespace

Planned plan_layer_norm(Context& context, const vae4j_layer_norm_op& op, const Sizes& sizes) {
  return std::make_unique<LayerNorm>(context, op, sizes);
}

Planned plan_layer_norm_backward(Context& context, const vae4j_layer_norm_backward_op& op,
                                 const Sizes& sizes) {
  return std::make_unique<LayerNormBackward>(context, op, sizes);
}

Planned plan_dropout(Context& context, const vae4j_dropout_op& op, const Sizes& sizes) {
  return std::make_unique<Dropout>(context, op, sizes);
}

}  // namespace vae4j

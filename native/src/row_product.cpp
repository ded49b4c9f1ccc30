// SPDX-License-Identifier: Apache-2.0
#include "row_product.hpp"

#include <cstring>

#include "matmul.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Weights of the largest layer that is tried.
constexpr int64_t kMostWeights = int64_t{4} << 20;

// Outputs that are compared: two orders of a sum give many of them different bits.
constexpr int64_t kCompared = 2048;

// A layer of random numbers, and its product by oneDNN, of the row among two.
class Trial {
 public:
  Trial(Context& context, int64_t inputs, int64_t outputs)
      : context_(context),
        inputs_(inputs),
        outputs_(outputs),
        x_(allocate_array<float>(2 * inputs)),
        weight_(allocate_array<float>(inputs * outputs)),
        bias_(allocate_array<float>(outputs)),
        expected_(allocate_array<float>(2 * outputs)),
        y_(allocate_array<float>(outputs)),
        product_(context, matrix(x_, 2, inputs), matrix(weight_, inputs, outputs), bias_.get(),
                 matrix(expected_, 2, outputs)) {
    fill(weight_.get(), inputs * outputs);
    fill(bias_.get(), outputs);
  }

  bool has_order(int64_t block) {
    for (int64_t compared = 0; compared < kCompared; compared += outputs_) {
      fill(x_.get(), inputs_);
      product_.run();
      row_product(context_,
                  {x_.get(), weight_.get(), bias_.get(), y_.get(), inputs_, outputs_, block});
      size_t bytes = static_cast<size_t>(outputs_) * sizeof(float);
      if (std::memcmp(y_.get(), expected_.get(), bytes) != 0) return false;
    }
    return true;
  }

 private:
  static MatrixView matrix(const Owned<float>& data, int64_t rows, int64_t columns) {
    return MatrixView::of(data.get(), static_cast<int>(rows), static_cast<int>(columns));
  }

  void fill(float* values, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
      state_ = state_ * 1664525U + 1013904223U;
      values[i] = static_cast<float>(state_ >> 8) / 8388608.0F - 1;
    }
  }

  Context& context_;
  int64_t inputs_;
  int64_t outputs_;
  uint32_t state_ = 1;
  Owned<float> x_;
  Owned<float> weight_;
  Owned<float> bias_;
  Owned<float> expected_;
  Owned<float> y_;
  Matmul product_;
};

int64_t find_block(Context& context, int64_t inputs, int64_t outputs) {
  if (outputs < context.kernels.row_product.lanes || inputs > kMostWeights / outputs) return 0;
  Trial trial(context, inputs, outputs);
  for (int64_t block : {inputs, int64_t{512}, int64_t{1024}, int64_t{2048}}) {
    if (block <= inputs && trial.has_order(block)) return block;
  }
  return 0;
}

}  // namespace

int64_t row_product_block(Context& context, int64_t inputs, int64_t outputs) {
  auto found = context.row_blocks.find({inputs, outputs});
  if (found == context.row_blocks.end()) {
    int64_t block = find_block(context, inputs, outputs);
    found = context.row_blocks.emplace(std::make_pair(inputs, outputs), block).first;
  }
  return found->second;
}

void row_product(const Context& context, const RowProductArgs& args) {
  const RowProductKernel& kernel = context.kernels.row_product;
  int64_t vectors = chunks_of(args.outputs, kernel.lanes);
  int64_t tiles =
      std::max(chunks_of(vectors, kernel.most), std::min<int64_t>(context.threads, vectors));
  // Of equal width, as far as possible.
  int64_t width = chunks_of(vectors, tiles);
  for_ranges(context.threads, vectors, width, work_of({args.inputs, args.outputs}),
             [&](int64_t begin, int64_t end) { kernel.run(args, begin, end); });
}

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// Dense layers: oneDNN's matrix products, our own activations and column sums.
#include "activated.hpp"
#include "matmul.hpp"
#include "parallel.hpp"
#include "row_product.hpp"

namespace vae4j {
namespace {

constexpr int64_t kForwardChunk = 8192;
constexpr int kColumns = 64;
constexpr int64_t kActivationWork = 2;

// A row, followed by zeros that make a second one: oneDNN sums the product of one row in another
// order than the same row among several, an order that depends on the number of threads too.
class PaddedRow {
 public:
  PaddedRow(float* row, int batch, int columns) : row_(row), rows_(batch), columns_(columns) {
    if (batch > 1) return;
    rows_ = 2;
    padded_ = allocate_array<float>(int64_t{2} * columns);
  }

  MatrixView view() const {
    return MatrixView::of(padded_ == nullptr ? row_ : padded_.get(), rows_, columns_);
  }

  void load() { copy(row_, padded_.get()); }
  void store() { copy(padded_.get(), row_); }

 private:
  void copy(const float* from, float* to) {
    if (padded_ != nullptr) std::copy_n(from, columns_, to);
  }

  float* const row_;
  int rows_;
  const int columns_;
  Owned<float> padded_;
};

// The product without the activation, by oneDNN.
class BatchProduct final : public Op {
 public:
  BatchProduct(Context& context, const vae4j_dense_op& op, const Sizes& sizes, float* v)
      : Op(context),
        rows_in_(floats(op.x), sizes['B'], sizes['I']),
        rows_out_(v, sizes['B'], sizes['O']),
        product_(context, rows_in_.view(),
                 MatrixView::of(floats(op.weight), sizes['I'], sizes['O']), floats(op.bias),
                 rows_out_.view()) {}

  void run() override {
    rows_in_.load();
    product_.run();
    rows_out_.store();
  }

 private:
  PaddedRow rows_in_;
  PaddedRow rows_out_;
  Matmul product_;
};

// The same of one row, by our loop.
class RowProduct final : public Op {
 public:
  RowProduct(Context& context, const vae4j_dense_op& op, const Sizes& sizes, float* v,
             int64_t block)
      : Op(context),
        args_{floats(op.x), floats(op.weight), floats(op.bias), v, sizes['I'], sizes['O'], block} {}

  void run() override { row_product(context, args_); }

 private:
  const RowProductArgs args_;
};

Planned plan_product(Context& context, const vae4j_dense_op& op, const Sizes& sizes, float* v) {
  int64_t block = sizes['B'] == 1 ? row_product_block(context, sizes['I'], sizes['O']) : 0;
  if (block > 0) return std::make_unique<RowProduct>(context, op, sizes, v, block);
  return std::make_unique<BatchProduct>(context, op, sizes, v);
}

class Dense final : public Op {
 public:
  Dense(Context& context, const vae4j_dense_op& op, const Sizes& sizes)
      : Op(context),
        activation_(activation_of(context, "dense", "", op)),
        linear_(is_linear(activation_)),
        y_(floats(op.y)),
        v_(kept_of(activation_, op)),
        count_(static_cast<int64_t>(sizes['B']) * sizes['O']),
        product_(plan_product(context, op, sizes, v_)) {}

  void run() override {
    product_->run();
    if (linear_) return;
    for_ranges(context.threads, count_, kForwardChunk, work_of({kActivationWork, count_}),
               [&](int64_t begin, int64_t end) {
                 activation_.forward(v_ + begin, y_ + begin, end - begin);
               });
  }

 private:
  const ActivationKernel& activation_;
  const bool linear_;
  float* const y_;
  float* const v_;
  const int64_t count_;
  const Planned product_;
};

class DenseBackward final : public Op {
 public:
  DenseBackward(Context& context, const vae4j_dense_backward_op& op, const Sizes& sizes)
      : Op(context),
        activation_(activation_of(context, "denseBackward", "forward.", op.forward)),
        batch_(sizes['B']),
        outputs_(sizes['O']),
        kept_(kept_of(activation_, op.forward)),
        dy_(floats(op.dy)),
        d_bias_(floats(op.d_bias)),
        d_weight_(context, MatrixView::of(floats(op.forward.x), batch_, sizes['I']).transpose(),
                  MatrixView::of(dy_, batch_, outputs_), nullptr,
                  MatrixView::of(floats(op.d_weight), sizes['I'], outputs_)) {
    if (op.dx.data == nullptr) return;
    dx_ = std::make_unique<Matmul>(
        context, MatrixView::of(dy_, batch_, outputs_),
        MatrixView::of(floats(op.forward.weight), sizes['I'], outputs_).transpose(), nullptr,
        MatrixView::of(floats(op.dx), batch_, sizes['I']));
  }

  void run() override {
    int64_t work = work_of({kActivationWork, batch_, outputs_});
    for_ranges(context.threads, outputs_, kColumns, work, [&](int64_t begin, int64_t end) {
      activation_.backward(kept_, dy_, d_bias_, batch_, outputs_, static_cast<int>(begin),
                           static_cast<int>(end));
    });
    d_weight_.run();
    if (dx_ != nullptr) dx_->run();
  }

 private:
  const ActivationKernel& activation_;
  const int batch_;
  const int outputs_;
  const float* const kept_;
  float* const dy_;
  float* const d_bias_;
  Matmul d_weight_;
  std::unique_ptr<Matmul> dx_;
};

}  // namespace

Planned plan_dense(Context& context, const vae4j_dense_op& op, const Sizes& sizes) {
  return std::make_unique<Dense>(context, op, sizes);
}

Planned plan_dense_backward(Context& context, const vae4j_dense_backward_op& op,
                            const Sizes& sizes) {
  return std::make_unique<DenseBackward>(context, op, sizes);
}

}  // namespace vae4j

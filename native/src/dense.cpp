// Dense layers: oneDNN's matrix products, our own activations and column sums.
#include <algorithm>

#include "matmul.hpp"
#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

constexpr int64_t kForwardChunk = 8192;
constexpr int kColumns = 64;
constexpr int64_t kActivationWork = 2;

class Dense final : public Op {
 public:
  Dense(Context& context, const DensePlan& plan)
      : Op(context),
        activation_(activation_kernel(context, "dense", plan.activation)),
        linear_(activation_.name == std::string("identity")),
        v_(activation_.needs_preactivation ? plan.preactivation : plan.y),
        y_(plan.y),
        count_(static_cast<int64_t>(plan.batch) * plan.outputs),
        product_(context, MatrixView::of(plan.x, plan.batch, plan.inputs),
                 MatrixView::of(plan.weight, plan.inputs, plan.outputs), plan.bias,
                 MatrixView::of(checked(v_), plan.batch, plan.outputs)) {}

  void run() override {
    product_.run();
    if (linear_) return;
    for_chunks(context.threads, chunks_of(count_, kForwardChunk), kActivationWork * count_,
               [&](int64_t chunk) {
                 int64_t begin = chunk * kForwardChunk;
                 int64_t count = std::min(count_ - begin, kForwardChunk);
                 activation_.forward(v_ + begin, y_ + begin, count);
               });
  }

 private:
  float* checked(float* v) const {
    if (v == nullptr) {
      throw wrong("dense", "preactivation", std::string("memory for ") + activation_.name, "NULL");
    }
    return v;
  }

  const ActivationKernel& activation_;
  const bool linear_;
  float* const v_;
  float* const y_;
  const int64_t count_;
  Matmul product_;
};

class DenseBackward final : public Op {
 public:
  DenseBackward(Context& context, const DenseBackwardPlan& plan)
      : Op(context),
        plan_(plan),
        activation_(activation_kernel(context, "denseBackward", plan.activation)),
        dweight_(context, MatrixView::of(plan.x, plan.batch, plan.inputs).transpose(),
                 MatrixView::of(plan.dy, plan.batch, plan.outputs), nullptr,
                 MatrixView::of(plan.dweight, plan.inputs, plan.outputs)) {
    if (plan.dx == nullptr) return;
    dx_ = std::make_unique<Matmul>(
        context, MatrixView::of(plan.dy, plan.batch, plan.outputs),
        MatrixView::of(plan.weight, plan.inputs, plan.outputs).transpose(), nullptr,
        MatrixView::of(plan.dx, plan.batch, plan.inputs));
  }

  void run() override {
    int64_t work = kActivationWork * plan_.batch * plan_.outputs;
    for_chunks(context.threads, chunks_of(plan_.outputs, kColumns), work, [&](int64_t chunk) {
      int begin = static_cast<int>(chunk) * kColumns;
      activation_.backward(plan_.y, plan_.dy, plan_.dbias, plan_.batch, plan_.outputs, begin,
                           std::min(plan_.outputs, begin + kColumns));
    });
    dweight_.run();
    if (dx_ != nullptr) dx_->run();
  }

 private:
  const DenseBackwardPlan plan_;
  const ActivationKernel& activation_;
  Matmul dweight_;
  std::unique_ptr<Matmul> dx_;
};

}  // namespace

Planned plan_dense(Context& context, const DensePlan& plan) {
  return std::make_unique<Dense>(context, plan);
}

Planned plan_dense_backward(Context& context, const DenseBackwardPlan& plan) {
  return std::make_unique<DenseBackward>(context, plan);
}

}  // namespace vae4j

// The gradient's norm, a step's numbers, and Adam.
#include <algorithm>
#include <cmath>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Elements of one chunk.
constexpr int64_t kNormChunk = 8192;
constexpr int64_t kAdamChunk = 4096;
constexpr int64_t kAdamWork = 4;

class GlobalNorm final : public Op {
 public:
  GlobalNorm(Context& context, const GlobalNormPlan& plan)
      : Op(context),
        plan_(plan),
        chunks_(chunks_of(plan.count, kNormChunk)),
        sums_(allocate_array<double>(chunks_)) {}

  void run() override {
    for_chunks(context.threads, chunks_, plan_.count, [&](int64_t chunk) {
      int64_t begin = chunk * kNormChunk;
      int64_t count = std::min(plan_.count - begin, kNormChunk);
      sums_[chunk] = context.kernels.sum_of_squares(plan_.gradients + begin, count);
    });
    double sum = 0;
    for (int64_t chunk = 0; chunk < chunks_; chunk++) sum += sums_[chunk];
    *plan_.norm = std::sqrt(sum);
  }

 private:
  const GlobalNormPlan plan_;
  const int64_t chunks_;
  Owned<double> sums_;
};

class RecordMetrics final : public Op {
 public:
  RecordMetrics(Context& context, const RecordMetricsPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    int64_t step = static_cast<int64_t>(plan_.control[VAE4J_CONTROL_STEP]);
    double nll = mean(plan_.nll, plan_.nll_count);
    double kl = mean(plan_.kl, plan_.kl_count);
    double bound = plan_.bound == nullptr ? -nll - kl : mean(plan_.bound, plan_.kl_count);
    double norm = *plan_.norm;
    bool finite =
        std::isfinite(nll) && std::isfinite(kl) && std::isfinite(bound) && std::isfinite(norm);
    double ok = finite ? 1 : 0;
    double* slot = plan_.ring + step % plan_.slots * kWidth;
    slot[0] = nll;
    slot[1] = kl;
    slot[2] = norm;
    slot[3] = ok;
    slot[4] = bound;
    *plan_.status = ok;
  }

 private:
  static constexpr int kWidth = 5;

  static double mean(const float* values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += static_cast<double>(values[i]);
    return sum / static_cast<double>(count);
  }

  const RecordMetricsPlan plan_;
};

class Adam final : public Op {
 public:
  Adam(Context& context, const AdamPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    if (*plan_.status == 0) {
      plan_.state[kSkipped] += 1;
      plan_.state[kSkippedInARow] += 1;
      return;
    }
    AdamArgs args = scalars(plan_.state[kApplied] + 1);
    for_chunks(context.threads, chunks_of(plan_.count, kAdamChunk), kAdamWork * plan_.count,
               [&](int64_t chunk) {
                 int64_t begin = chunk * kAdamChunk;
                 context.kernels.adam(args, begin, std::min(plan_.count, begin + kAdamChunk));
               });
    plan_.state[kApplied] += 1;
    plan_.state[kSkippedInARow] = 0;
  }

 private:
  static constexpr int kApplied = 0;
  static constexpr int kSkipped = 1;
  static constexpr int kSkippedInARow = 2;

  // What is the same for all parameters, computed in double.
  AdamArgs scalars(double t) const {
    double rate = plan_.control[VAE4J_CONTROL_LEARNING_RATE];
    double clip = plan_.clip_norm == 0 ? 1 : std::min(1.0, plan_.clip_norm / *plan_.norm);
    AdamArgs args;
    args.parameters = plan_.parameters;
    args.gradients = plan_.gradients;
    args.m = plan_.m;
    args.v = plan_.v;
    args.average = plan_.average;
    args.clip = static_cast<float>(clip);
    args.rate = static_cast<float>(rate / (1 - std::pow(plan_.beta1, t)));
    args.inverse_root = static_cast<float>(1 / (1 - std::pow(plan_.beta2, t)));
    args.take1 = static_cast<float>(1 - plan_.beta1);
    args.take2 = static_cast<float>(1 - plan_.beta2);
    args.epsilon = static_cast<float>(plan_.epsilon);
    args.added_decay = plan_.decoupled ? 0 : static_cast<float>(plan_.weight_decay);
    args.decoupled_decay =
        plan_.decoupled ? static_cast<float>(rate * plan_.weight_decay) : 0;
    args.take_average = static_cast<float>(1 - plan_.ema_decay);
    return args;
  }

  const AdamPlan plan_;
};

}  // namespace

Planned plan_global_norm(Context& context, const GlobalNormPlan& plan) {
  return std::make_unique<GlobalNorm>(context, plan);
}

Planned plan_record_metrics(Context& context, const RecordMetricsPlan& plan) {
  return std::make_unique<RecordMetrics>(context, plan);
}

Planned plan_adam(Context& context, const AdamPlan& plan) {
  return std::make_unique<Adam>(context, plan);
}

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// The gradient's norm, the metrics of a step, Adam, and running averages.
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
constexpr int64_t kAverageChunk = 8192;

class GlobalNorm final : public OpOf<vae4j_global_norm_op> {
 public:
  GlobalNorm(Context& context, const vae4j_global_norm_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        chunks_(chunks_of(sizes['N'], kNormChunk)),
        sums_(allocate_array<double>(chunks_)) {}

  void run() override {
    int64_t all = sizes['N'];
    for_chunks(context.threads, chunks_, all, [&](int64_t chunk) {
      int64_t begin = chunk * kNormChunk;
      int64_t count = std::min(all - begin, kNormChunk);
      sums_[chunk] = context.kernels.sum_of_squares(floats(op.gradients) + begin, count);
    });
    double sum = 0;
    for (int64_t chunk = 0; chunk < chunks_; chunk++) sum += sums_[chunk];
    *doubles(op.norm) = std::sqrt(sum);
  }

 private:
  const int64_t chunks_;
  Owned<double> sums_;
};

double sum_of(const vae4j_tensor& values) {
  const float* at = floats(values);
  int64_t count = at == nullptr ? 0 : elements(values);
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += static_cast<double>(at[i]);
  return sum;
}

double mean_of(const vae4j_tensor& values) {
  return sum_of(values) / static_cast<double>(elements(values));
}

class RecordMetrics final : public OpOf<vae4j_record_metrics_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    double given = doubles(op.control)[VAE4J_CONTROL_STEP];
    int64_t step = integer(given);
    if (step < 0) {
      throw Error(VAE4J_INVALID_STATE,
                  "recordMetrics: control: expected a step of 0 or more and below 2^63, given " +
                      text(given));
    }
    double nll = mean_of(op.nll);
    double kl = mean_of(op.kl);
    double bound = op.bound.data == nullptr ? -nll - kl : mean_of(op.bound);
    double penalty = sum_of(op.penalty);
    double norm = *doubles(op.norm);
    bool finite = std::isfinite(nll) && std::isfinite(kl) && std::isfinite(bound) &&
                  std::isfinite(penalty) && std::isfinite(norm) && norm <= op.most_norm;
    double ok = finite ? 1 : 0;
    double* slot = doubles(op.ring) + step % sizes['S'] * kWidth;
    slot[0] = nll;
    slot[1] = kl;
    slot[2] = norm;
    slot[3] = ok;
    slot[4] = bound;
    slot[5] = penalty;
    *doubles(op.status) = ok;
  }

 private:
  static constexpr int kWidth = 6;
};

class Adam final : public OpOf<vae4j_adam_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    double* state = doubles(op.state);
    if (*doubles(op.status) == 0) {
      state[kSkipped] += 1;
      state[kSkippedInARow] += 1;
      return;
    }
    AdamArgs args = scalars(state[kApplied] + 1);
    int64_t count = sizes['N'];
    for_ranges(context.threads, count, kAdamChunk, work_of({kAdamWork, count}),
               [&](int64_t begin, int64_t end) { context.kernels.adam(args, begin, end); });
    state[kApplied] += 1;
    state[kSkippedInARow] = 0;
  }

 private:
  static constexpr int kApplied = 0;
  static constexpr int kSkipped = 1;
  static constexpr int kSkippedInARow = 2;

  // The factors common to all parameters, computed in double.
  AdamArgs scalars(double t) const {
    double rate = doubles(op.control)[VAE4J_CONTROL_LEARNING_RATE];
    double clip = op.clip_norm == 0 ? 1 : std::min(1.0, op.clip_norm / *doubles(op.norm));
    AdamArgs args;
    args.parameters = floats(op.parameters);
    args.gradients = floats(op.gradients);
    args.m = floats(op.m);
    args.v = floats(op.v);
    args.average = floats(op.average);
    args.clip = static_cast<float>(clip);
    args.rate = static_cast<float>(rate / (1 - std::pow(op.beta1, t)));
    args.inverse_root = static_cast<float>(1 / (1 - std::pow(op.beta2, t)));
    args.take1 = static_cast<float>(1 - op.beta1);
    args.take2 = static_cast<float>(1 - op.beta2);
    args.epsilon = static_cast<float>(op.epsilon);
    args.added_decay = op.decoupled ? 0 : static_cast<float>(op.weight_decay);
    args.decoupled_decay = op.decoupled ? static_cast<float>(rate * op.weight_decay) : 0;
    args.take_average = static_cast<float>(1 - op.ema_decay);
    return args;
  }
};

class RunningAverage final : public OpOf<vae4j_running_average_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    if (*doubles(op.status) == 0) return;
    float keep = static_cast<float>(1 - op.momentum);
    float take = static_cast<float>(op.momentum * op.factor);
    int64_t count = sizes['N'];
    for_ranges(context.threads, count, kAverageChunk, count, [&](int64_t begin, int64_t end) {
      context.kernels.running_average(floats(op.value) + begin, floats(op.average) + begin, keep,
                                      take, end - begin);
    });
  }
};

}  // namespace

Planned plan_global_norm(Context& context, const vae4j_global_norm_op& op, const Sizes& sizes) {
  return std::make_unique<GlobalNorm>(context, op, sizes);
}

Planned plan_record_metrics(Context& context, const vae4j_record_metrics_op& op,
                            const Sizes& sizes) {
  return std::make_unique<RecordMetrics>(context, op, sizes);
}

Planned plan_adam(Context& context, const vae4j_adam_op& op, const Sizes& sizes) {
  return std::make_unique<Adam>(context, op, sizes);
}

Planned plan_running_average(Context& context, const vae4j_running_average_op& op,
                             const Sizes& sizes) {
  return std::make_unique<RunningAverage>(context, op, sizes);
}

}  // namespace vae4j

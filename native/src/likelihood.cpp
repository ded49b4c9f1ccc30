// Loss and gradient of each row, and the streaming logsumexp of importance weights.
#include <cmath>
#include <limits>
#include <vector>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// An element costs about this many simple ones: it has exponentials.
constexpr int64_t kElementWork = 8;

class Likelihood final : public Op {
 public:
  Likelihood(Context& context, const LikelihoodPlan& plan)
      : Op(context),
        kernel_(likelihood_kernel(context, plan.name, plan.constant_count)),
        constants_(plan.constants, plan.constants + plan.constant_count),
        rows_(static_cast<int64_t>(plan.batch) * plan.samples),
        args_{constants_.data(), plan.parameters, plan.x,        plan.nll,
              plan.dparameters,  plan.samples,    plan.features, plan.scale} {}

  void run() override {
    for_chunks(context.threads, rows_, kElementWork * rows_ * args_.features,
               [&](int64_t row) { kernel_.rows(args_, row, row + 1); });
  }

 private:
  const LikelihoodKernel& kernel_;
  const std::vector<double> constants_;
  const int64_t rows_;
  const LikelihoodArgs args_;
};

class ImportanceWeights final : public Op {
 public:
  ImportanceWeights(Context& context, const ImportanceWeightsPlan& plan)
      : Op(context), plan_(plan) {}

  void run() override {
    int64_t work = kElementWork * plan_.batch * plan_.samples;
    for_chunks(context.threads, plan_.batch, work, [&](int64_t b) { row(b); });
  }

 private:
  double log_weight(int64_t r) const {
    return static_cast<double>(plan_.log_ratio[r]) - static_cast<double>(plan_.nll[r]);
  }

  // The largest is found first, so that each sample costs one exponential.
  void row(int64_t b) const {
    double* state = plan_.state + 3 * b;
    int64_t begin = b * plan_.samples;
    int64_t end = begin + plan_.samples;
    double largest = state[0];
    for (int64_t r = begin; r < end; r++) {
      double w = log_weight(r);
      if (w > largest || std::isnan(w)) largest = w;
    }
    if (largest == -std::numeric_limits<double>::infinity()) return;
    double rescale = std::exp(state[0] - largest);
    double sum = state[1] * rescale;
    double squares = state[2] * rescale * rescale;
    for (int64_t r = begin; r < end; r++) {
      double e = std::exp(log_weight(r) - largest);
      sum += e;
      squares += e * e;
    }
    state[0] = largest;
    state[1] = sum;
    state[2] = squares;
  }

  const ImportanceWeightsPlan plan_;
};

}  // namespace

Planned plan_likelihood(Context& context, const LikelihoodPlan& plan) {
  return std::make_unique<Likelihood>(context, plan);
}

Planned plan_importance_weights(Context& context, const ImportanceWeightsPlan& plan) {
  return std::make_unique<ImportanceWeights>(context, plan);
}

}  // namespace vae4j

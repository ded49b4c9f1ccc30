// Bounds from several samples and what each sample weighs in their gradient:
// io.github.vae4j.backend.op.SampleWeights states the mathematics. Sums in double.
#include <cmath>
#include <limits>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// A sample costs two exponentials.
constexpr int64_t kSampleWork = 40;

class SampleWeights final : public Op {
 public:
  SampleWeights(Context& context, const SampleWeightsPlan& plan)
      : Op(context), plan_(plan), size_(plan.samples / plan.groups), order_(1 - plan.alpha) {}

  void run() override {
    double beta = plan_.control[VAE4J_CONTROL_BETA];
    int64_t work = kSampleWork * plan_.batch * plan_.samples;
    for_chunks(context.threads, plan_.batch, work, [&](int64_t b) {
      float own = plan_.row_weight == nullptr ? 1.0f : plan_.row_weight[b];
      double sum = 0;
      for (int64_t first = b * plan_.samples; first < (b + 1) * plan_.samples; first += size_) {
        sum += order_ == 0 ? average(first, beta, own) : weigh(first, beta, own);
      }
      plan_.bound[b] = static_cast<float>(sum / plan_.groups);
    });
  }

 private:
  double log_weight(int64_t r, double beta) const {
    return beta * static_cast<double>(plan_.log_ratio[r]) - static_cast<double>(plan_.nll[r]);
  }

  double average(int64_t first, double beta, float own) const {
    double sum = 0;
    for (int64_t r = first; r < first + size_; r++) {
      sum += log_weight(r, beta);
      plan_.weight[r] = own;
    }
    return sum / size_;
  }

  double weigh(int64_t first, double beta, float own) const {
    double largest = -std::numeric_limits<double>::infinity();
    for (int64_t r = first; r < first + size_; r++) {
      double w = order_ * log_weight(r, beta);
      if (w > largest || std::isnan(w)) largest = w;
    }
    double sum = 0;
    for (int64_t r = first; r < first + size_; r++) {
      sum += std::exp(order_ * log_weight(r, beta) - largest);
    }
    double log = largest + std::log(sum);
    for (int64_t r = first; r < first + size_; r++) {
      double softmax = size_ * std::exp(order_ * log_weight(r, beta) - log);
      plan_.weight[r] = own * static_cast<float>(softmax);
    }
    return (log - std::log(static_cast<double>(size_))) / order_;
  }

  const SampleWeightsPlan plan_;
  const int size_;
  const double order_;
};

}  // namespace

Planned plan_sample_weights(Context& context, const SampleWeightsPlan& plan) {
  return std::make_unique<SampleWeights>(context, plan);
}

}  // namespace vae4j

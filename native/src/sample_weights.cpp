// SPDX-License-Identifier: Apache-2.0
// Bounds from several samples and the weight of each sample in their gradient. Sums are in double.
#include <cmath>
#include <limits>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// The cost of a sample, two exponentials, in simple elements.
constexpr int64_t kSampleWork = 40;

class SampleWeights final : public OpOf<vae4j_sample_weights_op> {
 public:
  SampleWeights(Context& context, const vae4j_sample_weights_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        size_(sizes['L'] / static_cast<int>(op.groups)),
        order_(1 - op.alpha),
        log_ratio_(floats(op.log_ratio)),
        nll_(floats(op.nll)),
        weight_(floats(op.weight)) {}

  void run() override {
    double beta = doubles(op.control)[VAE4J_CONTROL_BETA];
    const float* row_weight = floats(op.row_weight);
    int64_t samples = sizes['L'];
    int64_t work = work_of({kSampleWork, sizes['B'], samples});
    for_chunks(context.threads, sizes['B'], work, [&](int64_t b) {
      float own = row_weight == nullptr ? 1.0f : row_weight[b];
      double sum = 0;
      for (int64_t first = b * samples; first < (b + 1) * samples; first += size_) {
        sum += order_ == 0 ? average(first, beta, own) : weigh(first, beta, own);
      }
      floats(op.bound)[b] = static_cast<float>(sum / static_cast<double>(op.groups));
    });
  }

 private:
  double log_weight(int64_t r, double beta) const {
    return beta * static_cast<double>(log_ratio_[r]) - static_cast<double>(nll_[r]);
  }

  double average(int64_t first, double beta, float own) const {
    double sum = 0;
    for (int64_t r = first; r < first + size_; r++) {
      sum += log_weight(r, beta);
      weight_[r] = own;
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
      weight_[r] = own * static_cast<float>(softmax);
    }
    return (log - std::log(static_cast<double>(size_))) / order_;
  }

  const int size_;
  const double order_;
  const float* const log_ratio_;
  const float* const nll_;
  float* const weight_;
};

}  // namespace

Planned plan_sample_weights(Context& context, const vae4j_sample_weights_op& op,
                            const Sizes& sizes) {
  require_groups("sampleWeights", op.groups, sizes);
  return std::make_unique<SampleWeights>(context, op, sizes);
}

}  // namespace vae4j

// Loss and gradient of each row, and the streaming logsumexp of importance weights.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
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
        rows_(static_cast<int64_t>(plan.batch) * plan.samples),
        work_(kElementWork * rows_ * plan.features),
        scale_(plan.scale),
        row_weight_(plan.row_weight),
        rows_per_weight_(plan.row_weight == nullptr ? 1 : rows_ / plan.weight_count),
        nll_(plan.nll),
        shared_(plan.shared),
        dshared_(plan.dshared),
        constants_(plan.constants, plan.constants + plan.constant_count) {
    add_blocks(plan);
    check(plan);
    if (shared_count_ > 0) partials_ = allocate_array<double>(rows_ * 2 * shared_count_);
  }

  void run() override {
    for (const Block& block : blocks_) {
      if (block.kernel.squares != nullptr && dshared_ != nullptr) set_variance(block);
    }
    for_chunks(context.threads, rows_, work_, [&](int64_t row) { run_row(row); });
    if (dshared_ == nullptr) return;
    for (const Block& block : blocks_) {
      if (block.kernel.shared > 0) dshared_[block.shared] = shared_gradient(block);
    }
  }

 private:
  struct Block {
    const LikelihoodKernel& kernel;
    LikelihoodArgs args;
    LikelihoodArgs without_gradient;
    int64_t parameters;  // of a row
    int shared;          // the index of its shared parameter
  };

  void add_blocks(const LikelihoodPlan& plan) {
    std::string names = plan.names;
    int column = 0;
    int64_t parameter = 0;
    size_t constant = 0;
    size_t begin = 0;
    for (int i = 0; i < plan.block_count; i++) {
      size_t end = std::min(names.find(';', begin), names.size());
      if (begin > names.size()) {
        throw wrong("likelihood", "names", std::to_string(plan.block_count), plan.names);
      }
      std::string name = names.substr(begin, end - begin);
      begin = end + 1;
      const LikelihoodKernel& kernel = likelihood_kernel(context, name.c_str());
      if (constant + static_cast<size_t>(kernel.constants) > constants_.size()) {
        throw wrong("likelihood", "constants", std::to_string(kernel.constants) + " of " + name,
                    std::to_string(constants_.size() - constant));
      }
      if (plan.columns[i] < 1 || plan.columns[i] > plan.features - column) {
        throw wrong("likelihood", "columns", std::to_string(plan.features) + " in all",
                    "block " + std::to_string(i) + " of " + std::to_string(plan.columns[i]));
      }
      LikelihoodArgs args{};
      args.constants = constants_.data() + constant;
      args.parameters = plan.parameters + parameter;
      args.shared = plan.shared == nullptr ? nullptr : plan.shared + shared_count_;
      args.x = plan.x + column;
      args.mask = plan.mask == nullptr ? nullptr : plan.mask + column;
      args.gradient = plan.dparameters == nullptr ? nullptr : plan.dparameters + parameter;
      args.samples = plan.samples;
      args.columns = plan.columns[i];
      args.features = plan.features;
      int per_column = kernel.parameters(args.constants);
      if (per_column < 1) {
        throw wrong("likelihood", "constants", "settings that " + name + " can have",
                    std::to_string(args.constants[0]));
      }
      int64_t parameters = static_cast<int64_t>(per_column) * args.columns;
      blocks_.push_back({kernel, args, {}, parameters, shared_count_});
      parameter += parameters;
      column += args.columns;
      constant += static_cast<size_t>(kernel.constants);
      shared_count_ += kernel.shared;
    }
    if (begin <= names.size() || column != plan.features || constant != constants_.size()) {
      throw wrong("likelihood", "names, columns and constants",
                  "those of " + std::to_string(plan.block_count) + " blocks of " +
                      std::to_string(plan.features) + " columns",
                  std::string(plan.names) + ", " + std::to_string(column) + " columns, " +
                      std::to_string(constants_.size()) + " constants");
    }
    for (Block& block : blocks_) {
      block.args.width = parameter;
      block.without_gradient = block.args;
      block.without_gradient.gradient = nullptr;
    }
  }

  void check(const LikelihoodPlan& plan) const {
    if (plan.row_weight != nullptr && plan.weight_count != plan.batch &&
        plan.weight_count != rows_) {
      throw wrong("likelihood", "weight_count", "batch or batch * samples",
                  std::to_string(plan.weight_count));
    }
    bool gradient = plan.dparameters != nullptr;
    if ((plan.shared != nullptr) != (shared_count_ > 0)) {
      throw wrong("likelihood", "shared", shared_count_ > 0 ? "a pointer" : "NULL",
                  shared_count_ > 0 ? "NULL" : "a pointer");
    }
    if ((plan.dshared != nullptr) != (shared_count_ > 0 && gradient)) {
      throw wrong("likelihood", "dshared", "a pointer where there are shared and dparameters",
                  plan.dshared == nullptr ? "NULL" : "a pointer");
    }
  }

  float weight(int64_t row) const {
    return row_weight_ == nullptr ? 1.0f : row_weight_[row / rows_per_weight_];
  }

  void run_row(int64_t row) {
    float scale = scale_ * weight(row);
    double sum = 0;
    for (const Block& block : blocks_) {
      double ignored;
      double* dshared = dshared_ == nullptr || block.kernel.shared == 0
                            ? &ignored
                            : &partials_[block.shared * rows_ + row];
      if (scale == 0 && block.args.gradient != nullptr) {
        // Not 0 times a gradient that may be infinite. The parameters may lie there: first the nll.
        sum += block.kernel.row(block.without_gradient, row, scale, &ignored);
        std::fill_n(block.args.gradient + row * block.args.width, block.parameters, 0.0f);
        *dshared = 0;
      } else {
        sum += block.kernel.row(block.args, row, scale, dshared);
      }
    }
    nll_[row] = static_cast<float>(sum);
  }

  // In the order of the rows, whatever threads computed them.
  double sum_of_partials(int64_t first) const {
    double sum = 0;
    for (int64_t row = 0; row < rows_; row++) sum += partials_[first + row];
    return sum;
  }

  float shared_gradient(const Block& block) const {
    if (block.kernel.squares != nullptr) return 0;
    return static_cast<float>(sum_of_partials(block.shared * rows_));
  }

  void set_variance(const Block& block) {
    int64_t first = block.shared * rows_;
    int64_t counts = shared_count_ * rows_ + first;
    for_chunks(context.threads, rows_, work_ / kElementWork, [&](int64_t row) {
      double squares = 0;
      double count = 0;
      double w = weight(row);
      if (w != 0) block.kernel.squares(block.args, row, &squares, &count);
      partials_[first + row] = w * squares;
      partials_[counts + row] = w * count;
    });
    double log_variance = std::log(sum_of_partials(first) / sum_of_partials(counts));
    log_variance = std::min(std::max(log_variance, kMinLogVariance), kMaxLogVariance);
    if (std::isfinite(log_variance)) shared_[block.shared] = static_cast<float>(log_variance);
  }

  static constexpr double kMinLogVariance = -30;
  static constexpr double kMaxLogVariance = 20;

  const int64_t rows_;
  const int64_t work_;
  const float scale_;
  const float* const row_weight_;
  const int64_t rows_per_weight_;
  float* const nll_;
  float* const shared_;
  float* const dshared_;
  const std::vector<double> constants_;
  std::vector<Block> blocks_;
  int shared_count_ = 0;
  // Each row's part of each shared gradient, or of a sum of squares and, behind all, of its count.
  Owned<double> partials_;
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

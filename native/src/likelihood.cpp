// SPDX-License-Identifier: Apache-2.0
// Loss and gradient of each row, and the streaming logsumexp of importance weights.
#include <algorithm>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <vector>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// The cost of an element, which has exponentials, in simple elements.
constexpr int64_t kElementWork = 8;

Error wrong_blocks(const std::string& expected, const std::string& given) {
  return wrong("likelihood", "likelihood", expected, "\"" + given + "\"");
}

// Reads a number independently of the caller's locale.
template <class Number>
bool reads(const std::string& word, Number* number) {
  std::istringstream in(word);
  in.imbue(std::locale::classic());
  in >> *number;
  return !in.fail() && in.peek() == std::istringstream::traits_type::eof();
}

// A block of columns with one model, in the text form of a likelihood: "gaussian 3 0.5".
struct Model {
  Model(const Context& context, const std::string& text) {
    std::istringstream in(text);
    std::string name;
    std::string word;
    in >> name >> word;
    if (!reads(word, &columns)) throw wrong_blocks("NAME COLUMNS CONSTANTS in each block", text);
    while (in >> word) {
      double constant;
      if (!reads(word, &constant)) throw wrong_blocks("numbers as constants", text);
      constants.push_back(constant);
    }
    kernel = &likelihood_kernel(context, name.c_str());
    if (constants.size() != static_cast<size_t>(kernel->constants)) {
      throw wrong_blocks(std::to_string(kernel->constants) + " constants of " + name, text);
    }
    parameters = kernel->parameters(constants.data());
    if (parameters < 1) throw wrong_blocks("settings that " + name + " can have", text);
  }

  int columns;
  std::vector<double> constants;
  const LikelihoodKernel* kernel;
  int64_t parameters;  // per column
};

std::vector<Model> models_of(const Context& context, const std::string& text) {
  std::vector<Model> models;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(';', begin), text.size());
    models.emplace_back(context, text.substr(begin, end - begin));
    begin = end + 1;
  }
  return models;
}

class Likelihood final : public Op {
 public:
  Likelihood(Context& context, const vae4j_likelihood_op& op, const Sizes& sizes)
      : Op(context),
        rows_(static_cast<int64_t>(sizes['B']) * sizes['L']),
        work_(work_of({kElementWork, rows_, sizes['D']})),
        samples_(sizes['L']),
        features_(sizes['D']),
        scale_(static_cast<float>(op.scale)),
        row_weight_(floats(op.row_weight)),
        rows_per_weight_(row_weight_ == nullptr ? 1 : rows_ / elements(op.row_weight)),
        nll_(floats(op.nll)),
        shared_(floats(op.shared)),
        d_shared_(floats(op.d_shared)),
        models_(models_of(context, op.likelihood)) {
    add_blocks(op, sizes);
    check_shared(op, sizes);
    tiled_ =
        op.d_parameters.data == nullptr && std::any_of(blocks_.begin(), blocks_.end(), has_tile);
    if (shared_count_ > 0) partials_ = allocate_array<double>(rows_ * 2 * shared_count_);
  }

  void run() override {
    for (const Block& block : blocks_) {
      if (block.kernel.squares != nullptr && d_shared_ != nullptr) set_variance(block);
    }
    if (tiled_) {
      for_ranges(context.threads, rows_, kTileRows, work_,
                 [&](int64_t begin, int64_t end) { run_tile(begin, end); });
    } else {
      for_chunks(context.threads, rows_, work_, [&](int64_t row) { run_row(row); });
    }
    if (d_shared_ == nullptr) return;
    for (const Block& block : blocks_) {
      if (block.kernel.shared > 0) d_shared_[block.shared] = shared_gradient(block);
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

  void add_blocks(const vae4j_likelihood_op& op, const Sizes& sizes) {
    int64_t column = 0;
    int64_t parameter = 0;
    for (const Model& model : models_) {
      if (model.columns < 1 || model.columns > sizes['D'] - column) {
        throw wrong_blocks(std::to_string(sizes['D']) + " columns in all", op.likelihood);
      }
      LikelihoodArgs args{};
      args.constants = model.constants.data();
      args.parameters = floats(op.parameters) + parameter;
      args.shared = shared_ == nullptr ? nullptr : shared_ + shared_count_;
      args.x = floats(op.x) + column;
      args.mask = op.mask.data == nullptr ? nullptr : floats(op.mask) + column;
      args.gradient =
          op.d_parameters.data == nullptr ? nullptr : floats(op.d_parameters) + parameter;
      args.samples = sizes['L'];
      args.columns = model.columns;
      args.features = sizes['D'];
      int64_t parameters = model.parameters * model.columns;
      blocks_.push_back({*model.kernel, args, {}, parameters, shared_count_});
      parameter += parameters;
      column += model.columns;
      shared_count_ += model.kernel->shared;
    }
    if (column != sizes['D']) {
      throw wrong_blocks(std::to_string(sizes['D']) + " columns in all", op.likelihood);
    }
    if (parameter != sizes['P']) {
      throw wrong("likelihood", "parameters",
                  "the " + std::to_string(parameter) + " columns of " + op.likelihood,
                  text(op.parameters));
    }
    for (Block& block : blocks_) {
      block.args.width = parameter;
      block.without_gradient = block.args;
      block.without_gradient.gradient = nullptr;
    }
  }

  void check_shared(const vae4j_likelihood_op& op, const Sizes& sizes) const {
    if (sizes['S'] != shared_count_ && (shared_ != nullptr || shared_count_ > 0)) {
      throw wrong("likelihood", "shared",
                  shared_count_ == 0 ? "NULL, as the likelihood has none"
                                     : std::to_string(shared_count_) + " parameters",
                  text(op.shared));
    }
    bool gradient = shared_ != nullptr && op.d_parameters.data != nullptr;
    if ((d_shared_ != nullptr) != gradient) {
      throw wrong("likelihood", "d_shared",
                  gradient ? "a tensor, as shared and d_parameters are some"
                           : "NULL, as there is no such gradient",
                  text(op.d_shared));
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
      double* d_shared = d_shared_ == nullptr || block.kernel.shared == 0
                             ? &ignored
                             : &partials_[block.shared * rows_ + row];
      if (scale == 0 && block.args.gradient != nullptr) {
        // Not 0 times the gradient, which may be infinite. After the nll, as the parameters may be
        // in this memory.
        sum += block.kernel.row(block.without_gradient, row, scale, &ignored);
        std::fill_n(block.args.gradient + row * block.args.width, block.parameters, 0.0f);
        *d_shared = 0;
      } else {
        sum += block.kernel.row(block.args, row, scale, d_shared);
      }
    }
    nll_[row] = static_cast<float>(sum);
  }

  static bool has_tile(const Block& block) {
    return block.kernel.tile != nullptr && block.parameters <= kTileParameters;
  }

  void run_tile(int64_t begin, int64_t end) {
    LikelihoodTile tile;
    for (int lane = 0; lane < kTileRows; lane++) {
      tile.x[lane] = std::min(begin + lane, end - 1) / samples_ * features_;
    }
    tile.one_x = tile.x[0] == tile.x[kTileRows - 1];
    double sums[kTileRows] = {};
    for (const Block& block : blocks_) {
      if (has_tile(block)) {
        transpose(block, begin, end, tile.parameters);
        block.kernel.tile(block.args, tile, sums);
        continue;
      }
      double ignored;
      for (int64_t row = begin; row < end; row++) {
        sums[row - begin] += block.kernel.row(block.args, row, 1, &ignored);
      }
    }
    for (int64_t row = begin; row < end; row++) nll_[row] = static_cast<float>(sums[row - begin]);
  }

  static void transpose(const Block& block, int64_t begin, int64_t end, float* to) {
    for (int lane = 0; lane < kTileRows; lane++) {
      int64_t row = std::min(begin + lane, end - 1);
      const float* from = block.args.parameters + row * block.args.width;
      for (int64_t k = 0; k < block.parameters; k++) to[k * kTileRows + lane] = from[k];
    }
  }

  // In the order of the rows, not of the threads.
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
  const int64_t samples_;
  const int64_t features_;
  const float scale_;
  const float* const row_weight_;
  const int64_t rows_per_weight_;
  float* const nll_;
  float* const shared_;
  float* const d_shared_;
  const std::vector<Model> models_;
  std::vector<Block> blocks_;
  int shared_count_ = 0;
  bool tiled_ = false;
  // The term of each row in each shared gradient, or in a sum of squares and, after all of them,
  // its count.
  Owned<double> partials_;
};

class ImportanceWeights final : public OpOf<vae4j_importance_weights_op> {
 public:
  ImportanceWeights(Context& context, const vae4j_importance_weights_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes), log_ratio_(floats(op.log_ratio)), nll_(floats(op.nll)) {}

  void run() override {
    int64_t work = work_of({kElementWork, sizes['B'], sizes['L']});
    for_chunks(context.threads, sizes['B'], work, [&](int64_t b) { row(b); });
  }

 private:
  double log_weight(int64_t r) const {
    return static_cast<double>(log_ratio_[r]) - static_cast<double>(nll_[r]);
  }

  // The largest is found first, so that each sample costs one exponential.
  void row(int64_t b) const {
    double* state = doubles(op.state) + 3 * b;
    int64_t begin = b * sizes['L'];
    int64_t end = begin + sizes['L'];
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

  const float* const log_ratio_;
  const float* const nll_;
};

}  // namespace

Planned plan_likelihood(Context& context, const vae4j_likelihood_op& op, const Sizes& sizes) {
  return std::make_unique<Likelihood>(context, op, sizes);
}

Planned plan_importance_weights(Context& context, const vae4j_importance_weights_op& op,
                                const Sizes& sizes) {
  return std::make_unique<ImportanceWeights>(context, op, sizes);
}

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
#include "model/rows.hpp"

#include <climits>
#include <cmath>
#include <cstring>

namespace vae4j::model {
namespace {

// Adding one to the exponent of a number that is not finite carries into the sign. Without a branch,
// because the loop reads every value of a batch and is to be one of vectors.
bool all_finite(const float* values, int64_t count) {
  uint32_t carries = 0;
#pragma omp simd reduction(| : carries)
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    std::memcpy(&bits, values + i, sizeof bits);
    carries |= (bits & 0x7F800000U) + 0x00800000U;
  }
  return carries >> 31 == 0;
}

}  // namespace

void require_range(const char* call, const char* argument, int64_t value, int64_t low,
                   int64_t high) {
  if (value >= low && value <= high) return;
  throw wrong(call, argument, std::to_string(low) + " to " + std::to_string(high),
              std::to_string(value));
}

void require_condition(const char* call, const vae4j_model& model, const float* condition) {
  if ((model.conditions > 0) == (condition != nullptr)) return;
  std::string columns = std::to_string(model.conditions);
  throw wrong(call, "condition",
              model.conditions > 0 ? columns + " numbers a row, as the model is conditional"
                                   : "NULL, as the model is not conditional",
              condition == nullptr ? "NULL" : "a pointer");
}

void require_finite(const char* call, const char* argument, const float* values, int64_t rows,
                    int64_t columns) {
  if (all_finite(values, rows * columns)) return;
  int64_t at = 0;
  while (std::isfinite(values[at])) at++;
  throw wrong(call, argument, "finite values",
              vae4j::text(values[at]) + " in row " + std::to_string(at / columns) + ", column " +
                  std::to_string(at % columns));
}

InputRows::InputRows(const char* call, const vae4j_model& model, const float* x,
                     const float* condition, int64_t rows)
    : model_(model), x_(x), condition_(condition), rows_(rows), masked_(false) {
  require(call, "x", x);
  require_range(call, "rows", rows, 1, INT_MAX);
  require_condition(call, model, condition);
  if (!all_finite(x, rows * model.features)) {
    for (int64_t i = 0; i < rows * model.features; i++) {
      if (std::isinf(x[i])) {
        throw wrong(call, "x", "finite values, or NaN where a value is missing",
                    "an infinite one in row " + std::to_string(i / model.features) + ", column " +
                        std::to_string(i % model.features));
      }
    }
    masked_ = true;
  }
  if (condition != nullptr) require_finite(call, "condition", condition, rows, model.conditions);
}

void stage(Plan* plan, const char* name, const float* from, int64_t count, int64_t columns) {
  float* to = plan->floats(name, columns);
  std::copy_n(from, count * columns, to);
  std::fill(to + count * columns, to + plan->batch() * columns, 0.0F);
}

void InputRows::stage(Plan* plan, int64_t first, int64_t count) const {
  int64_t columns = model_.features;
  model::stage(plan, "x", x_ + first * columns, count, columns);
  if (condition_ != nullptr) {
    model::stage(plan, "condition", condition_ + first * model_.conditions, count,
                 model_.conditions);
  }
  if (!plan->has("mask")) return;
  float* mask = plan->floats("mask", columns);
  float* x = plan->floats("x", columns);
  for (int64_t i = 0; i < plan->batch() * columns; i++) {
    bool missing = std::isnan(x[i]);
    mask[i] = missing ? 0.0F : 1.0F;
    if (missing) x[i] = 0.0F;
  }
}

void InputRows::refuse(const char* result, double given, int64_t row) const {
  if (std::isfinite(given)) return;
  throw Error(VAE4J_INVALID_ARGUMENT, std::string(result) + " of row " +
                                          std::to_string(number_ + row) + " is " +
                                          (std::isnan(given) ? "NaN" : "infinite") +
                                          ": the row is too far from the training data");
}

void InputRows::refuse_code(const float* code, int64_t row) const {
  for (int64_t j = 0; j < model_.latent; j++) refuse("the code", code[j], row);
}

void require_samples(const char* call, const vae4j_model& model, int64_t samples) {
  require_range(call, "samples", samples, 1, kMostSamples);
  int64_t most = INT_MAX / std::max(model.outputs, model.latent);
  if (samples <= most) return;
  throw wrong(call, "samples", "at most " + std::to_string(most) + " for this model",
              std::to_string(samples));
}

int64_t pass_size(int64_t rows, int64_t most) {
  int64_t power = 1;
  while (power < rows) power *= 2;
  int64_t less = power / 4 * 3;
  return std::min(less >= rows ? less : power, most);
}

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
// The rows of a call, and the passes over them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/model.hpp"

namespace vae4j::model {

// Rows of x with their conditions; condition is NULL for a model without one.
class InputRows {
 public:
  // Checks the arguments of a call, with its name for messages.
  InputRows(const char* call, const vae4j_model& model, const float* x, const float* condition,
            int64_t rows);

  // Rows that the library made, which are those of a caller from a number on. They have a mask even
  // if no value is missing.
  InputRows(const vae4j_model& model, const float* x, const float* condition, int64_t rows,
            int64_t number)
      : model_(model), x_(x), condition_(condition), rows_(rows), number_(number), masked_(true) {}

  int64_t rows() const { return rows_; }

  // Fails if a result of a row is not finite.
  void refuse(const char* result, double given, int64_t row) const;
  void refuse_code(const float* code, int64_t row) const;

  // The plan that scores rows such as these.
  const char* plan() const { return masked_ ? "score_masked" : "score"; }

  // Copies rows to the tensors of a plan; the plan's further rows are zeros.
  void stage(Plan* plan, int64_t first, int64_t count) const;

 private:
  const vae4j_model& model_;
  const float* x_;
  const float* condition_;
  int64_t rows_;
  int64_t number_ = 0;  // of the first row, for messages
  bool masked_;
};

// Copies rows to a tensor of a plan; its further rows are zeros.
void stage(Plan* plan, const char* name, const float* from, int64_t count, int64_t columns);

// Fails unless a number is in its range, numbers are finite, and a condition is there where the model
// needs one.
void require_range(const char* call, const char* argument, int64_t value, int64_t low,
                   int64_t high);
void require_finite(const char* call, const char* argument, const float* values, int64_t rows,
                    int64_t columns);
void require_condition(const char* call, const vae4j_model& model, const float* condition);

// The samples of a row: the numbers of one row must be an array's.
constexpr int64_t kMostSamples = 1 << 24;
void require_samples(const char* call, const vae4j_model& model, int64_t samples);

// The rows of a pass for a number of rows: at most a third more, so that calls of many sizes need
// few plans.
int64_t pass_size(int64_t rows, int64_t most);

// Calls body(first, count) for passes of at most so many rows.
template <class Body>
void for_passes(int64_t rows, int64_t most, const Body& body) {
  for (int64_t first = 0; first < rows; first += most) body(first, std::min(most, rows - first));
}

}  // namespace vae4j::model

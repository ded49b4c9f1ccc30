// SPDX-License-Identifier: Apache-2.0
// The part of a model that reads rows of a table: its schema and its calibration.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/arena.hpp"
#include "model/calibration.hpp"
#include "model/row_encoder.hpp"
#include "vae4j_model.h"

namespace vae4j::model {

// The error of a call that needs a schema.
Error no_schema(const char* call);

class TableModel {
 public:
  // specification: the "model" part of vae.json. calibration: a file, which may be missing, and is
  // refused when rows are scored if it is not of the weights.
  TableModel(const std::string& file, const std::string& specification,
             const std::string& calibration, const Arena& weights);

  // Fails if the schema's rows are not those of a model.
  void check(const std::string& file, int64_t features, int64_t conditions) const;

  // The cells of a row; none for a model without a schema.
  int64_t columns() const { return static_cast<int64_t>(names_.size()); }
  const std::string& column(int64_t index) const { return names_[static_cast<size_t>(index)]; }

  // Scores rows of texts.
  void score(const vae4j_model& model, const char* const* cells, int64_t rows, int64_t samples,
             int64_t seed, vae4j_row_score* scores) const;

 private:
  std::vector<std::string> names_;
  std::optional<RowEncoder> encoder_;
  std::optional<Calibration> calibration_;
  std::string fault_;  // of the calibration
};

}  // namespace vae4j::model

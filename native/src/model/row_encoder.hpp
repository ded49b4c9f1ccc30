// SPDX-License-Identifier: Apache-2.0
// Features of the texts of a row, with the bits of schema.RowEncoder.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.hpp"

namespace vae4j::model {

// The caller's memory for an encoded row. mask and condition may be NULL.
struct EncodedRow {
  float* features;      // D; NaN for a missing value
  float* mask;          // D; 1, or 0 for a missing value
  float* condition;     // C
  double log_jacobian;  // the sum of log dy/dx, nats: log p(x) is log p(y) and this
};

// Immutable: any number of threads may use it.
class RowEncoder {
 public:
  // The treatment of columns of the schema that a table does not have: they are refused, or all of
  // their values are missing. A column of the condition is always refused.
  enum class Absent { kRefuse, kMissing };

  // Rows that have the columns of used_columns, in their order.
  explicit RowEncoder(std::shared_ptr<const Schema> schema);

  // Rows of a table that has these columns. Further ones are ignored, as are labels and weights.
  RowEncoder(std::shared_ptr<const Schema> schema, const std::vector<std::string>& columns,
             Absent absent);

  // D, the number of modelled features.
  int width() const { return width_; }

  // C, the number of features of the condition; 0 for a model without a condition on columns.
  int condition_width() const { return condition_width_; }

  // The number of texts of a row.
  size_t columns() const { return columns_; }

  // Encodes the texts of a row: UTF-8 without the quotes of a CSV; blanks around them are left out.
  // NULL and the missing texts of the schema are missing values. Fails with VAE4J_INVALID_ARGUMENT
  // for a text that is no value of its column, and for a missing value of the condition.
  void encode(const char* const* texts, EncodedRow* row) const;

 private:
  struct Level {
    std::string_view text;
    int number;
  };

  struct Cell {
    const Column* column;
    int64_t text;  // the number of its text in a row; -1 for none
    int at;        // its first feature
    int width;
    int hour;  // the first feature of the part, -1 for none
    int weekday;
    std::vector<Level> levels;  // by text
  };

  struct Part;

  // The numbers of a table's columns by their names.
  using Places = std::map<std::string_view, int64_t>;

  std::vector<Cell> place(const Places& places, ColumnKind::Role role, int* width) const;
  void require_columns(const std::vector<std::string>& columns, const Places& places,
                       Absent absent) const;
  std::string_view text(const Cell& cell, const char* const* texts) const;
  double write(const Cell& cell, const char* const* texts, float* features) const;
  double write_number(const Cell& cell, std::string_view text, float* features) const;
  double write_time(const Cell& cell, std::string_view text, float* features) const;
  void write_count(const Cell& cell, std::string_view text, float* features) const;
  double number(const Cell& cell, std::string_view text) const;

  std::shared_ptr<const Schema> schema_;
  size_t columns_;
  int width_ = 0;
  int condition_width_ = 0;
  std::vector<Cell> modelled_;
  std::vector<Cell> given_;
};

// The names of the columns that a row needs: modelled ones and those of the condition, in order.
std::vector<std::string> used_columns(const Schema& schema);

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#include "model/row_encoder.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>

#include "model/unicode.hpp"
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

using Role = ColumnKind::Role;
using Values = ColumnKind::Values;

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr double kLargestCount = 1e6;
constexpr int kHours = 24;
constexpr int kDays = 7;
constexpr int64_t kHour = 3600;
constexpr int64_t kDay = 86400;

// The weekday of 1 January 1970, a Thursday, counted from Monday.
constexpr int64_t kFirstWeekday = 3;

Error wrong(const Column& column, const std::string& problem) {
  return Error(VAE4J_INVALID_ARGUMENT, "column " + quoted(column.name) + ": " + problem);
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
int64_t floor_mod(int64_t a, int64_t b) { return a % b + (a % b < 0 ? b : 0); }

// Java's conversion, which ends at the ends of the range.
int64_t whole(double value) {
  constexpr double kEnd = 9223372036854775808.0;
  if (value >= kEnd) return INT64_MAX;
  return value < -kEnd ? INT64_MIN : static_cast<int64_t>(value);
}

// One 1 among zeros.
void fill(float* features, int width, int64_t number) {
  std::fill(features, features + width, 0.0f);
  features[number] = 1;
}

void fill_missing(float* features, int width) { std::fill(features, features + width, kMissing); }

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kShown = 20;
  std::string list;
  for (size_t i = 0; i < names.size() && i < kShown; i++) {
    list += (i == 0 ? "" : ", ") + quoted(names[i]);
  }
  if (names.size() > kShown) list += ", ... (" + std::to_string(names.size()) + " in all)";
  return list;
}

}  // namespace

// Features of a column with one meaning. Those of all columns are in the order of these meanings.
struct RowEncoder::Part {
  enum Use { kNumber, kCount, kLevels, kHourOfDay, kWeekday, kUses };

  static int64_t width(const ColumnKind& kind, int use) {
    switch (use) {
      case kNumber:
        return kind.values == Values::kNumber || kind.values == Values::kTime ? 1 : 0;
      case kCount:
        return kind.values == Values::kCount ? 1 : 0;
      case kLevels:
        return kind.values == Values::kLevels ? kind.level_count() : 0;
      case kHourOfDay:
        return kind.values == Values::kTime && kind.hour ? kHours : 0;
      default:
        return kind.values == Values::kTime && kind.weekday ? kDays : 0;
    }
  }
};

std::vector<std::string> used_columns(const Schema& schema) {
  std::vector<std::string> names;
  for (const Column& column : schema.columns) {
    if (column.is_used()) names.push_back(column.name);
  }
  return names;
}

RowEncoder::RowEncoder(std::shared_ptr<const Schema> schema)
    : RowEncoder(schema, used_columns(*schema), Absent::kRefuse) {}

RowEncoder::RowEncoder(std::shared_ptr<const Schema> schema,
                       const std::vector<std::string>& columns, Absent absent)
    : schema_(std::move(schema)), columns_(columns.size()) {
  Places places;
  for (const std::string& name : columns) {
    if (!places.emplace(name, static_cast<int64_t>(places.size())).second) {
      throw Error(VAE4J_INVALID_ARGUMENT,
                  "columns: expected different names, given " + quoted(name) + " twice");
    }
  }
  require_columns(columns, places, absent);
  modelled_ = place(places, Role::kModelled, &width_);
  given_ = place(places, Role::kCondition, &condition_width_);
}

void RowEncoder::require_columns(const std::vector<std::string>& columns, const Places& places,
                                 Absent absent) const {
  std::vector<std::string> gone;
  bool modelled = false;
  for (const Column& column : schema_->columns) {
    bool there = places.count(column.name) > 0;
    modelled |= there && column.kind.role == Role::kModelled;
    bool needed = column.kind.role == Role::kCondition ||
                  (absent == Absent::kRefuse && column.kind.role == Role::kModelled);
    if (needed && !there) gone.push_back(column.name);
  }
  if (!gone.empty()) {
    throw Error(VAE4J_INVALID_ARGUMENT, "columns: without " + listed(gone) +
                                            ", which the model was trained with; given " +
                                            listed(columns));
  }
  if (!modelled) {
    throw Error(VAE4J_INVALID_ARGUMENT, "columns: none of the model; given " + listed(columns));
  }
}

std::vector<RowEncoder::Cell> RowEncoder::place(const Places& places, Role role, int* width) const {
  std::vector<Cell> cells;
  std::vector<size_t> cell_of(schema_->columns.size());
  int64_t next = 0;
  for (int use = 0; use < Part::kUses; use++) {
    for (size_t i = 0; i < schema_->columns.size(); i++) {
      const Column& column = schema_->columns[i];
      int64_t own = column.kind.role == role ? Part::width(column.kind, use) : 0;
      if (own == 0) continue;
      if (next + own > INT_MAX) {
        throw Error(VAE4J_INVALID_ARGUMENT, "schema: has more features than 2^31 - 1");
      }
      int at = static_cast<int>(next);
      next += own;
      if (use == Part::kHourOfDay) {
        cells[cell_of[i]].hour = at;
        continue;
      }
      if (use == Part::kWeekday) {
        cells[cell_of[i]].weekday = at;
        continue;
      }
      auto found = places.find(column.name);
      int64_t text = found == places.end() ? -1 : found->second;
      Cell cell{&column, text, at, static_cast<int>(own), -1, -1, {}};
      int number = 0;
      for (const std::string& level : column.kind.levels) cell.levels.push_back({level, number++});
      for (const std::string& level : column.kind.rare) cell.levels.push_back({level, number});
      std::sort(cell.levels.begin(), cell.levels.end(),
                [](const Level& a, const Level& b) { return a.text < b.text; });
      cell_of[i] = cells.size();
      cells.push_back(std::move(cell));
    }
  }
  *width = static_cast<int>(next);
  return cells;
}

void RowEncoder::encode(const char* const* texts, EncodedRow* row) const {
  double slopes = 0;
  for (const Cell& cell : modelled_) slopes += write(cell, texts, row->features);
  row->log_jacobian = slopes;
  if (row->mask != nullptr) {
    for (int i = 0; i < width_; i++) row->mask[i] = std::isnan(row->features[i]) ? 0.0f : 1.0f;
  }
  if (given_.empty()) return;
  if (row->condition == nullptr) {
    throw Error(VAE4J_INVALID_ARGUMENT, "condition: expected memory for " +
                                            std::to_string(condition_width_) +
                                            " features, given NULL");
  }
  for (const Cell& cell : given_) write(cell, texts, row->condition);
  for (const Cell& cell : given_) {
    if (std::isnan(row->condition[cell.at])) {
      throw wrong(*cell.column, "a value of the condition is missing");
    }
  }
}

// Without the blanks around it; empty for a missing value.
std::string_view RowEncoder::text(const Cell& cell, const char* const* texts) const {
  const char* given = cell.text < 0 ? nullptr : texts[cell.text];
  if (given == nullptr) return {};
  std::string_view text = given;
  size_t valid = utf8_prefix(text);
  if (valid < text.size()) {
    throw wrong(*cell.column, quoted(text) + " is no UTF-8 at byte " + std::to_string(valid + 1));
  }
  text = strip(text, is_blank);
  return schema_->missing.is_missing(text) ? std::string_view() : text;
}

double RowEncoder::write(const Cell& cell, const char* const* texts, float* features) const {
  std::string_view own = text(cell, texts);
  if (own.empty()) {
    fill_missing(features + cell.at, cell.width);
    if (cell.hour >= 0) fill_missing(features + cell.hour, kHours);
    if (cell.weekday >= 0) fill_missing(features + cell.weekday, kDays);
    return 0;
  }
  switch (cell.column->kind.values) {
    case Values::kNumber:
      return write_number(cell, own, features);
    case Values::kTime:
      return write_time(cell, own, features);
    case Values::kCount:
      write_count(cell, own, features);
      return 0;
    default:
      break;
  }
  auto found =
      std::lower_bound(cell.levels.begin(), cell.levels.end(), own,
                       [](const Level& level, std::string_view t) { return level.text < t; });
  bool known = found != cell.levels.end() && found->text == own;
  fill(features + cell.at, cell.width, known ? found->number : cell.width - 1);
  return 0;
}

double RowEncoder::number(const Cell& cell, std::string_view text) const {
  double value = schema_->numerals.parse(text);
  if (std::isnan(value)) {
    throw wrong(*cell.column,
                quoted(text) + " is no number, or is beyond the range of a double; a text for a " +
                    "missing value must be among the schema's reading.missing");
  }
  return value;
}

double RowEncoder::write_number(const Cell& cell, std::string_view text, float* features) const {
  double value = number(cell, text);
  const Scaling& scaling = cell.column->kind.scaling;
  features[cell.at] = static_cast<float>(scaling.to_model(value));
  return scaling.log_slope(value);
}

void RowEncoder::write_count(const Cell& cell, std::string_view text, float* features) const {
  double value = number(cell, text);
  if (value < 0 || value != std::rint(value)) {
    throw wrong(*cell.column, quoted(text) + " is no count: 0, 1, 2, ...");
  }
  features[cell.at] = static_cast<float>(std::min(value, kLargestCount));
}

double RowEncoder::write_time(const Cell& cell, std::string_view text, float* features) const {
  const ColumnKind& kind = cell.column->kind;
  double seconds = kind.format.read(text);
  if (std::isnan(seconds)) {
    throw wrong(*cell.column, quoted(text) + " is no time of the format " + kind.format.id() +
                                  "; a text for a missing value must be among the schema's"
                                  " reading.missing");
  }
  features[cell.at] = static_cast<float>(kind.scaling.to_model(seconds));
  int64_t second = whole(std::floor(seconds));
  if (cell.hour >= 0) fill(features + cell.hour, kHours, floor_mod(second, kDay) / kHour);
  if (cell.weekday >= 0) {
    int64_t day = floor_div(second, kDay) + kFirstWeekday;
    fill(features + cell.weekday, kDays, floor_mod(day, kDays));
  }
  return kind.scaling.log_slope(seconds);
}

}  // namespace vae4j::model

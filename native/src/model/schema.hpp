// SPDX-License-Identifier: Apache-2.0
// The columns of a table and the format of its texts: model.schema of vae.json (docs/tables.md).
#pragma once

#include <string>
#include <vector>

#include "model/json.hpp"
#include "model/missing_texts.hpp"
#include "model/numerals.hpp"
#include "model/scaling.hpp"
#include "model/time_format.hpp"

namespace vae4j::model {

// The kind of a column, as far as a row needs it: schema.Kind.
struct ColumnKind {
  enum class Role { kModelled, kCondition, kLabel, kWeight, kOut };
  enum class Values { kNumber, kCount, kLevels, kTime, kNone };

  // Whether texts that are no levels are those of the level "other", the last one.
  bool has_other() const { return open || !rare.empty(); }

  // The features of the levels: those of "other", and of unseen texts, are behind the others.
  int64_t level_count() const {
    return static_cast<int64_t>(levels.size()) + (has_other() ? 1 : 0) + (open ? 0 : 1);
  }

  Role role = Role::kModelled;
  Values values = Values::kNone;
  Scaling scaling;                  // of numbers and times
  std::vector<std::string> levels;  // also the classes of a label
  std::vector<std::string> rare;
  bool open = false;
  TimeFormat format;
  bool hour = false;
  bool weekday = false;
};

struct Column {
  std::string name;
  ColumnKind kind;

  // Whether a row needs the column to be scored.
  bool is_used() const {
    return kind.role == ColumnKind::Role::kModelled || kind.role == ColumnKind::Role::kCondition;
  }
};

struct Schema {
  explicit Schema(const JsonValue& json);

  std::vector<Column> columns;
  Numerals numerals;
  MissingTexts missing;
};

// The kind of a column of a schema, from the object of the column.
ColumnKind read_kind(const JsonValue& json);

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
// checkpoint.SchemaJson.
#include "model/schema.hpp"

#include <set>

#include "model/unicode.hpp"

namespace vae4j::model {
namespace {

constexpr int64_t kFormat = 1;

// Refuses a text that is not one character; '\0' if there is none.
std::string character(const JsonValue& json, const char* key) {
  auto value = json.find(key);
  if (!value) return "";
  std::string text = value->as_text();
  if (utf16_length(text) != 1) throw value->error("expected one character, given " + quoted(text));
  return text;
}

Numerals read_numerals(const JsonValue& json) {
  Numerals numerals;
  std::string decimal = character(json, "decimal");
  if (!decimal.empty() && decimal != "." && decimal != ",") {
    throw json.at("decimal").error("expected . or ,, given " + quoted(decimal));
  }
  numerals.decimal = decimal.empty() ? '.' : decimal[0];
  std::string thousands = character(json, "thousands");
  if (!thousands.empty()) {
    bool known = thousands == "," || thousands == "." || thousands == " " || thousands == "'";
    if (!known || thousands[0] == numerals.decimal) {
      throw json.at("thousands")
          .error("expected one of . , ' or a blank, and another mark than the decimal one, given " +
                 quoted(thousands));
    }
    numerals.thousands = thousands[0];
  }
  if (auto percent = json.find("percent")) numerals.percent = percent->as_flag();
  return numerals;
}

// The other keys are those of a table's file, which a row has left behind.
void check_file(const JsonValue& json) {
  json.allow(
      {"header", "separator", "quote", "encoding", "decimal", "thousands", "percent", "missing"});
  if (auto header = json.find("header")) header->as_choice({"yes", "no", "auto"});
  character(json, "separator");
  character(json, "quote");
  if (auto encoding = json.find("encoding")) encoding->as_text();
}

Column read_column(const JsonValue& json) {
  Column column{json.at("name").as_text(), read_kind(json)};
  if (auto missing = json.find("missing")) {
    double share = missing->as_number();
    if (!(share >= 0 && share <= 1)) throw missing->error("expected a number from 0 to 1");
  }
  if (auto remark = json.find("remark")) remark->as_text();
  return column;
}

void require_one(const JsonValue& json, const std::vector<Column>& columns, ColumnKind::Role role,
                 const char* name) {
  int found = 0;
  for (const Column& column : columns) found += column.kind.role == role ? 1 : 0;
  if (found > 1) {
    throw json.error(std::string("expected one ") + name + " at most, given " +
                     std::to_string(found));
  }
}

}  // namespace

Schema::Schema(const JsonValue& json) {
  json.require_format(kFormat);
  json.allow({"format", "reading", "columns"});
  if (auto reading = json.find("reading")) {
    check_file(*reading);
    numerals = read_numerals(*reading);
    if (auto more = reading->find("missing")) missing = MissingTexts(*more);
  }
  std::set<std::string> names;
  JsonValue list = json.at("columns");
  for (const JsonValue& own : list.elements()) {
    columns.push_back(read_column(own));
    if (!names.insert(columns.back().name).second) {
      throw own.at("name").error(quoted(columns.back().name) + " is the name of two columns");
    }
  }
  require_one(list, columns, ColumnKind::Role::kLabel, "label");
  require_one(list, columns, ColumnKind::Role::kWeight, "weight");
}

}  // namespace vae4j::model

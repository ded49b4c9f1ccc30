// SPDX-License-Identifier: Apache-2.0
// The kinds of columns in the JSON of a schema: checkpoint.KindJson.
#include <algorithm>
#include <limits>
#include <string_view>

#include "model/schema.hpp"

namespace vae4j::model {
namespace {

using Role = ColumnKind::Role;
using Values = ColumnKind::Values;
using Names = std::initializer_list<std::string_view>;

constexpr size_t kMostLevels = 10'000;
constexpr int64_t kMostDecimals = 30;
constexpr double kDay = 86400;

// A column has these keys, too.
void allow(const JsonValue& json, Names own) {
  for (const std::string& key : json.keys()) {
    auto is_key = [&](std::string_view name) { return name == key; };
    Names shared = {"name", "kind", "missing", "remark"};
    if (std::none_of(shared.begin(), shared.end(), is_key) &&
        std::none_of(own.begin(), own.end(), is_key)) {
      throw json.error("unknown key " + quoted(key));
    }
  }
}

void require_range(const JsonValue& json) {
  JsonValue least = json.at("least");
  if (!(least.as_number() <= json.at("greatest").as_number())) {
    throw least.error("expected a number not above greatest");
  }
}

std::vector<std::string> texts(const JsonValue& json) {
  std::vector<std::string> texts;
  for (const JsonValue& value : json.elements()) texts.push_back(value.as_text());
  return texts;
}

void numeric(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"scaling", "least", "greatest", "resolution", "decimals"});
  require_range(json);
  JsonValue resolution = json.at("resolution");
  if (!(resolution.as_number() >= 0)) throw resolution.error("expected a number of 0 or more");
  json.at("decimals").as_integer(-1, kMostDecimals);
  kind->values = Values::kNumber;
  kind->scaling = Scaling(json.at("scaling"));
}

void count(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"greatest"});
  json.at("greatest").as_integer(0, std::numeric_limits<int64_t>::max());
  kind->values = Values::kCount;
}

void binary(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"zero", "one"});
  kind->values = Values::kLevels;
  kind->levels = {json.at("zero").as_text(), json.at("one").as_text()};
  if (kind->levels[0] == kind->levels[1]) {
    throw json.at("one").error("expected another text than zero");
  }
}

void categorical(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"levels", "rare", "open"});
  kind->values = Values::kLevels;
  JsonValue levels = json.at("levels");
  kind->levels = texts(levels);
  if (kind->levels.empty() || kind->levels.size() > kMostLevels) {
    throw levels.error("expected 1 to " + std::to_string(kMostLevels) + " texts, given " +
                       std::to_string(kind->levels.size()));
  }
  if (auto rare = json.find("rare")) kind->rare = texts(*rare);
  if (auto open = json.find("open")) kind->open = open->as_flag();
  std::vector<std::string> all = kind->levels;
  all.insert(all.end(), kind->rare.begin(), kind->rare.end());
  std::sort(all.begin(), all.end());
  auto twice = std::adjacent_find(all.begin(), all.end());
  if (twice != all.end()) {
    throw levels.error("expected different texts, none of them rare, given " + quoted(*twice) +
                       " twice");
  }
}

void datetime(const JsonValue& json, ColumnKind* kind) {
  allow(json,
        {"format", "scaling", "least", "greatest", "hour", "weekday", "resolution", "seconds"});
  require_range(json);
  JsonValue resolution = json.at("resolution");
  double seconds = resolution.as_number();
  if (!(seconds > 0 && seconds <= kDay)) {
    throw resolution.error("expected a number of seconds above 0, at most those of a day");
  }
  json.at("seconds").as_flag();
  kind->values = Values::kTime;
  kind->format = TimeFormat(json.at("format"));
  kind->scaling = Scaling(json.at("scaling"));
  kind->hour = json.at("hour").as_flag();
  kind->weekday = json.at("weekday").as_flag();
}

void out(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"reason"});
  if (auto reason = json.find("reason")) {
    reason->as_choice({"id", "text", "levels", "constant", "empty", "index", "choice"});
  }
  kind->role = Role::kOut;
}

void label(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"classes"});
  kind->levels = texts(json.at("classes"));
  kind->role = Role::kLabel;
}

void weight(const JsonValue& json, ColumnKind* kind) {
  allow(json, {});
  kind->role = Role::kWeight;
}

void condition(const JsonValue& json, ColumnKind* kind) {
  allow(json, {"of"});
  JsonValue of = json.at("of");
  // One level only: a condition of a condition is refused before its kind is read.
  of.at("kind").as_choice({"numeric", "count", "binary", "categorical"});
  *kind = read_kind(of);
  kind->role = Role::kCondition;
}

}  // namespace

ColumnKind read_kind(const JsonValue& json) {
  constexpr void (*kReaders[])(const JsonValue&, ColumnKind*) = {
      numeric, count, binary, categorical, datetime, out, label, weight, condition};
  size_t index = json.at("kind").as_choice({"numeric", "count", "binary", "categorical", "datetime",
                                            "out", "label", "weight", "condition"});
  ColumnKind kind;
  kReaders[index](json, &kind);
  return kind;
}

}  // namespace vae4j::model

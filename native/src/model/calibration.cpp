// SPDX-License-Identifier: Apache-2.0
#include "model/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace vae4j::model {
namespace {

constexpr int64_t kFormat = 1;

std::vector<double> numbers(const JsonValue& json) {
  std::vector<double> numbers;
  for (const JsonValue& value : json.elements()) numbers.push_back(value.as_number());
  return numbers;
}

}  // namespace

Calibration::Calibration(const JsonValue& json, const std::string& weights) {
  json.require_format(kFormat);
  json.allow({"format", "fittedTo", "samples", "seed", "scores", "columns"});
  if (json.at("fittedTo").as_text() != weights) {
    throw json.error("is the calibration of other weights than those of the model beside it");
  }
  samples_ = static_cast<int>(json.at("samples").as_integer(1, INT32_MAX));
  seed_ = json.at("seed").as_integer(INT64_MIN, INT64_MAX);
  scores_ = numbers(json.at("scores"));
  if (scores_.empty()) throw json.at("scores").error("expected numbers, at least one");
  std::sort(scores_.begin(), scores_.end());
  columns_ = numbers(json.at("columns"));
}

double Calibration::p_value(double score) const {
  // NaN is above all scores, as in Java's binary search.
  auto at =
      std::isnan(score) ? scores_.end() : std::lower_bound(scores_.begin(), scores_.end(), score);
  auto count = static_cast<double>(scores_.size());
  return (1 + count - static_cast<double>(at - scores_.begin())) / (1 + count);
}

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#include "model/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/numeric.hpp"

namespace vae4j::model {
namespace {

constexpr double kFarthest = 1e4;

// NaN stays NaN, as with Java's min and max.
double near(double y) { return y < -kFarthest ? -kFarthest : y > kFarthest ? kFarthest : y; }

std::vector<double> increasing(const JsonValue& json) {
  std::vector<double> numbers;
  for (const JsonValue& value : json.elements()) {
    double number = value.as_number();
    if (!numbers.empty() && !(number > numbers.back())) {
      throw value.error("expected a number above the one before it");
    }
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

Scaling::Scaling(const JsonValue& json) {
  json.allow({"rule", "offset", "center", "scale", "knots", "scores"});
  rule_ = static_cast<Rule>(json.at("rule").as_choice({"standard", "robust", "log"}));
  if (auto offset = json.find("offset")) {
    offset_ = offset->as_number();
    if (offset_ < 0 || (rule_ != Rule::kLog && offset_ != 0)) {
      throw offset->error("expected 0, or for log a number of 0 or more");
    }
  }
  JsonValue scale = json.at("scale");
  scale_ = scale.as_number();
  if (!(scale_ > 0)) throw scale.error("expected a number above 0");
  if (rule_ != Rule::kRobust) {
    center_ = json.at("center").as_number();
    return;
  }
  knots_ = increasing(json.at("knots"));
  scores_ = increasing(json.at("scores"));
  if (knots_.empty() || knots_.size() != scores_.size()) {
    throw json.error("expected as many knots as scores, at least one, given " +
                     std::to_string(knots_.size()) + " and " + std::to_string(scores_.size()));
  }
}

double Scaling::positive(double x) const {
  return std::min(std::max(x + offset_, std::numeric_limits<double>::min()),
                  std::numeric_limits<double>::max());
}

size_t Scaling::below(double x) const {
  // In the order of Java's binary search, -0 is below 0.
  auto above = std::upper_bound(knots_.begin(), knots_.end(), x, [](double a, double b) {
    return a < b || (a == b && std::signbit(a) && !std::signbit(b));
  });
  return static_cast<size_t>(above - knots_.begin()) - 1;
}

double Scaling::interpolated(double x) const {
  double slope = 1 / scale_;
  if (x <= knots_.front()) return scores_.front() + (x - knots_.front()) * slope;
  if (x >= knots_.back()) return scores_.back() + (x - knots_.back()) * slope;
  size_t i = below(x);
  double part = (x - knots_[i]) / (knots_[i + 1] - knots_[i]);
  return scores_[i] + part * (scores_[i + 1] - scores_[i]);
}

double Scaling::to_model(double x) const {
  switch (rule_) {
    case Rule::kLog:
      return near((numeric::log(positive(x)) - center_) / scale_);
    case Rule::kRobust:
      return near(interpolated(x));
    case Rule::kStandard:
      break;
  }
  return near((x - center_) / scale_);
}

double Scaling::log_slope(double x) const {
  switch (rule_) {
    case Rule::kLog:
      return -numeric::log(scale_) - numeric::log(positive(x));
    case Rule::kRobust: {
      if (x <= knots_.front() || x >= knots_.back()) break;
      size_t i = below(x);
      return numeric::log(scores_[i + 1] - scores_[i]) - numeric::log(knots_[i + 1] - knots_[i]);
    }
    case Rule::kStandard:
      break;
  }
  return -numeric::log(scale_);
}

}  // namespace vae4j::model

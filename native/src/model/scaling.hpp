// SPDX-License-Identifier: Apache-2.0
// The map from a column's values to a model's: schema.Scaling and schema.ScalingMap.
#pragma once

#include <vector>

#include "model/json.hpp"

namespace vae4j::model {

class Scaling {
 public:
  // No change of values.
  Scaling() = default;

  explicit Scaling(const JsonValue& json);

  // The model's value y of x.
  double to_model(double x) const;

  // log dy/dx, nats.
  double log_slope(double x) const;

 private:
  enum class Rule { kStandard, kRobust, kLog };

  // The knot at or below a value between the first and the last one.
  size_t below(double x) const;
  double positive(double x) const;
  double interpolated(double x) const;

  Rule rule_ = Rule::kStandard;
  double offset_ = 0;
  double center_ = 0;
  double scale_ = 1;
  std::vector<double> knots_;
  std::vector<double> scores_;
};

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
// calibration.json: the anomaly scores of rows that were held out of training. infer.Calibration and
// checkpoint.CalibrationJson.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/json.hpp"

namespace vae4j::model {

class Calibration {
 public:
  // weights is the sha256 of the model's trained parameters, as float32 in the order of the layout,
  // all of them. A calibration of other weights is refused.
  Calibration(const JsonValue& json, const std::string& weights);

  // Monte-Carlo samples of each score, and the seed of their noise: a score with others has no
  // p-value.
  int samples() const { return samples_; }
  int64_t seed() const { return seed_; }

  // The conformal p-value of an anomaly score: the share of scores as high, the own one among them.
  double p_value(double score) const;

  // The smallest p-value: 1 / (1 + the number of scores).
  double least() const { return 1 / (1 + static_cast<double>(scores_.size())); }

  // The mean share of each modelled column in the scores, nats; empty if they are not known.
  const std::vector<double>& columns() const { return columns_; }

 private:
  int samples_;
  int64_t seed_;
  std::vector<double> scores_;  // sorted
  std::vector<double> columns_;
};

}  // namespace vae4j::model

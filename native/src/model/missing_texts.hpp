// SPDX-License-Identifier: Apache-2.0
// The texts of a cell that stand for a missing value: schema.MissingTexts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"

namespace vae4j::model {

class MissingTexts {
 public:
  // The standard ones: an empty text, NA, null and so on.
  MissingTexts();

  // Those, and the texts of an array.
  explicit MissingTexts(const JsonValue& more);

  bool is_missing(std::string_view text) const;

 private:
  void add(std::string_view text);

  std::vector<std::string> lower_;  // sorted
  size_t longest_ = 0;
  bool more_ = false;
};

}  // namespace vae4j::model

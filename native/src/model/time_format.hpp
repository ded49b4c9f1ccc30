// SPDX-License-Identifier: Apache-2.0
// The format of dates and times in the texts of a column: schema.TimeFormat.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/json.hpp"
#include "model/time_pattern.hpp"

namespace vae4j::model {

class TimeFormat {
 public:
  // Seconds since 1970.
  TimeFormat() = default;

  // iso-date and so on, or a pattern. Fails with VAE4J_UNSUPPORTED for a pattern that this reader
  // does not have.
  explicit TimeFormat(const JsonValue& id);

  const std::string& id() const { return id_; }

  // Seconds since 1970 of the clock that the text shows; NaN for a text that is no such time.
  double read(std::string_view text) const;

 private:
  enum class Rule { kDate, kDateTime, kOffset, kSeconds, kMillis, kPattern };

  std::string id_ = "epoch-seconds";
  Rule rule_ = Rule::kSeconds;
  std::optional<TimePattern> pattern_;
};

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
// Patterns of java.time.format.DateTimeFormatter such as dd.MM.yyyy, strictly resolved, with English
// names of months and the year of the common era.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"

namespace vae4j::model {

// Has the letters y u M L d H h a m s S X, texts in quotes and optional sections.
class TimePattern {
 public:
  // Fails with VAE4J_UNSUPPORTED for other letters, for a letter twice, and without a date.
  explicit TimePattern(const JsonValue& pattern);

  // Seconds since 1970; NaN for a text that is no such time.
  double read(std::string_view text) const;

 private:
  friend class PatternCompiler;
  friend class PatternReader;

  enum Field { kYear, kMonth, kDay, kHour, kHalfHour, kHalf, kMinute, kSecond, kNano, kFields };

  struct Item {
    enum class Form { kNumber, kReduced, kFraction, kName, kLiteral, kOffset, kOptional };
    // The signs that a number may have: none, a minus, or a plus too where it has more digits than
    // the least.
    enum class Sign { kNone, kMinus, kPad };

    Form form;
    Field field = kFields;
    int least = 0;  // digits; of a name and an offset the number of letters
    int most = 0;
    Sign sign = Sign::kNone;
    int following = 0;  // digits of the numbers that adjoin it
    std::string text = {};
    size_t end = 0;  // of an optional section: the item behind it
  };

  std::vector<Item> items_;
};

}  // namespace vae4j::model

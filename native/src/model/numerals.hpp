// SPDX-License-Identifier: Apache-2.0
// The format of numbers in the texts of a table: data.Numerals.
#pragma once

#include <string_view>

namespace vae4j::model {

struct Numerals {
  char decimal = '.';
  char thousands = '\0';  // '\0' for none; ' ' and '\'' stand for their typographic forms, too
  bool percent = false;

  // The number, correctly rounded; NaN for a text that is none, or is beyond the range of a double.
  double parse(std::string_view text) const;
};

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#include "model/decimal.hpp"

#include <locale.h>
#include <stdlib.h>

namespace vae4j::model {

// std::from_chars has no result beyond the largest double, where this function has infinity.
double parse_decimal(const std::string& text) {
  static const locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return strtod_l(text.c_str(), nullptr, c_locale);
}

}  // namespace vae4j::model

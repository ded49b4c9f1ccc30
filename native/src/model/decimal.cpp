// SPDX-License-Identifier: Apache-2.0
#include "model/decimal.hpp"

#include <locale.h>
#include <stdlib.h>

namespace vae4j::model {

// std::from_chars needs the libstdc++ of GCC 11 at run time, which older systems lack; glibc's
// function rounds correctly, too.
double parse_decimal(const std::string& text) {
  static const locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return strtod_l(text.c_str(), nullptr, c_locale);
}

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace vae4j::model {

// The double nearest to a decimal number, infinity beyond the largest one: the bits of Java's
// Double.parseDouble, whatever the locale of the process. The text must be digits, with at most a
// sign, a point and an exponent.
double parse_decimal(const std::string& text);

}  // namespace vae4j::model

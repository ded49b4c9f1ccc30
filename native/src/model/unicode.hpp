// SPDX-License-Identifier: Apache-2.0
// The properties of characters that Java's reading of a cell depends on. Texts are valid UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vae4j::model {

// data.Blanks: white space and no-break spaces, also those without width.
bool is_blank(uint32_t character);

// Character.isWhitespace.
bool is_white(uint32_t character);

// Character.digit of a char in base 10; -1 for none.
int decimal_digit(uint32_t character);

// String.toLowerCase(Locale.ROOT), but of the Greek sigma, whose lower case depends on its place.
std::string lower_case(std::string_view text);

// String.length.
size_t utf16_length(std::string_view text);

// The text without such characters at its ends.
std::string_view strip(std::string_view text, bool (*stripped)(uint32_t));

}  // namespace vae4j::model

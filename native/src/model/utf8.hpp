// SPDX-License-Identifier: Apache-2.0
// UTF-8 (RFC 3629): the shortest form of each character, no surrogates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vae4j::model {

struct Utf8Character {
  uint32_t character;
  size_t length;  // in bytes; 0 if there is no character
};

Utf8Character utf8_at(std::string_view text, size_t at);

// The place of the first byte that is not UTF-8; the text's size if there is none.
size_t utf8_prefix(std::string_view text);

// Writes one to four bytes and returns their number.
size_t utf8_write(uint32_t character, char* out);

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

// The bytes of the character whose first byte is given; 0 for none.
size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

// Whether a character is none of Unicode, or has a shorter form.
bool is_wrong(uint32_t character, size_t length) {
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = character >= 0xD800 && character < 0xE000;
  return character < kLeast[length] || character > 0x10FFFF || surrogate;
}

}  // namespace

Utf8Character utf8_at(std::string_view text, size_t at) {
  auto first = static_cast<unsigned char>(text[at]);
  size_t length = length_of(first);
  if (length == 0 || length > text.size() - at) return {0, 0};
  uint32_t character = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; i++) {
    auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return {0, 0};
    character = character << 6 | (next & 0x3Fu);
  }
  return is_wrong(character, length) ? Utf8Character{0, 0} : Utf8Character{character, length};
}

size_t utf8_prefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    size_t length = utf8_at(text, at).length;
    if (length == 0) break;
    at += length;
  }
  return at;
}

size_t utf8_write(uint32_t character, char* out) {
  if (character < 0x80) {
    out[0] = static_cast<char>(character);
    return 1;
  }
  size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  for (size_t i = length - 1; i > 0; i--) {
    out[i] = static_cast<char>(0x80 | (character & 0x3F));
    character >>= 6;
  }
  out[0] = static_cast<char>((0xF00 >> length & 0xF0) | character);
  return length;
}

}  // namespace vae4j::model

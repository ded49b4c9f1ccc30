// SPDX-License-Identifier: Apache-2.0
// Splits PTX text into tokens. An opcode with its modifiers ("ld.global.f32") is one token.
#pragma once

#include <string>
#include <vector>

namespace cudasim::ptx {

struct Token {
  enum class Kind : unsigned char { Word, Number, String, Punct, End } kind = Kind::End;
  std::string text;
  int line = 0;
};

std::vector<Token> tokenize(const std::string& text);

} // namespace cudasim::ptx

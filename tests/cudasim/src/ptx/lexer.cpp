// SPDX-License-Identifier: Apache-2.0
#include "lexer.h"

#include <cctype>

#include "ast.h"

namespace cudasim::ptx {

namespace {

bool isWordStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' || c == '.';
}

bool isWordPart(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '.' || c == '%';
}

} // namespace

std::vector<Token> tokenize(const std::string& text) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 4);
  int line = 1;
  size_t i = 0;
  const size_t n = text.size();
  while (i < n) {
    const char c = text[i];
    if (c == '\0') {
      break;
    }
    if (c == '\n') {
      ++line;
      ++i;
    } else if (std::isspace(static_cast<unsigned char>(c))) {
      ++i;
    } else if (c == '/' && i + 1 < n && text[i + 1] == '/') {
      while (i < n && text[i] != '\n') ++i;
    } else if (c == '/' && i + 1 < n && text[i + 1] == '*') {
      i += 2;
      while (i + 1 < n && !(text[i] == '*' && text[i + 1] == '/')) {
        line += text[i] == '\n';
        ++i;
      }
      i += 2;
    } else if (c == '"') {
      size_t end = i + 1;
      while (end < n && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      if (end >= n) throw Error(line, "string without end");
      tokens.push_back({Token::Kind::String, text.substr(i + 1, end - i - 1), line});
      i = end + 1;
    } else if (isWordStart(c)) {
      size_t end = i + 1;
      while (end < n) {
        if (isWordPart(text[end])) {
          ++end;
        } else if (text[end] == ':' && end + 1 < n && text[end + 1] == ':') {
          end += 2; // ".shared::cta"
        } else {
          break;
        }
      }
      tokens.push_back({Token::Kind::Word, text.substr(i, end - i), line});
      i = end;
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      size_t end = i + 1;
      while (end < n &&
             (std::isalnum(static_cast<unsigned char>(text[end])) ||
              (text[end] == '.' && end + 1 < n && std::isdigit(static_cast<unsigned char>(text[end + 1]))))) {
        ++end;
      }
      tokens.push_back({Token::Kind::Number, text.substr(i, end - i), line});
      i = end;
    } else {
      tokens.push_back({Token::Kind::Punct, std::string(1, c), line});
      ++i;
    }
  }
  tokens.push_back({Token::Kind::End, "", line});
  return tokens;
}

} // namespace cudasim::ptx

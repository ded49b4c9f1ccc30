// SPDX-License-Identifier: Apache-2.0
// The parser's state and small steps. parser.cpp reads the module level, parser_body.cpp the bodies of
// functions.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ast.h"
#include "lexer.h"

namespace cudasim::ptx {

std::vector<std::string> split(const std::string& dotted); // at dots

class Parser {
 public:
  explicit Parser(const std::string& text) : tokens_(tokenize(text)) {}

  Module run();

 private:
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  const Token& next() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }
  bool is(const char* text) const { return peek().text == text && peek().kind != Token::Kind::String; }
  bool accept(const char* text) {
    if (!is(text)) {
      return false;
    }
    next();
    return true;
  }
  void expect(const char* text) {
    if (!accept(text)) {
      throw Error(peek().line, std::string("expected '") + text + "', found '" + peek().text + "'");
    }
  }
  std::string word() {
    if (peek().kind != Token::Kind::Word) {
      throw Error(peek().line, "expected a name, found '" + peek().text + "'");
    }
    return next().text;
  }
  void skipThrough(const char* end) {
    while (!is(end) && peek().kind != Token::Kind::End) {
      next();
    }
    expect(end);
  }

  int64_t integer() {
    const bool negative = accept("-");
    Operand value;
    number(value);
    if (value.literal != Operand::Literal::Integer) {
      throw Error(peek().line, "expected an integer");
    }
    return negative ? -static_cast<int64_t>(value.bits) : static_cast<int64_t>(value.bits);
  }

  void number(Operand& out);
  void moduleStatement();
  void definition();
  static bool parseSpace(const std::string& text, Space& space);

  // .space [.align n] [.vN] .type name[n] [= init] {, ...} ;
  void variables(std::vector<Variable>& into, bool isExtern);
  Variable variable(bool isExtern);
  void initializer(Variable& into);
  void function(bool isExtern);
  void dimensions(int (&out)[3]);
  void parameterList(std::vector<Variable>& into);

  // Names are made unique as they are declared, so that nested { } scopes need no lookup later.
  std::string declare(const std::string& name);
  std::string resolve(const std::string& name) const;
  void body(Function& f);
  void block(Function& f);
  void statement(Function& f);
  void label(Function& f);
  void declareRegister(Function& f, const std::string& name, Type type);
  void registers(Function& f);
  void instruction(Function& f);

  // call{.uni} (ret), name, (args);
  void call(Instruction& in);
  Operand operand();

  // NVRTC's registers start with '%', those of inline assembly often do not ("p", "tmp").
  bool isRegister(const std::string& unique) const;

  std::vector<Token> tokens_;
  size_t at_ = 0;
  Module module_;
  std::vector<std::map<std::string, std::string>> scopes_;
  std::set<std::string> usedNames_;
  int renamed_ = 0;
  std::pair<int, int> location_{0, 0};
  std::set<std::string> registerNames_; // unique names of the function's registers
};

} // namespace cudasim::ptx

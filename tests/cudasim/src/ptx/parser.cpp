// SPDX-License-Identifier: Apache-2.0
// Recursive-descent parser of PTX modules (PTX ISA, "PTX Statement Syntax" and "Directives").
#include "parser.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace cudasim::ptx {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (;;) {
    const size_t dot = text.find('.', begin);
    parts.push_back(text.substr(begin, dot == std::string::npos ? dot : dot - begin));
    if (dot == std::string::npos) {
      return parts;
    }
    begin = dot + 1;
  }
}

Module Parser::run() {
  while (peek().kind != Token::Kind::End) {
    moduleStatement();
  }
  if (module_.versionMajor == 0) {
    throw Error(1, ".version is missing");
  }
  return std::move(module_);
}

void Parser::number(Operand& out) {
  const Token token = next();
  if (token.kind != Token::Kind::Number) {
    throw Error(token.line, "expected a number, found '" + token.text + "'");
  }
  const std::string& t = token.text;
  char* end = nullptr;
  if (t.size() == 10 && t[0] == '0' && (t[1] == 'f' || t[1] == 'F')) {
    out.literal = Operand::Literal::Float;
    out.bits = std::strtoull(t.c_str() + 2, &end, 16);
  } else if (t.size() == 18 && t[0] == '0' && (t[1] == 'd' || t[1] == 'D')) {
    out.literal = Operand::Literal::Double;
    out.bits = std::strtoull(t.c_str() + 2, &end, 16);
  } else if (t.find('.') != std::string::npos) {
    out.literal = Operand::Literal::Double;
    const double value = std::strtod(t.c_str(), &end);
    std::memcpy(&out.bits, &value, sizeof value);
  } else if (t.size() > 2 && t[0] == '0' && (t[1] == 'b' || t[1] == 'B')) {
    out.bits = std::strtoull(t.c_str() + 2, &end, 2);
  } else {
    out.bits = std::strtoull(t.c_str(), &end, 0);
    if (*end == 'U') {
      ++end;
    }
  }
  if (end == nullptr || *end != '\0') {
    throw Error(token.line, "bad number '" + t + "'");
  }
}

void Parser::moduleStatement() {
  const Token token = peek();
  if (accept(".version")) {
    const auto parts = split(next().text);
    module_.versionMajor = std::stoi(parts[0]);
    module_.versionMinor = parts.size() > 1 ? std::stoi(parts[1]) : 0;
  } else if (accept(".target")) {
    const std::string target = word();
    if (target.rfind("sm_", 0) != 0) {
      throw Error(token.line, "unknown target '" + target + "'");
    }
    module_.target = std::stoi(target.substr(3));
    while (accept(",")) {
      word();
    }
  } else if (accept(".address_size")) {
    if (integer() != 64) {
      throw Error(token.line, ".address_size must be 64");
    }
  } else if (accept(".file")) {
    const int index = static_cast<int>(integer());
    module_.files[index] = next().text;
    while (accept(",")) {
      next();
    }
  } else if (accept(".section")) {
    skipThrough("{");
    skipThrough("}");
  } else if (accept(";")) {
    return;
  } else {
    definition();
  }
}

void Parser::definition() {
  bool isExtern = false;
  for (;;) {
    if (accept(".extern")) {
      isExtern = true;
    } else if (is(".visible") || is(".weak") || is(".common")) {
      next();
    } else {
      break;
    }
  }
  if (is(".entry") || is(".func")) {
    function(isExtern);
    return;
  }
  variables(module_.variables, isExtern);
}

bool Parser::parseSpace(const std::string& text, Space& space) {
  static const std::map<std::string, Space> spaces = {{".global", Space::Global},
                                                      {".const", Space::Const},
                                                      {".shared", Space::Shared},
                                                      {".local", Space::Local},
                                                      {".param", Space::Param}};
  const auto found = spaces.find(text);
  if (found == spaces.end()) {
    return false;
  }
  space = found->second;
  return true;
}

void Parser::variables(std::vector<Variable>& into, bool isExtern) {
  do {
    into.push_back(variable(isExtern));
  } while (accept(","));
  expect(";");
}

Variable Parser::variable(bool isExtern) {
  Variable result;
  result.isExtern = isExtern;
  const Token token = peek();
  if (!parseSpace(word(), result.space)) {
    throw Error(token.line, "unknown directive '" + token.text + "'");
  }
  int vector = 1;
  for (bool typed = false; !typed;) {
    const Token t = peek();
    if (accept(".align")) {
      result.alignment = static_cast<int>(integer());
    } else if (accept(".v2")) {
      vector = 2;
    } else if (accept(".v4")) {
      vector = 4;
    } else if (t.text.size() > 1 && parseType(t.text.substr(1), result.type)) {
      next();
      typed = true;
    } else if (is(".attribute")) {
      skipThrough(")");
    } else {
      throw Error(t.line, "unknown variable attribute '" + t.text + "'");
    }
  }
  // Pointer attributes of kernel parameters say nothing that is executed.
  if (accept(".ptr")) {
    while (is(".global") || is(".const") || is(".shared") || is(".local")) {
      next();
    }
    if (accept(".align")) {
      integer();
    }
  }
  result.alignment = std::max(result.alignment, sizeOf(result.type) * vector);
  result.name = word();
  result.elements = vector;
  while (accept("[")) {
    if (accept("]")) {
      result.unsized = true;
      result.elements = 0;
    } else {
      result.elements *= integer();
      expect("]");
    }
  }
  if (accept("=")) {
    initializer(result);
    if (result.unsized) {
      result.elements = static_cast<int64_t>(result.values.size());
      result.unsized = false;
    }
  }
  return result;
}

void Parser::initializer(Variable& into) {
  if (accept("{")) {
    if (!accept("}")) {
      do {
        initializer(into);
      } while (accept(","));
      expect("}");
    }
    return;
  }
  Initializer value;
  if (peek().kind == Token::Kind::Word) {
    value.symbol = word();
    if (value.symbol == "generic") {
      expect("(");
      value.symbol = word();
      value.generic = true;
      expect(")");
    }
    if (accept("+")) {
      value.bits = static_cast<uint64_t>(integer());
    }
  } else {
    const bool negative = accept("-");
    Operand literal;
    number(literal);
    value.bits = negative ? 0 - literal.bits : literal.bits;
  }
  into.values.push_back(value);
}

void Parser::function(bool isExtern) {
  Function f;
  f.line = peek().line;
  f.isEntry = next().text == ".entry";
  if (!f.isEntry && accept("(")) {
    parameterList(f.results);
  }
  f.name = word();
  if (accept("(")) {
    parameterList(f.parameters);
  }
  for (;;) {
    const Token t = peek();
    if (accept(".maxntid")) {
      dimensions(f.maxThreads);
    } else if (accept(".reqntid")) {
      dimensions(f.requiredThreads);
    } else if (accept(".minnctapersm") || accept(".maxnreg") || accept(".maxnctapersm")) {
      integer();
    } else if (accept(".noreturn")) {
      continue;
    } else if (accept(".pragma")) {
      skipThrough(";");
    } else {
      break;
    }
  }
  if (accept(";")) {
    f.isDeclaration = true;
  } else if (isExtern) {
    throw Error(f.line, "extern function " + f.name + " has a body");
  } else {
    body(f);
  }
  module_.functions.push_back(std::move(f));
}

void Parser::dimensions(int (&out)[3]) {
  out[0] = static_cast<int>(integer());
  out[1] = out[2] = 1;
  for (int i = 1; i < 3 && accept(","); ++i) {
    out[i] = static_cast<int>(integer());
  }
}

void Parser::parameterList(std::vector<Variable>& into) {
  if (accept(")")) {
    return;
  }
  do {
    into.push_back(variable(false));
  } while (accept(","));
  expect(")");
}

Module parse(const std::string& text) { return Parser(text).run(); }

} // namespace cudasim::ptx

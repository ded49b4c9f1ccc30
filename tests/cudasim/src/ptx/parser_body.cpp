// SPDX-License-Identifier: Apache-2.0
// The statements inside a function: declarations, labels, instructions and their operands.
#include "parser.h"

namespace cudasim::ptx {

std::string Parser::declare(const std::string& name) {
  std::string unique = name;
  if (!usedNames_.insert(name).second) {
    unique = name + "#" + std::to_string(++renamed_);
    usedNames_.insert(unique);
  }
  scopes_.back()[name] = unique;
  return unique;
}

std::string Parser::resolve(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->find(name);
    if (found != scope->end()) {
      return found->second;
    }
  }
  return name;
}

void Parser::body(Function& f) {
  scopes_.assign(1, {});
  usedNames_.clear();
  registerNames_.clear();
  location_ = {0, 0};
  for (const auto* list : {&f.parameters, &f.results}) {
    for (const Variable& v : *list) {
      declare(v.name);
    }
  }
  expect("{");
  block(f);
}

void Parser::block(Function& f) {
  while (!accept("}")) {
    if (peek().kind == Token::Kind::End) {
      throw Error(peek().line, "'}' is missing");
    }
    if (accept("{")) {
      scopes_.emplace_back();
      block(f);
      scopes_.pop_back();
    } else {
      statement(f);
    }
  }
}

void Parser::statement(Function& f) {
  const Token token = peek();
  if (accept(";")) {
    return;
  }
  if (accept(".reg")) {
    registers(f);
  } else if (accept(".loc")) {
    location_.first = static_cast<int>(integer());
    location_.second = static_cast<int>(integer());
    integer();
    while (accept(",")) { // function_name label, inlined_at file line column
      word();
      while (peek().kind == Token::Kind::Word && !is(".loc") && peek().line == token.line) next();
      while (peek().kind == Token::Kind::Number && peek().line == token.line) next();
      if (accept("+")) integer();
    }
  } else if (accept(".pragma")) {
    skipThrough(";");
  } else if (is(".shared") || is(".local") || is(".param") || is(".global") || is(".const")) {
    const size_t first = f.variables.size();
    variables(f.variables, false);
    for (size_t i = first; i < f.variables.size(); ++i) {
      f.variables[i].name = declare(f.variables[i].name);
    }
  } else if (token.kind == Token::Kind::Word && peek(1).text == ":" && peek(1).kind == Token::Kind::Punct) {
    label(f);
  } else if (token.kind == Token::Kind::Word && token.text[0] == '.') {
    throw Error(token.line, "unknown directive '" + token.text + "'");
  } else {
    instruction(f);
  }
}

void Parser::label(Function& f) {
  const std::string name = word();
  expect(":");
  if (accept(".branchtargets")) {
    std::vector<std::string>& targets = f.branchTargets[name];
    do {
      targets.push_back(word());
    } while (accept(","));
    expect(";");
    return;
  }
  Statement s;
  s.kind = Statement::Kind::Label;
  s.label = name;
  f.body.push_back(std::move(s));
}

void Parser::declareRegister(Function& f, const std::string& name, Type type) {
  const std::string unique = declare(name);
  registerNames_.insert(unique);
  f.registers[unique] = type;
}

void Parser::registers(Function& f) {
  const Token token = peek();
  Type type = Type::None;
  std::string text = word();
  if (!parseType(text.substr(1), type)) {
    throw Error(token.line, "unknown register type '" + text + "'");
  }
  do {
    const std::string name = word();
    if (accept("<")) {
      const int64_t count = integer();
      expect(">");
      for (int64_t i = 0; i < count; ++i) {
        declareRegister(f, name + std::to_string(i), type);
      }
    } else {
      declareRegister(f, name, type);
    }
  } while (accept(","));
  expect(";");
}

void Parser::instruction(Function& f) {
  Statement s;
  Instruction& in = s.instruction;
  in.line = peek().line;
  in.sourceFile = location_.first;
  in.sourceLine = location_.second;
  if (accept("@")) {
    in.guardNegated = accept("!");
    in.guard = resolve(word());
  }
  in.line = peek().line;
  in.parts = split(word());
  if (in.parts[0] == "call") {
    call(in);
  } else if (!is(";")) {
    do {
      in.operands.push_back(operand());
    } while (accept(","));
  }
  expect(";");
  f.body.push_back(std::move(s));
}

void Parser::call(Instruction& in) {
  const auto list = [&](std::vector<std::string>& into) {
    if (accept(")")) {
      return;
    }
    do {
      into.push_back(resolve(word()));
    } while (accept(","));
    expect(")");
  };
  if (accept("(")) {
    list(in.results);
    expect(",");
  }
  Operand callee;
  callee.kind = Operand::Kind::Symbol;
  callee.name = word();
  in.operands.push_back(callee);
  if (accept(",")) {
    expect("(");
    list(in.arguments);
    if (accept(",")) {
      throw Error(in.line, "indirect calls are not emulated");
    }
  }
}

Operand Parser::operand() {
  Operand out;
  const Token token = peek();
  if (accept("[")) {
    out.kind = Operand::Kind::Address;
    if (peek().kind == Token::Kind::Word) {
      const std::string name = word();
      out.name = resolve(name);
      out.symbolBase = !isRegister(out.name);
    }
    while (is("+") || is("-") || peek().kind == Token::Kind::Number) {
      accept("+");
      out.offset += integer();
    }
    expect("]");
  } else if (accept("{")) {
    out.kind = Operand::Kind::Vector;
    do {
      out.elements.push_back(operand());
    } while (accept(","));
    expect("}");
  } else if (accept("!")) {
    out.kind = Operand::Kind::Register;
    out.negated = true;
    out.name = resolve(word());
  } else if (is("-") || token.kind == Token::Kind::Number) {
    const bool negative = accept("-");
    out.kind = Operand::Kind::Immediate;
    number(out);
    if (negative && out.literal == Operand::Literal::Integer) {
      out.bits = 0 - out.bits;
    } else if (negative) {
      out.bits ^= out.literal == Operand::Literal::Float ? 0x80000000ull : 0x8000000000000000ull;
    }
  } else if (is("_")) {
    next();
  } else {
    const std::string name = word();
    out.name = resolve(name);
    out.kind = isRegister(out.name) ? Operand::Kind::Register : Operand::Kind::Symbol;
    if (accept("|")) {
      out.second = resolve(word());
    }
    if (out.kind == Operand::Kind::Symbol) {
      while (is("+") || is("-")) {
        accept("+");
        out.offset += integer();
      }
    }
  }
  return out;
}

bool Parser::isRegister(const std::string& unique) const {
  return !unique.empty() && (unique[0] == '%' || registerNames_.count(unique) != 0);
}

} // namespace cudasim::ptx

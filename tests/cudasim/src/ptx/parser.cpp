// Recursive-descent parser of PTX modules (PTX ISA, "PTX Statement Syntax" and "Directives").
#include <cstring>
#include <set>

#include "ast.h"
#include "lexer.h"

namespace cudasim::ptx {

namespace {

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

class Parser {
 public:
  explicit Parser(const std::string& text) : tokens_(tokenize(text)) {}

  Module run() {
    while (peek().kind != Token::Kind::End) {
      moduleStatement();
    }
    if (module_.versionMajor == 0) {
      throw Error(1, ".version is missing");
    }
    return std::move(module_);
  }

 private:
  const Token& peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& next() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }
  bool is(const char* text) const {
    return peek().text == text && peek().kind != Token::Kind::String;
  }
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

  void number(Operand& out) {
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

  void moduleStatement() {
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

  void definition() {
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

  static bool parseSpace(const std::string& text, Space& space) {
    static const std::map<std::string, Space> spaces = {
        {".global", Space::Global}, {".const", Space::Const}, {".shared", Space::Shared},
        {".local", Space::Local},   {".param", Space::Param}};
    const auto found = spaces.find(text);
    if (found == spaces.end()) {
      return false;
    }
    space = found->second;
    return true;
  }

  // .space [.align n] [.vN] .type name[n] [= init] {, ...} ;
  void variables(std::vector<Variable>& into, bool isExtern) {
    do {
      into.push_back(variable(isExtern));
    } while (accept(","));
    expect(";");
  }

  Variable variable(bool isExtern) {
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

  void initializer(Variable& into) {
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

  void function(bool isExtern) {
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

  void dimensions(int (&out)[3]) {
    out[0] = static_cast<int>(integer());
    out[1] = out[2] = 1;
    for (int i = 1; i < 3 && accept(","); ++i) {
      out[i] = static_cast<int>(integer());
    }
  }

  void parameterList(std::vector<Variable>& into) {
    if (accept(")")) {
      return;
    }
    do {
      into.push_back(variable(false));
    } while (accept(","));
    expect(")");
  }

  // Names are made unique as they are declared, so that nested { } scopes need no lookup later.
  std::string declare(const std::string& name) {
    std::string unique = name;
    if (!usedNames_.insert(name).second) {
      unique = name + "#" + std::to_string(++renamed_);
      usedNames_.insert(unique);
    }
    scopes_.back()[name] = unique;
    return unique;
  }
  std::string resolve(const std::string& name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      const auto found = scope->find(name);
      if (found != scope->end()) {
        return found->second;
      }
    }
    return name;
  }

  void body(Function& f) {
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

  void block(Function& f) {
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

  void statement(Function& f) {
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
    } else if (token.kind == Token::Kind::Word && peek(1).text == ":" &&
               peek(1).kind == Token::Kind::Punct) {
      label(f);
    } else if (token.kind == Token::Kind::Word && token.text[0] == '.') {
      throw Error(token.line, "unknown directive '" + token.text + "'");
    } else {
      instruction(f);
    }
  }

  void label(Function& f) {
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

  void declareRegister(Function& f, const std::string& name, Type type) {
    const std::string unique = declare(name);
    registerNames_.insert(unique);
    f.registers[unique] = type;
  }

  void registers(Function& f) {
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

  void instruction(Function& f) {
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

  // call{.uni} (ret), name, (args);
  void call(Instruction& in) {
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

  Operand operand() {
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

  // NVRTC's registers start with '%', those of inline assembly often do not ("p", "tmp").
  bool isRegister(const std::string& unique) const {
    return !unique.empty() && (unique[0] == '%' || registerNames_.count(unique) != 0);
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
  Module module_;
  std::vector<std::map<std::string, std::string>> scopes_;
  std::set<std::string> usedNames_;
  int renamed_ = 0;
  std::pair<int, int> location_{0, 0};
  std::set<std::string> registerNames_; // unique names of the function's registers
};

} // namespace

Module parse(const std::string& text) { return Parser(text).run(); }

} // namespace cudasim::ptx

// SPDX-License-Identifier: Apache-2.0
// The JSON reader of model files: texts that it reads, and texts that it refuses with their messages.
#include "model/json.hpp"

#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>

namespace {

using vae4j::model::JsonValue;

int failures = 0;

void expect(bool condition, const std::string& text) {
  if (condition) return;
  std::printf("FAILED: %s\n", text.c_str());
  failures++;
}

JsonValue parse(const std::string& text) { return JsonValue::parse("f.json", text); }

void refused(const std::string& message, const std::function<void()>& action) {
  try {
    action();
    expect(false, "accepted: " + message);
  } catch (const vae4j::Error& e) {
    expect(e.status() == VAE4J_INVALID_ARGUMENT && e.what() == message,
           message + "\n    but was: " + e.what());
  }
}

// The message without the file's name.
void bad(const std::string& text, const std::string& message) {
  refused("f.json: " + message, [&] { parse(text); });
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; i++) all += text;
  return all;
}

void values() {
  JsonValue all = parse(
      " {\"a\" : [1, -0, 2.5e-3,1E+2 ] ,\r\n\t\"t\":\"x\", \"yes\":true,\"no\":false,"
      "\"none\":null, \"o\":{}, \"e\":[]} ");
  expect(all.is_object() && all.at("a").is_array() && all.at("t").is_text(), "kinds");
  expect(all.at("none").is_null() && all.at("a").elements()[0].is_number(), "kinds");
  expect(all.keys() == std::vector<std::string>{"a", "t", "yes", "no", "none", "o", "e"}, "keys");
  std::vector<JsonValue> numbers = all.at("a").elements();
  expect(numbers.size() == 4 && numbers[0].as_number() == 1 && numbers[3].as_number() == 100, "a");
  expect(numbers[2].as_number() == 2.5e-3 && std::signbit(numbers[1].as_number()), "a");
  expect(all.at("t").as_text() == "x" && all.at("yes").as_flag() && !all.at("no").as_flag(), "t");
  expect(!all.find("none") && !all.find("absent") && all.find("t"), "find");
  expect(all.at("o").keys().empty() && all.at("e").elements().empty(), "empty");
  expect(all.at("t").as_choice({"y", "x"}) == 1, "choice");
  expect(all.path().empty() && all.name().empty() && numbers[2].path() == "a[2]", "path");
  expect(numbers[2].name() == "[2]" && all.at("yes").name() == "yes", "name");
  JsonValue deep = parse("{\"a\":[[{\"b.c\":{\"d\":0}}]]}").at("a").elements()[0].elements()[0];
  expect(deep.at("b.c").at("d").path() == "a[0][0].b.c.d", "deep path");
  expect(deep.at("b.c").name() == "b.c", "a name with a point");
  expect(parse("7").as_integer(7, 7) == 7 && parse("\"\"").as_text().empty(), "a scalar");
}

void numbers() {
  auto number = [](const std::string& text) { return parse(text).as_number(); };
  expect(number("0.1") == 0.1 && number("5e-324") > 0 && number("2e-324") == 0, "small");
  expect(number("1.7976931348623157e308") == std::numeric_limits<double>::max(), "large");
  expect(number("9007199254740993") == 9007199254740992.0, "a tie to the even number");
  expect(number("9007199254740993" + repeated("0", 400) + "e-400") == 9007199254740992.0, "long");
  auto integer = [](const std::string& text) {
    return parse(text).as_integer(INT64_MIN, INT64_MAX);
  };
  expect(integer("9223372036854775807") == INT64_MAX, "most");
  expect(integer("-9223372036854775808") == INT64_MIN && integer("-0") == 0, "least");
  for (const char* text : {"1e999", "-1e999"}) {
    refused(std::string("f.json: expected a number of 64 bits, given ") + text,
            [&] { number(text); });
  }
  for (const char* text : {"1.0", "1e2", "-1", "11", "9223372036854775808"}) {
    refused(std::string("f.json: expected a whole number from 0 to 10, given ") + text,
            [&] { parse(text).as_integer(0, 10); });
  }
}

void texts() {
  auto text = [](const std::string& json) { return parse(json).as_text(); };
  expect(text(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t", "escapes");
  expect(text(R"("\u0041\u00e9\u20AC\uD83D\uDE00.")") == "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80.",
         "characters");
  expect(text("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"") == "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
         "characters as they are");
  expect(text(R"("a\u0000b")") == std::string("a\0b", 3), "the character 0");
  expect(parse(R"({"\u0061":1})").at("a").as_integer(1, 1) == 1, "a key with an escape");
}

void paths() {
  JsonValue all = parse(R"({"model":{"columns":[{},{"kind":5}]},"x\n\u007F":"\u0001"})");
  JsonValue kind = all.at("model").at("columns").elements()[1].at("kind");
  refused("f.json: model.columns[1].kind: expected a text, given 5", [&] { kind.as_text(); });
  refused("f.json: model.columns[1].kind: expected true or false, given 5",
          [&] { kind.as_flag(); });
  refused("f.json: model.columns[1].kind: expected an object, given 5", [&] { kind.at("a"); });
  refused("f.json: model.columns[1].kind: expected an array, given 5", [&] { kind.elements(); });
  refused("f.json: model.columns[1].kind: strange", [&] { throw kind.error("strange"); });
  refused("f.json: model: expected a number, given an object",
          [&] { all.at("model").as_number(); });
  refused("f.json: model: no key \"rows\"", [&] { all.at("model").at("rows"); });
  refused("f.json: no key \"rows\"", [&] { all.at("rows"); });
  refused("f.json: x\\x0A\\x7F: expected one of a, b, given \"\\x01\"",
          [&] { all.at("x\n\x7F").as_choice({"a", "b"}); });
  refused("f.json: model: unknown key \"columns\"; expected one of rows, seed",
          [&] { all.at("model").allow({"rows", "seed"}); });
  refused("f.json: expected a text, given an array", [] { parse("[]").as_text(); });
  refused("f.json: expected a number, given \"" + repeated("y", 60) + "...\"",
          [] { parse("\"" + repeated("y", 100) + "\"").as_number(); });
}

void syntax() {
  bad("", "line 1, byte 1: invalid JSON: expected a value, given the end of the text");
  bad("\n\n [1,\n]", "line 4, byte 1: invalid JSON: expected a value, given \"]\"");
  bad("[1 2]", "line 1, byte 4: invalid JSON: expected ',' or ']', given \"2\"");
  bad("{\"a\":1 \"b\"}", "line 1, byte 8: invalid JSON: expected ',' or '}', given \"\"\"");
  bad("{\"a\" 1}", "line 1, byte 6: invalid JSON: expected ':', given \"1\"");
  bad("{a:1}", "line 1, byte 2: invalid JSON: expected a key in quotes, given \"a\"");
  bad("{\"a\":1,}", "line 1, byte 8: invalid JSON: expected a key in quotes, given \"}\"");
  bad("1 1", "line 1, byte 3: invalid JSON: expected the end of the text, given \"1\"");
  bad("[1}", "line 1, byte 3: invalid JSON: expected ',' or ']', given \"}\"");
  for (const char* text : {"nul", "NaN", "+1", ".5", "'a'", "/**/1",
                           "\xEF\xBB\xBF"
                           "1"}) {
    size_t first = text[0] == '\xEF' ? 3 : 1;
    bad(text, "line 1, byte 1: invalid JSON: expected a value, given \"" +
                  std::string(text, first) + "\"");
  }
  bad("[01]", "line 1, byte 3: invalid JSON: expected ',' or ']', given \"1\"");
  bad("1.", "line 1, byte 3: invalid JSON: expected a digit, given the end of the text");
  bad("-", "line 1, byte 2: invalid JSON: expected a digit, given the end of the text");
  bad("1e+x", "line 1, byte 4: invalid JSON: expected a digit, given \"x\"");
  bad("\"a\nb\"",
      "line 1, byte 3: invalid JSON: expected '\"' after the text on its line, "
      "given \"\\x0A\"");
  bad("\"a",
      "line 1, byte 3: invalid JSON: expected '\"' after the text on its line, given the "
      "end of the text");
  bad(std::string("\"\0\"", 3),
      "line 1, byte 2: invalid JSON: expected '\"' after the text on its "
      "line, given \"\\x00\"");
  bad(std::string("1\0", 2),
      "line 1, byte 2: invalid JSON: expected the end of the text, given \"\\x00\"");
  bad(R"("\x")",
      "line 1, byte 3: invalid JSON: expected an escape: "
      R"(\" \\ \/ \b \f \n \r \t or \uXXXX, given "x")");
  bad(R"("\u00g0")", "line 1, byte 6: invalid JSON: expected a hexadecimal digit, given \"g\"");
  bad(R"("\ud800.")",
      "line 1, byte 8: invalid JSON: expected the second half of a pair, "
      "given \".\"");
  bad(R"("\ud800\u0041")",
      "line 1, byte 14: invalid JSON: expected the second half of a pair, "
      "given \"\"\"");
  bad(R"("\udc00")",
      "line 1, byte 8: invalid JSON: expected no second half of a pair before a "
      "first, given \"\"\"");
  bad(R"({"b":[{"a":1,"c":0,"\u0061":2}]})", "b[0].a: the key is there twice");
}

void limits() {
  expect(parse(repeated("[", 100) + repeated("]", 100)).is_array(), "100 levels");
  bad(repeated("[", 101),
      "line 1, byte 101: invalid JSON: expected at most 100 levels, given \"[\"");
  bad(repeated("{\"a\":", 1000000),
      "line 1, byte 501: invalid JSON: expected at most 100 levels, given \"{\"");
  bad(std::string((1 << 27) + 1, ' '), "expected at most 134217728 bytes, given 134217729");
  std::string many = "{\"0\":0";
  for (int i = 1; i < 200000; i++) many += ",\"" + std::to_string(i) + "\":" + std::to_string(i);
  JsonValue read = parse(many + "}");
  expect(read.keys().size() == 200000 && read.at("199999").as_number() == 199999, "many keys");
}

void utf8() {
  for (const char* wrong :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3x", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5", "\xFF", "\xE2\x82"}) {
    bad(std::string("[\"\xC3\xA9") + wrong + "\"]", "invalid UTF-8 at byte 5");
  }
  expect(parse("\"\xEF\xBF\xBF\xF4\x8F\xBF\xBF\xED\x9F\xBF\"").is_text(), "the last characters");
}

}  // namespace

int main() {
  values();
  numbers();
  texts();
  paths();
  syntax();
  limits();
  utf8();
  std::printf("json: %d failures\n", failures);
  return failures != 0;
}

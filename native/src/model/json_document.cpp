// SPDX-License-Identifier: Apache-2.0
#include "model/json_document.hpp"

#include <algorithm>

#include "model/json.hpp"
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

constexpr size_t kMostBytes = size_t{1} << 27;
constexpr int kMostLevels = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// Keeps the open containers as the parents of nodes, so that no text makes it call itself.
class JsonParser {
 public:
  explicit JsonParser(JsonDocument* document) : document_(document), text_(document->text_) {}

  void run() {
    check_bytes();
    for (;;) {
      skip();
      char c = peek();
      if (c == '{' || c == '[') {
        open(c == '{' ? JsonKind::kObject : JsonKind::kArray);
        skip();
        if (peek() != closing()) {
          if (in_object()) key();
          continue;
        }
        at_++;
        close();
      } else {
        scalar(c);
      }
      if (!another()) return;
    }
  }

 private:
  using Node = JsonDocument::Node;

  void check_bytes() {
    if (text_.size() > kMostBytes) {
      throw problem("expected at most " + std::to_string(kMostBytes) + " bytes, given " +
                    std::to_string(text_.size()));
    }
    size_t valid = utf8_prefix(text_);
    if (valid < text_.size()) {
      throw problem("invalid UTF-8 at byte " + std::to_string(valid + 1));
    }
  }

  // Closes containers after a value; true if a further value follows.
  bool another() {
    for (;;) {
      skip();
      if (open_ == JsonDocument::kNone) {
        if (at_ != text_.size()) fail("the end of the text");
        return false;
      }
      if (peek() == closing()) {
        at_++;
        close();
        continue;
      }
      if (peek() != ',') fail(in_object() ? "',' or '}'" : "',' or ']'");
      at_++;
      skip();
      if (in_object()) key();
      return true;
    }
  }

  // '\0' at the end, which no text may contain.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip() {
    for (; at_ < text_.size(); at_++) {
      char c = text_[at_];
      if (c == '\n') {
        line_++;
        line_begin_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  bool in_object() const { return (*document_)[open_].kind == JsonKind::kObject; }

  char closing() const { return in_object() ? '}' : ']'; }

  uint32_t add(JsonKind kind, size_t begin, size_t length) {
    auto index = static_cast<uint32_t>(document_->nodes_.size());
    document_->nodes_.push_back(
        {kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(length), open_, index + 1});
    return index;
  }

  void open(JsonKind kind) {
    if (++levels_ > kMostLevels) fail("at most " + std::to_string(kMostLevels) + " levels");
    at_++;
    open_ = add(kind, 0, 0);
  }

  void close() {
    levels_--;
    auto end = static_cast<uint32_t>(document_->nodes_.size());
    if (in_object()) sort_keys(end);
    Node& node = document_->nodes_[open_];
    node.next = end;
    open_ = node.parent;
  }

  void sort_keys(uint32_t end) {
    auto& sorted = document_->sorted_;
    auto begin = static_cast<ptrdiff_t>(sorted.size());
    for (uint32_t key = open_ + 1; key < end; key = (*document_)[key + 1].next) {
      sorted.push_back(key);
    }
    auto text = [this](uint32_t index) { return document_->text(index); };
    std::sort(sorted.begin() + begin, sorted.end(),
              [&](uint32_t a, uint32_t b) { return text(a) < text(b); });
    auto twice = std::adjacent_find(sorted.begin() + begin, sorted.end(),
                                    [&](uint32_t a, uint32_t b) { return text(a) == text(b); });
    if (twice != sorted.end()) {
      throw problem(document_->path(*twice + 1) + ": the key is there twice");
    }
    Node& node = document_->nodes_[open_];
    node.begin = static_cast<uint32_t>(begin);
    node.length = static_cast<uint32_t>(sorted.size()) - node.begin;
  }

  void key() {
    if (peek() != '"') fail("a key in quotes");
    text();
    skip();
    if (peek() != ':') fail("':'");
    at_++;
  }

  void scalar(char first) {
    if (first == '"') {
      text();
    } else if (first == '-' || is_digit(first)) {
      number();
    } else if (!word("null", JsonKind::kNull) && !word("true", JsonKind::kTrue) &&
               !word("false", JsonKind::kFalse)) {
      fail("a value");
    }
  }

  bool word(std::string_view name, JsonKind kind) {
    if (std::string_view(text_).substr(at_, name.size()) != name) return false;
    add(kind, 0, 0);
    at_ += name.size();
    return true;
  }

  void number() {
    size_t begin = at_;
    if (peek() == '-') at_++;
    if (peek() == '0') {
      at_++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at_++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at_++;
      if (peek() == '+' || peek() == '-') at_++;
      digits();
    }
    add(JsonKind::kNumber, begin, at_ - begin);
  }

  void digits() {
    if (!is_digit(peek())) fail("a digit");
    while (is_digit(peek())) at_++;
  }

  void text() {
    size_t begin = ++at_;
    size_t end = begin;
    while (peek() != '"') {
      if (static_cast<unsigned char>(peek()) < 0x20) fail("'\"' after the text on its line");
      if (peek() == '\\') {
        end += utf8_write(escape(), &text_[end]);
      } else {
        text_[end++] = text_[at_++];
      }
    }
    at_++;
    add(JsonKind::kText, begin, end - begin);
  }

  uint32_t escape() {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kCharacters = "\"\\/\b\f\n\r\t";
    at_++;
    size_t named = kNames.find(peek());
    if (named != std::string_view::npos) {
      at_++;
      return static_cast<unsigned char>(kCharacters[named]);
    }
    uint32_t character = unit();
    if (character >= 0xDC00 && character < 0xE000) fail("no second half of a pair before a first");
    if (character < 0xD800 || character >= 0xE000) return character;
    if (peek() != '\\') fail("the second half of a pair");
    at_++;
    uint32_t second = unit();
    if (second < 0xDC00 || second >= 0xE000) fail("the second half of a pair");
    return 0x10000 + ((character - 0xD800) << 10) + (second - 0xDC00);
  }

  // The 16 bits of an escape, of which the place is after the backslash.
  uint32_t unit() {
    if (peek() != 'u') fail("an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uXXXX");
    at_++;
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, at_++) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      char c = peek();
      size_t digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
      if (digit == std::string_view::npos) fail("a hexadecimal digit");
      value = value << 4 | static_cast<uint32_t>(digit);
    }
    return value;
  }

  Error problem(const std::string& text) const {
    return Error(VAE4J_INVALID_ARGUMENT, document_->file() + ": " + text);
  }

  [[noreturn]] void fail(const std::string& expected) const {
    std::string given = "the end of the text";
    if (at_ < text_.size()) {
      Utf8Character c = utf8_at(text_, at_);
      given = quoted(std::string_view(text_).substr(at_, c.length));
    }
    throw problem("line " + std::to_string(line_) + ", byte " +
                  std::to_string(at_ - line_begin_ + 1) + ": invalid JSON: expected " + expected +
                  ", given " + given);
  }

  JsonDocument* document_;
  std::string& text_;
  size_t at_ = 0;
  uint32_t open_ = JsonDocument::kNone;
  int levels_ = 0;
  size_t line_ = 1;
  size_t line_begin_ = 0;
};

JsonDocument::JsonDocument(const std::string& file, std::string text)
    : file_(file), text_(std::move(text)) {
  JsonParser(this).run();
}

uint32_t JsonDocument::find(uint32_t object, std::string_view key) const {
  const Node& node = nodes_[object];
  auto begin = sorted_.begin() + node.begin;
  auto end = begin + node.length;
  auto found = std::lower_bound(begin, end, key, [this](uint32_t index, std::string_view sought) {
    return text(index) < sought;
  });
  return found == end || text(*found) != key ? kNone : *found + 1;
}

std::string JsonDocument::part(uint32_t index) const {
  uint32_t parent = nodes_[index].parent;
  if (parent == kNone) return "";
  if (nodes_[parent].kind == JsonKind::kObject) {
    std::string key = quoted(text(index - 1));
    return key.substr(1, key.size() - 2);
  }
  size_t place = 0;
  for (uint32_t i = parent + 1; i < index; i = nodes_[i].next) place++;
  return "[" + std::to_string(place) + "]";
}

std::string JsonDocument::path(uint32_t index) const {
  std::string path;
  for (; nodes_[index].parent != kNone; index = nodes_[index].parent) {
    bool dotted = !path.empty() && path[0] != '[';
    path = part(index) + (dotted ? "." : "") + path;
  }
  return path;
}

}  // namespace vae4j::model

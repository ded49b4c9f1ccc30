// SPDX-License-Identifier: Apache-2.0
// JSON (RFC 8259) of untrusted files, read strictly: UTF-8, no key twice, at most 100 levels deep.
// This reader is ours because a machine that builds the library has g++, Maven and a JDK only, and
// no code of others is committed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"

namespace vae4j::model {

class JsonDocument;

// A value of a file. Values share the file's text, and their errors name the file and the path of
// keys: "vae.json: model.schema.columns[3].kind: expected a text, given 5". Every function throws
// such an Error with VAE4J_INVALID_ARGUMENT.
class JsonValue {
 public:
  // The text of a whole file, whose name is for messages: "vae.json", or "model.safetensors:
  // header". Takes at most 20 bytes of memory for each two bytes of the text, growth aside.
  static JsonValue parse(const std::string& file, std::string text);

  bool is_object() const;
  bool is_array() const;
  bool is_text() const;
  bool is_number() const;
  bool is_null() const;

  // The value of a key. find returns none for a key that is missing or null.
  JsonValue at(std::string_view key) const;
  std::optional<JsonValue> find(std::string_view key) const;

  // The keys of an object, in the order of the file.
  std::vector<std::string> keys() const;

  // Refuses all other keys of an object, so that a misspelt key is not taken for a missing one.
  void allow(std::initializer_list<std::string_view> known) const;

  // Refuses a file whose key "format" is another version.
  void require_format(int64_t expected) const;

  // The elements of an array.
  std::vector<JsonValue> elements() const;

  // A text may contain the character 0.
  std::string as_text() const;
  bool as_flag() const;

  // A finite number, rounded to the nearest double.
  double as_number() const;

  // A number without a fraction and an exponent, from low to high.
  int64_t as_integer(int64_t low, int64_t high) const;

  // The index of a text among names.
  size_t as_choice(std::initializer_list<std::string_view> names) const;

  // The last key, or "[3]"; the path of all keys. Empty for the whole file.
  std::string name() const;
  std::string path() const;

  // The exception for a problem of this value.
  Error error(const std::string& problem) const;

 private:
  JsonValue(std::shared_ptr<const JsonDocument> document, uint32_t index)
      : document_(std::move(document)), index_(index) {}

  Error unexpected(const std::string& expected) const;

  std::shared_ptr<const JsonDocument> document_;
  uint32_t index_;
};

// A text of a file or of a caller for a message: in quotes, shortened, without control characters.
std::string quoted(std::string_view text);

}  // namespace vae4j::model

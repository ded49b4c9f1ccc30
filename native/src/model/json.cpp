// SPDX-License-Identifier: Apache-2.0
#include "model/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "model/decimal.hpp"
#include "model/json_document.hpp"
#include "model/utf8.hpp"

namespace vae4j::model {
namespace {

constexpr size_t kShown = 60;

std::string joined(std::initializer_list<std::string_view> names) {
  std::string text;
  for (std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string shown = "\"";
  size_t at = 0;
  while (at < text.size() && at < kShown) {
    Utf8Character c = utf8_at(text, at);
    bool control = c.character < 0x20 || c.character == 0x7F;
    if (control || c.length == 0) {
      constexpr char kDigits[] = "0123456789ABCDEF";
      auto byte = static_cast<unsigned char>(text[at++]);
      shown += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      shown += text.substr(at, c.length);
      at += c.length;
    }
  }
  return shown + (at < text.size() ? "...\"" : "\"");
}

JsonValue JsonValue::parse(const std::string& file, std::string text) {
  return JsonValue(std::make_shared<JsonDocument>(file, std::move(text)), 0);
}

bool JsonValue::is_object() const { return (*document_)[index_].kind == JsonKind::kObject; }
bool JsonValue::is_array() const { return (*document_)[index_].kind == JsonKind::kArray; }
bool JsonValue::is_text() const { return (*document_)[index_].kind == JsonKind::kText; }
bool JsonValue::is_number() const { return (*document_)[index_].kind == JsonKind::kNumber; }
bool JsonValue::is_null() const { return (*document_)[index_].kind == JsonKind::kNull; }

JsonValue JsonValue::at(std::string_view key) const {
  if (!is_object()) throw unexpected("an object");
  uint32_t value = document_->find(index_, key);
  if (value == JsonDocument::kNone) throw error("no key " + quoted(key));
  return JsonValue(document_, value);
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  if (!is_object()) throw unexpected("an object");
  uint32_t value = document_->find(index_, key);
  if (value == JsonDocument::kNone || (*document_)[value].kind == JsonKind::kNull) {
    return std::nullopt;
  }
  return JsonValue(document_, value);
}

std::vector<std::string> JsonValue::keys() const {
  if (!is_object()) throw unexpected("an object");
  std::vector<std::string> keys;
  uint32_t end = (*document_)[index_].next;
  for (uint32_t key = index_ + 1; key < end; key = (*document_)[key + 1].next) {
    keys.emplace_back(document_->text(key));
  }
  return keys;
}

void JsonValue::allow(std::initializer_list<std::string_view> known) const {
  for (const std::string& key : keys()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw error("unknown key " + quoted(key) + "; expected one of " + joined(known));
    }
  }
}

void JsonValue::require_format(int64_t expected) const {
  JsonValue format = at("format");
  int64_t given = format.as_integer(1, INT32_MAX);
  if (given != expected) {
    throw format.error("expected " + std::to_string(expected) + ", given " + std::to_string(given) +
                       "; a newer vae4j wrote this file");
  }
}

std::vector<JsonValue> JsonValue::elements() const {
  if (!is_array()) throw unexpected("an array");
  std::vector<JsonValue> elements;
  uint32_t end = (*document_)[index_].next;
  for (uint32_t i = index_ + 1; i < end; i = (*document_)[i].next) {
    elements.push_back(JsonValue(document_, i));
  }
  return elements;
}

std::string JsonValue::as_text() const {
  if (!is_text()) throw unexpected("a text");
  return std::string(document_->text(index_));
}

bool JsonValue::as_flag() const {
  JsonKind kind = (*document_)[index_].kind;
  if (kind != JsonKind::kTrue && kind != JsonKind::kFalse) throw unexpected("true or false");
  return kind == JsonKind::kTrue;
}

double JsonValue::as_number() const {
  if (!is_number()) throw unexpected("a number");
  double value = parse_decimal(std::string(document_->text(index_)));
  if (!std::isfinite(value)) throw unexpected("a number of 64 bits");
  return value;
}

int64_t JsonValue::as_integer(int64_t low, int64_t high) const {
  std::string expected =
      "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (!is_number()) throw unexpected(expected);
  std::string_view text = document_->text(index_);
  int64_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < low || value > high) {
    throw unexpected(expected);
  }
  return value;
}

size_t JsonValue::as_choice(std::initializer_list<std::string_view> names) const {
  std::string text = as_text();
  const auto* found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) throw unexpected("one of " + joined(names));
  return static_cast<size_t>(found - names.begin());
}

std::string JsonValue::name() const { return document_->part(index_); }

std::string JsonValue::path() const { return document_->path(index_); }

Error JsonValue::error(const std::string& problem) const {
  std::string path = this->path();
  return Error(VAE4J_INVALID_ARGUMENT,
               document_->file() + ": " + path + (path.empty() ? "" : ": ") + problem);
}

Error JsonValue::unexpected(const std::string& expected) const {
  std::string given;
  switch ((*document_)[index_].kind) {
    case JsonKind::kNull:
      given = "null";
      break;
    case JsonKind::kFalse:
      given = "false";
      break;
    case JsonKind::kTrue:
      given = "true";
      break;
    case JsonKind::kNumber:
      given = document_->text(index_).substr(0, kShown);
      break;
    case JsonKind::kText:
      given = quoted(document_->text(index_));
      break;
    case JsonKind::kArray:
      given = "an array";
      break;
    case JsonKind::kObject:
      given = "an object";
      break;
  }
  return error("expected " + expected + ", given " + given);
}

}  // namespace vae4j::model

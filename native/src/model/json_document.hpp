// SPDX-License-Identifier: Apache-2.0
// The values of a JSON text as a flat list, and the parser that makes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vae4j::model {

enum class JsonKind : uint32_t { kNull, kFalse, kTrue, kNumber, kText, kArray, kObject };

// Values follow each other in the order of the text; in an object, before each value its key, as a
// text. A text is decoded where it stands: no escape is shorter than its character in UTF-8.
class JsonDocument {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  JsonDocument(const std::string& file, std::string text);

  struct Node {
    JsonKind kind;
    // A number or a text: its place in the text and its bytes. An object: the place of its keys in
    // sorted, and their number.
    uint32_t begin;
    uint32_t length;
    uint32_t parent;
    uint32_t next;  // the first node after this value
  };

  const Node& operator[](uint32_t index) const { return nodes_[index]; }
  const std::string& file() const { return file_; }

  std::string_view text(uint32_t index) const {
    const Node& node = nodes_[index];
    return std::string_view(text_).substr(node.begin, node.length);
  }

  // The value of an object's key; kNone if it is not there.
  uint32_t find(uint32_t object, std::string_view key) const;

  // "model.schema.columns[3]"; empty for the whole text.
  std::string path(uint32_t index) const;

  // The path's last part, a key or "[3]".
  std::string part(uint32_t index) const;

 private:
  friend class JsonParser;

  std::string file_;
  std::string text_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> sorted_;  // the keys of each object, by their texts
};

}  // namespace vae4j::model

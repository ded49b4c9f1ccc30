// SPDX-License-Identifier: Apache-2.0
// The tables of vae4j_tables.h, read again: this reading shares no code with the library's.
#pragma once

#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include "vae4j_ops.h"

namespace fuzz {

enum class Kind { kTensor, kInteger, kReal, kText };

// A row of a table. The rule of a tensor is split: "out? FLOAT64 B 3" or, joined, "*R Z".
struct Field {
  Kind kind;
  std::string name;
  std::string rule;
  size_t offset;

  bool written = false;
  bool optional = false;
  std::string type = "FLOAT32";
  std::vector<std::vector<std::string>> shapes;
  std::string over;  // the operand whose memory it may be

  // The name without "forward.".
  std::string own() const { return name.substr(name.rfind('.') + 1); }
};

struct Table {
  std::string id;
  std::string names;
  size_t bytes;
  std::vector<Field> fields;
};

template <class Type>
constexpr Kind kKind = Kind::kTensor;
template <>
constexpr Kind kKind<int64_t> = Kind::kInteger;
template <>
constexpr Kind kKind<double> = Kind::kReal;
template <>
constexpr Kind kKind<const char*> = Kind::kText;

inline Field field(Kind kind, const char* name, const char* rule, size_t offset) {
  Field read{kind, name, rule, offset, false, false, "FLOAT32", {}, {}};
  if (kind != Kind::kTensor) return read;
  std::istringstream words(rule);
  std::string word;
  words >> word;
  read.written = word.substr(0, 3) == "out";
  read.optional = word.back() == '?';
  read.shapes.emplace_back();
  while (words >> word) {
    if (word == "any" || word == "FLOAT64") {
      read.type = word;
    } else if (word == "over") {
      words >> read.over;
    } else if (word == "or") {
      read.shapes.emplace_back();
    } else {
      read.shapes.back().push_back(word);
    }
  }
  return read;
}

#define FUZZ_ROW(type, member, rule) field(kKind<type>, #member, rule, offsetof(Values, member)),
#define FUZZ_FORWARD_ROW(type, member, rule) \
  field(kKind<type>, "forward." #member, rule, offsetof(Values, forward.member)),
#define FUZZ_FORWARD_ROWS(type, TABLE) TABLE(FUZZ_FORWARD_ROW, VAE4J_NO_FORWARD)
#define FUZZ_TABLE(name, id, TABLE)                                                             \
  [] {                                                                                          \
    using Values = vae4j_##name##_op;                                                           \
    return Table{id, VAE4J_NAMES(TABLE), sizeof(Values), {TABLE(FUZZ_ROW, FUZZ_FORWARD_ROWS)}}; \
  }(),

inline const std::vector<Table>& tables() {
  static const std::vector<Table> all = {VAE4J_OPS(FUZZ_TABLE)};
  return all;
}

}  // namespace fuzz

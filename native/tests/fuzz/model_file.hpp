// SPDX-License-Identifier: Apache-2.0
// Files of models in their two parts, and edits of the header.
#pragma once

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "model/checksum.hpp"
#include "report.hpp"

namespace fuzz {

constexpr size_t kPrefix = 8;

struct Parts {
  std::string header;
  std::string data;
};

inline Parts read_parts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  expect(bytes.size() > kPrefix, "a model in " + path);
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kPrefix);
  return {bytes.substr(kPrefix, length), bytes.substr(kPrefix + length)};
}

// Puts the right checksum into the header, so that the file is read further.
inline void seal(Parts* parts) {
  const std::string key = "\"vae4j.checksum\":\"crc32c:";
  size_t begin = parts->header.find(key);
  size_t end = begin + key.size() + 9;
  if (begin == std::string::npos || end >= parts->header.size()) return;
  size_t last = parts->header.find_last_not_of(' ') + 1;
  if (end >= last) return;
  vae4j::model::Checksum sum;
  sum.add(std::string_view(parts->header).substr(0, begin));
  sum.add(std::string_view(parts->header).substr(end + 1, last - end - 1));
  sum.add(parts->data);
  char digits[16];
  std::snprintf(digits, sizeof digits, "%08x", sum.value());
  parts->header.replace(begin + key.size(), 8, digits);
}

inline std::string bytes_of(const Parts& parts) {
  uint64_t length = parts.header.size();
  return std::string(reinterpret_cast<const char*>(&length), kPrefix) + parts.header + parts.data;
}

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  expect(file.good(), "a file that can be written: " + path);
}

// Replaces the first place of a text from a place on; false if there is none.
inline bool replace(std::string* text, const std::string& old, const std::string& by,
                    size_t from = 0) {
  size_t at = text->find(old, from);
  if (at == std::string::npos) return false;
  text->replace(at, old.size(), by);
  return true;
}

}  // namespace fuzz

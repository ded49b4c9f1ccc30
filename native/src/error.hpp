// SPDX-License-Identifier: Apache-2.0
// The exception of the library; the C API converts it to a status and a text.
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>

#include "vae4j.h"

namespace vae4j {

class Error : public std::runtime_error {
 public:
  Error(vae4j_status status, const std::string& text) : std::runtime_error(text), status_(status) {}
  vae4j_status status() const { return status_; }

 private:
  vae4j_status status_;
};

// "op: argument: expected this, given that".
inline Error wrong(const char* op, const char* argument, const std::string& expected,
                   const std::string& given) {
  return Error(VAE4J_INVALID_ARGUMENT,
               std::string(op) + ": " + argument + ": expected " + expected + ", given " + given);
}

// Fails for a NULL that an argument must not be.
template <class Pointer>
void require(const char* op, const char* argument, Pointer pointer) {
  if (pointer == nullptr) throw wrong(op, argument, "a pointer", "NULL");
}

// The entry of a name; all names are in the error.
template <class Entry>
const Entry& find_named(const Entry* entries, int count, const char* op, const char* argument,
                        const char* name) {
  for (int i = 0; i < count; i++) {
    if (std::strcmp(entries[i].name, name) == 0) return entries[i];
  }
  std::string names;
  for (int i = 0; i < count; i++) {
    names += names.empty() ? "" : ", ";
    names += entries[i].name;
  }
  throw wrong(op, argument, "one of " + names, name);
}

}  // namespace vae4j

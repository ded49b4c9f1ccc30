// SPDX-License-Identifier: Apache-2.0
// The exception of the library; the C API converts it to a status and a text.
#pragma once

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

}  // namespace vae4j

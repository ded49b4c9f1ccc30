// SPDX-License-Identifier: Apache-2.0
// What the program tried, and how it says that the library did something else.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "vae4j.h"

namespace fuzz {

// The functions of the C API that were called, and how often.
inline std::map<std::string, int64_t>& calls() {
  static std::map<std::string, int64_t> calls;
  return calls;
}

// The case that runs, for the message of a sanitizer too.
inline std::string& now() {
  static std::string now = "start";
  return now;
}

inline void expect(bool right, const std::string& expected) {
  if (right) return;
  std::fprintf(stderr, "FAILED: %s: expected %s; last error: %.500s\n", now().c_str(),
               expected.c_str(), vae4j_last_error());
  std::exit(1);
}

// A call with this status whose error begins with a text.
inline void expect_status(int given, int status, const std::string& text) {
  std::string error = vae4j_last_error();
  bool told = status == VAE4J_OK || error.compare(0, text.size(), text) == 0;
  expect(given == status && told,
         "status " + std::to_string(status) + " (" + text + "), given " + std::to_string(given));
}

}  // namespace fuzz

// Calls a function of the library and counts it.
#define CALL(function, ...) (fuzz::calls()[#function]++, function(__VA_ARGS__))

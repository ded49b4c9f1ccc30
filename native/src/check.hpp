// SPDX-License-Identifier: Apache-2.0
// Compares the struct of an op with its table in vae4j_tables.h.
#pragma once

#include <cstddef>
#include <string>

#include "error.hpp"
#include "vae4j_ops.h"

namespace vae4j {

// The sizes in the shapes of an op's operands, B, L, Z and so on, by their letters.
class Sizes {
 public:
  // 0 if no operand has the size.
  int operator[](char size) const { return values_[size - 'A']; }

  // Sets a size, or compares it if it is set.
  bool agree(char size, int64_t value);

 private:
  int values_['Z' - 'A' + 1] = {};
};

enum class Kind { kTensor, kInteger, kReal, kText };

// A row of a table.
struct Member {
  Kind kind;
  const char* name;
  const char* rule;
  size_t offset;
};

// Checks each member against its rule and returns the sizes; fails at the first wrong member.
Sizes check(const char* op, const Member* members, size_t count, const void* values);

// Fails if a tensor that the op writes has memory of another operand, unless its rule names that one.
void require_disjoint(const char* op, const Member* members, size_t count, const void* values);

int64_t elements(const vae4j_tensor& tensor);

// Of a tensor whose type is known.
int64_t bytes_of(const vae4j_tensor& tensor);

// For messages: "FLOAT32 (2, 3)", "NULL"; a number with all its digits.
std::string text(const vae4j_tensor& tensor);
std::string text(double value);

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// The programs of a model as text, the "vae4j.programs" of its file. docs/checkpoint-format.md has
// their form; io.github.vae4j.embed writes them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/formula.hpp"
#include "ops.hpp"

namespace vae4j::model {

// A slice of a buffer with a shape. Buffer kWeights is that of the model's weights.
struct Operand {
  static constexpr int kWeights = -1;
  static constexpr int kMissing = -2;

  int buffer = kMissing;
  Formula first;
  std::vector<Formula> dims;
};

// A member of an op's struct; its table says which of the four it is.
struct MemberText {
  Operand tensor;
  Formula integer;
  double real = 0;
  std::string text;
};

struct OpText {
  const OpTable* table;
  std::vector<MemberText> members;  // as many as the table has
};

struct BufferText {
  int64_t type;  // a vae4j_type
  Formula length;
  float initial;
};

// Programs that share buffers.
struct PlanText {
  std::vector<BufferText> buffers;
  std::map<std::string, Operand> tensors;
  std::map<std::string, std::vector<OpText>> programs;
};

// The place of a parameter in the model's weights. Memory has count matrices (rows, columns), whose
// transposes the file has; with a count of 0 the file has the same order.
struct ParameterText {
  std::string name;
  int64_t offset;
  int64_t count;
  int64_t rows;
  int64_t columns;
  std::vector<int64_t> dims;  // in the file
};

struct ModelText {
  // Numbers and texts of the model by name: "features", "likelihood".
  std::map<std::string, std::string> facts;
  std::vector<ParameterText> parameters;
  std::map<std::string, PlanText> plans;
};

// Reads the text of a file; fails with VAE4J_INVALID_ARGUMENT, with file and line, or with
// VAE4J_UNSUPPORTED for the programs of another version.
ModelText read_programs(const std::string& file, std::string_view text);

}  // namespace vae4j::model

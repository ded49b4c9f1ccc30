// SPDX-License-Identifier: Apache-2.0
// A plan of a model for fixed sizes, with memory of its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "context.hpp"
#include "model/programs.hpp"
#include "ops.hpp"

namespace vae4j::model {

// The weights of a model in memory, which its plans read.
struct Arena {
  Owned<float> values;
  int64_t length = 0;
};

class Plan {
 public:
  // equal_noise: whether each row of the batch has the noise of the first one. The text and the
  // weights must outlive the plan.
  Plan(Context& context, const PlanText& text, const Arena& weights, const BatchSizes& sizes,
       bool equal_noise);

  // The memory of all buffers.
  int64_t bytes() const { return bytes_; }

  bool has(const char* tensor) const { return text_.tensors.count(tensor) > 0; }

  // The rows of a tensor, each of so many elements. Fails if the plan has no tensor of the name, or
  // one of another size or type.
  float* floats(const char* name, int64_t columns);
  double* doubles(const char* name, int64_t columns);

  // The rows of a tensor of the batch.
  int64_t batch() const { return sizes_.batch; }

  // The block of control values.
  double* control();

  // Runs a program. Its ops are planned and their memory is allocated when it runs first.
  void run(const char* program);

 private:
  struct Memory {
    int64_t type;
    int64_t length;
    float initial;
    Owned<char> bytes;
  };

  vae4j_tensor resolve(const Operand& operand);
  void* tensor(const char* name, int64_t type, int64_t count);
  std::vector<Planned> plan(const OpText& op);
  Planned plan_rows(const OpText& op, int64_t first, int64_t parts);

  Context& context_;
  const PlanText& text_;
  const Arena& weights_;
  const BatchSizes sizes_;
  const bool equal_noise_;
  std::vector<Memory> buffers_;
  int64_t bytes_ = 0;
  std::map<std::string, std::vector<Planned>> programs_;
};

}  // namespace vae4j::model

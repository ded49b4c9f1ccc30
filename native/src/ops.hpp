// SPDX-License-Identifier: Apache-2.0
// Planned ops, and the planner of each. vae4j_tables.h has the mathematics.
#pragma once

#include <cstdint>
#include <memory>

#include "check.hpp"
#include "context.hpp"

namespace vae4j {

class Op {
 public:
  explicit Op(Context& context) : context(context) {}
  virtual ~Op() = default;
  virtual void run() = 0;

  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;

 protected:
  Context& context;
};

using Planned = std::unique_ptr<Op>;

// An op that keeps its checked struct. The texts of the struct are not valid in a run.
template <class Values>
class OpOf : public Op {
 public:
  OpOf(Context& context, const Values& op, const Sizes& sizes)
      : Op(context), op(op), sizes(sizes) {}

 protected:
  const Values op;
  const Sizes sizes;
};

inline float* floats(const vae4j_tensor& tensor) { return static_cast<float*>(tensor.data); }
inline double* doubles(const vae4j_tensor& tensor) { return static_cast<double*>(tensor.data); }

// An integer in a control block; the least integer for a value that is not an integer.
inline int64_t integer(double value) {
  return value >= -0x1p63 && value < 0x1p63 ? static_cast<int64_t>(value) : INT64_MIN;
}

// Checks that the groups divide the L samples.
inline void require_groups(const char* op, int64_t groups, const Sizes& sizes) {
  if (groups > sizes['L'] || sizes['L'] % groups != 0) {
    throw wrong(op, "groups", "a divisor of the " + std::to_string(sizes['L']) + " samples",
                std::to_string(groups));
  }
}

// An op by name: its table, which its struct is compared with, and its planner.
struct OpTable {
  const char* name;
  const char* names;  // of the members, separated by commas
  size_t bytes;
  const Member* members;
  size_t count;
  Planned (*plan)(Context& context, const void* values, const Sizes& sizes);
};

// The table of an op; the error for an unknown name lists all.
const OpTable& op_table(const char* op);

// Checks a struct by its table and plans the op.
Planned plan(Context& context, const OpTable& table, const void* values);

// Checks and plans the op of a name, for vae4j_program_add.
Planned plan(Context& context, const char* op, const char* names, const void* values, size_t bytes);

#define VAE4J_PLANNER(name, id, TABLE) \
  Planned plan_##name(Context& context, const vae4j_##name##_op& op, const Sizes& sizes);
VAE4J_OPS(VAE4J_PLANNER)
#undef VAE4J_PLANNER

}  // namespace vae4j

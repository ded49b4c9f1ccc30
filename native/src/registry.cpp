// SPDX-License-Identifier: Apache-2.0
// The ops by name: each with its table, which its struct is compared with, and its planner.
#include <cstring>

#include "ops.hpp"

namespace vae4j {
namespace {

template <class Type>
constexpr Kind kKind = Kind::kTensor;
template <>
constexpr Kind kKind<int64_t> = Kind::kInteger;
template <>
constexpr Kind kKind<double> = Kind::kReal;
template <>
constexpr Kind kKind<const char*> = Kind::kText;

#define VAE4J_ROW(type, member, rule) {kKind<type>, #member, rule, offsetof(Values, member)},
#define VAE4J_FORWARD_ROW(type, member, rule) \
  {kKind<type>, "forward." #member, rule, offsetof(Values, forward.member)},
#define VAE4J_FORWARD_ROWS(type, TABLE) TABLE(VAE4J_FORWARD_ROW, VAE4J_NO_FORWARD)
#define VAE4J_ENTRY(name, id, TABLE)                                                          \
  [] {                                                                                        \
    using Values = vae4j_##name##_op;                                                         \
    static constexpr Member members[] = {TABLE(VAE4J_ROW, VAE4J_FORWARD_ROWS)};               \
    return OpTable{id,                                                                        \
                   VAE4J_NAMES(TABLE),                                                        \
                   sizeof(Values),                                                            \
                   members,                                                                   \
                   sizeof members / sizeof *members,                                          \
                   [](Context& context, const void* values, const Sizes& sizes) {             \
                     return plan_##name(context, *static_cast<const Values*>(values), sizes); \
                   }};                                                                        \
  }(),

const OpTable kEntries[] = {VAE4J_OPS(VAE4J_ENTRY)};

constexpr int kEntryCount = static_cast<int>(sizeof kEntries / sizeof *kEntries);

}  // namespace

const OpTable& op_table(const char* op) {
  return find_named(kEntries, kEntryCount, "program", "op", op);
}

Planned plan(Context& context, const OpTable& table, const void* values) {
  Sizes sizes = check(table.name, table.members, table.count, values);
  Planned planned = table.plan(context, values, sizes);
  // Last, because it is of sizes that the planner has checked.
  require_disjoint(table.name, table.members, table.count, values);
  return planned;
}

Planned plan(Context& context, const char* op, const char* names, const void* values,
             size_t bytes) {
  const OpTable& table = op_table(op);
  if (std::strcmp(table.names, names) != 0) throw wrong(op, "names", table.names, names);
  if (table.bytes != bytes) {
    throw wrong(op, "bytes", std::to_string(table.bytes), std::to_string(bytes));
  }
  return plan(context, table, values);
}

}  // namespace vae4j

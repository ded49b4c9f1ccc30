// SPDX-License-Identifier: Apache-2.0
// The ops by name: each with its table, which its struct is compared with, and its planner.
#include <cstring>

#include "ops.hpp"

namespace vae4j {
namespace {

struct Entry {
  const char* name;
  const char* names;  // of the members
  size_t bytes;
  const Member* members;
  size_t count;
  Planned (*plan)(Context& context, const void* values, const Sizes& sizes);
};

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
#define VAE4J_ENTRY(name, id, TABLE)                                                        \
  [] {                                                                                      \
    using Values = vae4j_##name##_op;                                                       \
    static constexpr Member members[] = {TABLE(VAE4J_ROW, VAE4J_FORWARD_ROWS)};             \
    return Entry{id,                                                                        \
                 VAE4J_NAMES(TABLE),                                                        \
                 sizeof(Values),                                                            \
                 members,                                                                   \
                 sizeof members / sizeof *members,                                          \
                 [](Context& context, const void* values, const Sizes& sizes) {             \
                   return plan_##name(context, *static_cast<const Values*>(values), sizes); \
                 }};                                                                        \
  }(),

const Entry kEntries[] = {VAE4J_OPS(VAE4J_ENTRY)};

constexpr int kEntryCount = static_cast<int>(sizeof kEntries / sizeof *kEntries);

}  // namespace

Planned plan(Context& context, const char* op, const char* names, const void* values,
             size_t bytes) {
  const Entry& entry = find_named(kEntries, kEntryCount, "program", "op", op);
  if (std::strcmp(entry.names, names) != 0) throw wrong(op, "names", entry.names, names);
  if (entry.bytes != bytes) {
    throw wrong(op, "bytes", std::to_string(entry.bytes), std::to_string(bytes));
  }
  return entry.plan(context, values, check(op, entry.members, entry.count, values));
}

}  // namespace vae4j

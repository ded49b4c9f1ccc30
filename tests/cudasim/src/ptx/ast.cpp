// SPDX-License-Identifier: Apache-2.0
#include "ast.h"

#include <algorithm>
#include <unordered_map>

namespace cudasim::ptx {

int sizeOf(Type type) {
  switch (type) {
    case Type::U8:
    case Type::S8:
    case Type::B8: return 1;
    case Type::U16:
    case Type::S16:
    case Type::B16:
    case Type::F16:
    case Type::BF16: return 2;
    case Type::U32:
    case Type::S32:
    case Type::B32:
    case Type::F32:
    case Type::TF32:
    case Type::F16x2:
    case Type::BF16x2: return 4;
    case Type::U64:
    case Type::S64:
    case Type::B64:
    case Type::F64: return 8;
    case Type::B128: return 16;
    case Type::None:
    case Type::Pred: return 0;
  }
  return 0;
}

bool parseType(const std::string& part, Type& type) {
  static const std::unordered_map<std::string, Type> names = {
      {"u8", Type::U8},    {"u16", Type::U16},     {"u32", Type::U32},   {"u64", Type::U64},       {"s8", Type::S8},
      {"s16", Type::S16},  {"s32", Type::S32},     {"s64", Type::S64},   {"b8", Type::B8},         {"b16", Type::B16},
      {"b32", Type::B32},  {"b64", Type::B64},     {"b128", Type::B128}, {"f16", Type::F16},       {"f32", Type::F32},
      {"f64", Type::F64},  {"f16x2", Type::F16x2}, {"bf16", Type::BF16}, {"bf16x2", Type::BF16x2}, {"tf32", Type::TF32},
      {"pred", Type::Pred}};
  const auto found = names.find(part);
  if (found == names.end()) {
    return false;
  }
  type = found->second;
  return true;
}

std::string Instruction::opcode() const {
  std::string text;
  for (const auto& part : parts) {
    text += (text.empty() ? "" : ".") + part;
  }
  return text;
}

bool Instruction::has(const char* part) const { return std::find(parts.begin() + 1, parts.end(), part) != parts.end(); }

} // namespace cudasim::ptx

// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <climits>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <vector>

namespace vae4j {
namespace {

constexpr int kMaxRank = 4;
constexpr const char* kTypes[] = {"FLOAT32", "FLOAT64", "UINT8"};
constexpr size_t kTypeBytes[] = {sizeof(float), sizeof(double), sizeof(uint8_t)};
constexpr int64_t kTypeCount = 3;

// An upper bound of a buffer's elements, for which offsets in bytes do not overflow.
constexpr int64_t kMostElements = int64_t{1} << 56;

using Words = std::vector<std::string>;

Words words_of(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

const char* type_of(const vae4j_tensor& tensor) {
  bool known = tensor.type >= 0 && tensor.type < kTypeCount;
  return known ? kTypes[tensor.type] : "an unknown type";
}

// The number of dimensions; 0 if they are not 1 to 4 sizes followed by zeros.
int rank_of(const vae4j_tensor& tensor) {
  int rank = 0;
  int64_t count = 1;
  for (; rank < kMaxRank && tensor.dims[rank] != 0; rank++) {
    int64_t size = tensor.dims[rank];
    if (size < 1 || size > INT_MAX || count > kMostElements / size) return 0;
    count *= size;
  }
  for (int i = rank; i < kMaxRank; i++) {
    if (tensor.dims[i] != 0) return 0;
  }
  return rank;
}

// One dimension of a shape: "3", "8+", "B", "2Z".
bool agree(Sizes* sizes, const std::string& dimension, int64_t given) {
  size_t digits = dimension.find_first_not_of("0123456789");
  int64_t number = digits == 0 ? 1 : std::stoll(dimension);
  if (digits == std::string::npos) return given == number;
  if (dimension[digits] == '+') return given >= number;
  return given % number == 0 && sizes->agree(dimension[digits], given / number);
}

bool agree(Sizes* sizes, const Words& shape, const vae4j_tensor& tensor) {
  int rank = rank_of(tensor);
  if (rank == 0) return false;
  if (shape[0] == "...") return true;
  bool joined = shape[0][0] == '*';
  int count = static_cast<int>(shape.size());
  int lead = rank - count;
  if (joined ? lead < 0 : lead != 0) return false;
  int64_t first = 1;
  for (int i = 0; i <= lead; i++) first *= tensor.dims[i];
  for (int i = 0; i < count; i++) {
    if (!agree(sizes, i == 0 && joined ? shape[0].substr(1) : shape[i],
               i == 0 ? first : tensor.dims[lead + i])) {
      return false;
    }
  }
  return true;
}

// The rule of a tensor: "in *B I", "out? FLOAT64 B 3", "in? B or B L".
class TensorRule {
 public:
  explicit TensorRule(const char* rule) {
    Words words = words_of(rule);
    optional = words[0].back() == '?';
    size_t at = 1;
    if (words[at] == "any" || words[at] == "FLOAT64") type = words[at++];
    shapes.emplace_back();
    for (; at < words.size(); at++) {
      if (words[at] == "or") {
        shapes.emplace_back();
      } else if (words[at] == "over") {
        at++;  // an operand, which does not matter to the shape
      } else {
        shapes.back().push_back(words[at]);
      }
    }
  }

  // A text such as "FLOAT32 (B, 2Z) with B = 3".
  std::string text(const Sizes& sizes) const {
    std::string text;
    std::string known;
    for (const Words& shape : shapes) {
      text += text.empty() ? (type == "any" ? "any type (" : type + " (") : " or (";
      for (size_t i = 0; i < shape.size(); i++) {
        text += (i == 0 ? "" : ", ") + shape[i];
        char size = shape[i].back();
        bool named = known.find(std::string(" ") + size + " =") != std::string::npos;
        if (size < 'A' || size > 'Z' || sizes[size] == 0 || named) continue;
        known += (known.empty() ? " with " : ", ") + std::string(1, size) + " = " +
                 std::to_string(sizes[size]);
      }
      text += ")";
    }
    return text + known;
  }

  bool optional;
  std::string type = kTypes[VAE4J_FLOAT32];
  std::vector<Words> shapes;
};

// The memory of an operand.
struct Range {
  Range(const Member& member, const vae4j_tensor& tensor)
      : member(member),
        tensor(tensor),
        begin(reinterpret_cast<uintptr_t>(tensor.data)),
        bytes(static_cast<uintptr_t>(bytes_of(tensor))) {}

  bool is_written() const { return member.rule[0] == 'o'; }

  // Without the address of the end, which a caller's numbers may put beyond the last one.
  bool overlaps(const Range& other) const {
    return begin <= other.begin ? other.begin - begin < bytes : begin - other.begin < other.bytes;
  }

  // "over X" ends a rule.
  bool may_be(const Range& other) const {
    const char* over = std::strstr(member.rule, kOver);
    return over != nullptr && std::strcmp(over + std::strlen(kOver), other.member.name) == 0 &&
           begin == other.begin && bytes == other.bytes;
  }

  static constexpr const char* kOver = " over ";

  const Member& member;
  const vae4j_tensor& tensor;
  uintptr_t begin;
  uintptr_t bytes;
};

void check_tensor(const char* op, const Member& member, const vae4j_tensor& tensor, Sizes* sizes) {
  TensorRule rule(member.rule);
  if (tensor.data == nullptr && rule.optional) return;
  bool known = tensor.type >= 0 && tensor.type < kTypeCount;
  if (tensor.data != nullptr && known && (rule.type == "any" || rule.type == type_of(tensor))) {
    for (const Words& shape : rule.shapes) {
      Sizes trial = *sizes;
      if (agree(&trial, shape, tensor)) {
        *sizes = trial;
        return;
      }
    }
  }
  throw wrong(op, member.name, rule.text(*sizes), text(tensor));
}

// The ranges of numbers: "any", "finite", "0 or 1", "0 to 1", "0 or more", "0 or more and below 1",
// "above 0".
bool allows(const char* range, double value) {
  double low = 0;
  double high = 0;
  if (!std::isfinite(value)) return false;
  if (std::sscanf(range, "%lf or more and below %lf", &low, &high) == 2) {
    return value >= low && value < high;
  }
  if (std::sscanf(range, "%lf or %lf", &low, &high) == 2) return value == low || value == high;
  if (std::sscanf(range, "%lf to %lf", &low, &high) == 2) return value >= low && value <= high;
  if (std::sscanf(range, "above %lf", &low) == 1) return value > low;
  return std::sscanf(range, "%lf or more", &low) != 1 || value >= low;
}

}  // namespace

bool Sizes::agree(char size, int64_t value) {
  int& own = values_[size - 'A'];
  if (own == 0 && value <= INT_MAX) own = static_cast<int>(value);
  return own == value;
}

Sizes check(const char* op, const Member* members, size_t count, const void* values) {
  Sizes sizes;
  for (const Member* member = members; member < members + count; member++) {
    const void* at = static_cast<const char*>(values) + member->offset;
    switch (member->kind) {
      case Kind::kTensor:
        check_tensor(op, *member, *static_cast<const vae4j_tensor*>(at), &sizes);
        break;
      case Kind::kInteger: {
        int64_t value = *static_cast<const int64_t*>(at);
        if (!allows(member->rule, static_cast<double>(value))) {
          throw wrong(op, member->name, member->rule, std::to_string(value));
        }
        break;
      }
      case Kind::kReal: {
        double value = *static_cast<const double*>(at);
        if (!allows(member->rule, value)) throw wrong(op, member->name, member->rule, text(value));
        break;
      }
      case Kind::kText:
        if (*static_cast<const char* const*>(at) == nullptr) {
          throw wrong(op, member->name, member->rule, "NULL");
        }
        break;
    }
  }
  return sizes;
}

void require_disjoint(const char* op, const Member* members, size_t count, const void* values) {
  std::vector<Range> ranges;
  for (const Member* member = members; member < members + count; member++) {
    if (member->kind != Kind::kTensor) continue;
    const void* at = static_cast<const char*>(values) + member->offset;
    const auto& tensor = *static_cast<const vae4j_tensor*>(at);
    if (tensor.data != nullptr) ranges.emplace_back(*member, tensor);
  }
  for (size_t i = 1; i < ranges.size(); i++) {
    const Range& later = ranges[i];
    for (size_t k = 0; k < i; k++) {
      const Range& former = ranges[k];
      if (!(later.is_written() || former.is_written()) || !later.overlaps(former)) continue;
      if (later.may_be(former)) continue;
      throw wrong(op, later.member.name,
                  std::string("a tensor that does not overlap ") + former.member.name,
                  text(later.tensor) + ", which does");
    }
  }
}

int64_t elements(const vae4j_tensor& tensor) {
  int64_t count = 1;
  for (int i = 0; i < kMaxRank && tensor.dims[i] != 0; i++) count *= tensor.dims[i];
  return count;
}

int64_t bytes_of(const vae4j_tensor& tensor) {
  return elements(tensor) * static_cast<int64_t>(kTypeBytes[tensor.type]);
}

std::string text(const vae4j_tensor& tensor) {
  if (tensor.data == nullptr) return "NULL";
  std::string text = std::string(type_of(tensor)) + " (";
  int shown = rank_of(tensor) == 0 ? kMaxRank : rank_of(tensor);
  for (int i = 0; i < shown; i++) text += (i == 0 ? "" : ", ") + std::to_string(tensor.dims[i]);
  return text + ")";
}

std::string text(double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.17g", value);
  return digits;
}

}  // namespace vae4j

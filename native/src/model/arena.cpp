// SPDX-License-Identifier: Apache-2.0
#include "model/arena.hpp"

#include <cmath>
#include <cstring>

#include "model/json.hpp"

namespace vae4j::model {
namespace {

// The arena aligns each parameter to so many elements.
constexpr int64_t kAlign = 16;

// Elements of a file's tensor: its bytes are in memory, so that the number cannot overflow.
int64_t count_of(std::string_view bytes) { return static_cast<int64_t>(bytes.size() / 4); }

void check_place(const SafeTensors& file, const ParameterText& parameter, int64_t count,
                 int64_t length) {
  int64_t transposed = 0;
  bool wrong = __builtin_mul_overflow(parameter.rows, parameter.columns, &transposed) ||
               __builtin_mul_overflow(transposed, parameter.count, &transposed);
  if (parameter.offset > length - count ||
      (parameter.count > 0 && (wrong || transposed != count))) {
    throw damaged(file.path(), "vae4j.programs: the place of " + quoted(parameter.name) +
                                   " is not in the weights");
  }
}

void copy(const ParameterText& parameter, const char* from, int64_t count, float* to) {
  if (parameter.count == 0) {
    std::memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
    return;
  }
  int64_t size = parameter.rows * parameter.columns;
  for (int64_t matrix = 0; matrix < parameter.count; matrix++) {
    for (int64_t column = 0; column < parameter.columns; column++) {
      for (int64_t row = 0; row < parameter.rows; row++, from += sizeof(float)) {
        std::memcpy(&to[matrix * size + row * parameter.columns + column], from, sizeof(float));
      }
    }
  }
}

}  // namespace

Arena read_arena(const SafeTensors& file, const std::vector<ParameterText>& parameters,
                 int64_t length) {
  int64_t most = 0;
  std::vector<std::string_view> tensors;
  for (const ParameterText& parameter : parameters) {
    tensors.push_back(file.tensor(parameter.name, parameter.dims));
    check_place(file, parameter, count_of(tensors.back()), length);
    most += count_of(tensors.back()) + kAlign;
  }
  if (parameters.size() != file.tensors() || length > most) {
    throw damaged(file.path(), "vae4j.programs: its parameters are not the tensors of the file");
  }
  Arena arena{allocate_array<float>(length), length};
  for (size_t i = 0; i < parameters.size(); i++) {
    float* to = arena.values.get() + parameters[i].offset;
    int64_t count = count_of(tensors[i]);
    copy(parameters[i], tensors[i].data(), count, to);
    for (int64_t k = 0; k < count; k++) {
      if (!std::isfinite(to[k])) {
        throw damaged(file.path(), "tensor " + quoted(parameters[i].name) +
                                       ": a value is not finite; train the model anew");
      }
    }
  }
  return arena;
}

}  // namespace vae4j::model

// SPDX-License-Identifier: Apache-2.0
#include "model/plan.hpp"

#include <algorithm>
#include <climits>
#include <cstring>

#include "parallel.hpp"

namespace vae4j::model {
namespace {

// Elements of a buffer, as of a tensor of the Java library.
constexpr int64_t kMostElements = INT_MAX;

// Of all buffers of a plan. A pass has 64 MiB for each layer, or one row.
constexpr int64_t kMostBytes = int64_t{8} << 30;

Error wrong_size(const std::string& what) {
  return Error(VAE4J_INVALID_ARGUMENT, "the model's program: " + what);
}

size_t size_of(int64_t type) { return type == VAE4J_FLOAT64 ? sizeof(double) : sizeof(float); }

}  // namespace

Plan::Plan(Context& context, const PlanText& text, const Arena& weights, const BatchSizes& sizes,
           bool equal_noise)
    : context_(context), text_(text), weights_(weights), sizes_(sizes), equal_noise_(equal_noise) {
  for (const BufferText& buffer : text.buffers) {
    int64_t length = buffer.length.at(sizes);
    if (length < 1 || length > kMostElements) {
      throw wrong_size("expected a buffer of 1 to 2^31 - 1 elements, given " +
                       std::to_string(length));
    }
    buffers_.push_back({buffer.type, length, buffer.initial, nullptr});
    bytes_ += length * static_cast<int64_t>(size_of(buffer.type));
    if (bytes_ > kMostBytes) {
      throw Error(VAE4J_OUT_OF_MEMORY, "the model's program: " + std::to_string(sizes.batch) +
                                           " rows of " + std::to_string(sizes.samples) +
                                           " samples need more than 8 GiB");
    }
  }
}

vae4j_tensor Plan::resolve(const Operand& operand) {
  if (operand.buffer == Operand::kMissing) return {};
  vae4j_tensor tensor{};
  int64_t elements = 1;
  for (size_t i = 0; i < operand.dims.size(); i++) {
    int64_t size = operand.dims[i].at(sizes_);
    if (size < 1 || size > kMostElements || elements > kMostElements / size) {
      throw wrong_size("expected a tensor of 1 to 2^31 - 1 elements");
    }
    tensor.dims[i] = size;
    elements *= size;
  }
  int64_t first = operand.first.at(sizes_);
  bool weights = operand.buffer == Operand::kWeights;
  int64_t length = weights ? weights_.length : buffers_[operand.buffer].length;
  if (first < 0 || first > length - elements) {
    throw wrong_size("a tensor of " + std::to_string(elements) + " elements from " +
                     std::to_string(first) + " is not in its buffer of " + std::to_string(length));
  }
  if (weights) {
    tensor.data = weights_.values.get() + first;
    return tensor;
  }
  Memory& memory = buffers_[operand.buffer];
  if (memory.bytes == nullptr) {
    memory.bytes = allocate_array<char>(memory.length * static_cast<int64_t>(size_of(memory.type)));
    if (memory.initial != 0) {
      std::fill_n(reinterpret_cast<float*>(memory.bytes.get()), memory.length, memory.initial);
    }
  }
  tensor.type = memory.type;
  tensor.data = memory.bytes.get() + static_cast<size_t>(first) * size_of(memory.type);
  return tensor;
}

void* Plan::tensor(const char* name, int64_t type, int64_t count) {
  auto found = text_.tensors.find(name);
  if (found == text_.tensors.end()) throw wrong_size("there is no tensor " + std::string(name));
  vae4j_tensor tensor = resolve(found->second);
  if (found->second.buffer < 0 || tensor.type != type || elements(tensor) != count) {
    throw wrong_size("tensor " + std::string(name) + ": expected " + std::to_string(count) +
                     " elements in a buffer, given " + vae4j::text(tensor));
  }
  return tensor.data;
}

float* Plan::floats(const char* name, int64_t columns) {
  return static_cast<float*>(tensor(name, VAE4J_FLOAT32, sizes_.batch * columns));
}

double* Plan::doubles(const char* name, int64_t columns) {
  return static_cast<double*>(tensor(name, VAE4J_FLOAT64, sizes_.batch * columns));
}

double* Plan::control() {
  return static_cast<double*>(tensor("control", VAE4J_FLOAT64, VAE4J_CONTROL_LENGTH));
}

// Part number first of equal parts of the op's rows.
Planned Plan::plan_rows(const OpText& op, int64_t first, int64_t parts) {
  std::vector<char> values(op.table->bytes);
  for (size_t i = 0; i < op.members.size(); i++) {
    const Member& rule = op.table->members[i];
    const MemberText& member = op.members[i];
    char* at = values.data() + rule.offset;
    switch (rule.kind) {
      case Kind::kTensor: {
        vae4j_tensor tensor = resolve(member.tensor);
        if (parts > 1 && tensor.data != nullptr && tensor.type == VAE4J_FLOAT32) {
          tensor.dims[0] /= parts;
          tensor.data = vae4j::floats(tensor) + first * elements(tensor);
        }
        std::memcpy(at, &tensor, sizeof tensor);
        break;
      }
      case Kind::kInteger: {
        int64_t value = member.integer.at(sizes_);
        std::memcpy(at, &value, sizeof value);
        break;
      }
      case Kind::kReal:
        std::memcpy(at, &member.real, sizeof member.real);
        break;
      case Kind::kText: {
        const char* text = member.text.c_str();
        std::memcpy(at, &text, sizeof text);
        break;
      }
    }
  }
  return vae4j::plan(context_, *op.table, values.data());
}

// With equal noise the ops that draw noise are planned row by row: the noise is a function of the
// row's number in the op.
std::vector<Planned> Plan::plan(const OpText& op) {
  bool draws = std::strcmp(op.table->name, "reparameterize") == 0;
  int64_t parts = draws && equal_noise_ ? sizes_.batch : 1;
  std::vector<Planned> planned;
  for (int64_t part = 0; part < parts; part++) planned.push_back(plan_rows(op, part, parts));
  return planned;
}

void Plan::run(const char* program) {
  ThreadScope scope(context_.threads);
  auto found = programs_.find(program);
  if (found == programs_.end()) {
    auto text = text_.programs.find(program);
    if (text == text_.programs.end())
      throw wrong_size("there is no program " + std::string(program));
    std::vector<Planned> ops;
    for (const OpText& op : text->second) {
      for (Planned& planned : plan(op)) ops.push_back(std::move(planned));
    }
    found = programs_.emplace(program, std::move(ops)).first;
  }
  for (const Planned& op : found->second) op->run();
}

}  // namespace vae4j::model

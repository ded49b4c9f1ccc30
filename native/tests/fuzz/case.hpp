// SPDX-License-Identifier: Apache-2.0
// An op with operands that the header allows: shapes, settings and numbers by chance, each operand
// in an allocation of its own size, so that the address sanitizer sees every access beside it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>

#include "likelihoods.hpp"
#include "random.hpp"
#include "tables.hpp"

namespace fuzz {

// Where operands are, and how large: real memory, or addresses that nothing may touch.
struct Place {
  bool extreme = false;
  char* region = nullptr;
  int64_t bytes = 0;
};

class Case;

// Bytes of an element.
inline int64_t width_of(const vae4j_tensor& tensor) {
  return tensor.type == VAE4J_FLOAT64 ? 8 : tensor.type == VAE4J_FLOAT32 ? 4 : 1;
}

// What the comments of the tables of images ask of sizes and settings.
inline void relate_images(Case& op, Random& random);

class Case {
 public:
  Case(const Table& table, Random& random, const Place& place = {});

  int plan(vae4j_program* program) const {
    return vae4j_program_add(program, table.id.c_str(), table.names.c_str(), values_.data(),
                             table.bytes);
  }

  const Field* find(const std::string& own) const {
    for (const Field& field : table.fields) {
      if (field.own() == own) return &field;
    }
    return nullptr;
  }

  vae4j_tensor& tensor(const Field& field) { return at<vae4j_tensor>(field); }
  vae4j_tensor& tensor(const std::string& own) { return tensor(*find(own)); }
  int64_t& integer(const Field& field) { return at<int64_t>(field); }
  int64_t& integer(const std::string& own) { return integer(*find(own)); }
  double& real(const Field& field) { return at<double>(field); }
  double& real(const std::string& own) { return real(*find(own)); }
  const char*& text(const Field& field) { return at<const char*>(field); }
  const char*& text(const std::string& own) { return text(*find(own)); }

  // A text that lives as long as the case.
  const char* keep(const std::string& text) { return texts_.emplace_back(text).c_str(); }

  int64_t& size(char letter) { return sizes_[static_cast<size_t>(letter - 'A')]; }

  // False if an operand is larger than the place (the op may be planned only) or an allocation.
  bool fits() const { return fits_; }

  // Whether an operand is in the place, not in memory of its own.
  bool is_placed() const { return used_ > 0; }

  const std::vector<char>& values() const { return values_; }
  void restore(const std::vector<char>& values) { values_ = values; }

  // Whether the operands that the op reads only have the bytes they had.
  bool inputs_are_unchanged() const;

  const Table& table;

 private:
  struct Input {
    const char* at;
    std::vector<char> bytes;
  };

  template <class T>
  T& at(const Field& field) {
    return *reinterpret_cast<T*>(values_.data() + field.offset);
  }

  int64_t any_size();
  void choose_sizes();
  void choose_scalars();
  void choose_likelihood();
  void choose_tensor(const Field& field);
  void relate();
  bool is_chosen_with_sizes(const std::string& own) const;
  std::vector<int64_t> dims_of(const Field& field);
  void place(const Field& field, vae4j_tensor* tensor);
  void fill(char* memory, const Field& field, int64_t type, int64_t count);

  Random& random_;
  const Place where_;
  const bool hostile_;
  bool fits_ = true;
  int64_t used_ = 0;     // bytes of the place
  uintptr_t unfit_ = 0;  // operands beyond it
  std::vector<char> values_;
  std::array<int64_t, 26> sizes_{};
  std::map<std::string, bool> given_;  // optional operands that are decided
  std::vector<std::unique_ptr<char, decltype(&std::free)>> memory_;
  std::vector<Input> inputs_;
  std::deque<std::string> texts_;
};

constexpr int64_t kMostSize = (int64_t{1} << 31) - 1;

inline const std::vector<std::string>& activations() {
  static const std::vector<std::string> names = {
      "identity", "relu", "tanh", "sigmoid", "softplus", "elu", "leakyRelu", "silu", "gelu"};
  return names;
}

inline bool needs_preactivation(const std::string& activation) {
  return activation == "silu" || activation == "gelu";
}

inline Case::Case(const Table& table, Random& random, const Place& place)
    : table(table),
      random_(random),
      where_(place),
      hostile_(random.chance(50)),
      values_(table.bytes) {
  choose_sizes();
  choose_scalars();
  for (const Field& field : table.fields) {
    if (field.kind == Kind::kTensor) choose_tensor(field);
  }
  for (const Field& field : table.fields) {
    if (field.over.empty() || tensor(field).data == nullptr || !random_.chance(30)) continue;
    const char* both = static_cast<const char*>(tensor(field.over).data);
    tensor(field).data = tensor(field.over).data;
    inputs_.erase(std::remove_if(inputs_.begin(), inputs_.end(),
                                 [&](const Input& input) { return input.at == both; }),
                  inputs_.end());
  }
}

inline int64_t Case::any_size() {
  if (!where_.extreme) return random_.between(1, random_.chance(10) ? 40 : 6);
  static const std::vector<int64_t> sizes = {
      1, 2, 3, 1024, 65537, int64_t{1} << 24, int64_t{1} << 30, kMostSize - 1, kMostSize};
  return random_.of(sizes);
}

inline void Case::choose_sizes() {
  for (int64_t& size : sizes_) size = any_size();
  // Enough work for several threads.
  if (!where_.extreme && random_.chance(20)) {
    size(random_.of(std::vector<char>{'B', 'N', 'R', 'Z', 'C'})) = random_.between(200, 500);
  }
  relate();
  for (int64_t& size : sizes_) size = std::min(size, kMostSize);
}

// What the comments of the tables ask of sizes and operands.
inline void Case::relate() {
  const std::string& id = table.id;
  int64_t more = random_.between(0, 2);
  int64_t z = size('Z');
  if (id == "gather") size('N') = std::min(kMostSize, size('B') + more);
  if (id == "copyColumns") size('R') = size('P') * random_.between(1, 4);
  if (id.rfind("planar", 0) == 0) {
    if (!where_.extreme) size('T') = random_.between(1, 4);
    size('W') = size('T') * (2 * z + 1) + more;
  }
  if (id.rfind("triangular", 0) == 0) size('W') = std::max<int64_t>(1, z * (z - 1) / 2 + more);
  if (id == "mixturePriorBackward") given_["d_logits"] = given_["logits"] = random_.chance(50);
  if (id == "likelihood") choose_likelihood();
  relate_images(*this, random_);
}

inline void Case::choose_likelihood() {
  std::string blocks;
  int64_t columns = 0;
  int64_t parameters = 0;
  int64_t shared = 0;
  for (int64_t block = random_.between(1, 3); block > 0; block--) {
    Model chosen = model(random_);
    int64_t own = any_size();
    blocks +=
        (blocks.empty() ? "" : ";") + chosen.name + " " + std::to_string(own) + chosen.constants;
    columns += own;
    parameters += own * chosen.parameters;
    shared += chosen.shared;
  }
  size('D') = columns;
  size('P') = parameters;
  size('S') = std::max<int64_t>(1, shared);
  text("likelihood") = keep(blocks);
  given_["shared"] = shared > 0;
  bool gradient = given_["d_parameters"] = random_.chance(60);
  given_["d_shared"] = gradient && shared > 0;
}

// Of the settings of windows and of pixelShuffle.
inline bool Case::is_chosen_with_sizes(const std::string& own) const {
  return own == "inverse" || (find("kernel_height") != nullptr && own != "average");
}

inline void Case::choose_scalars() {
  for (const Field& field : table.fields) {
    const std::string own = field.own();
    if (field.kind == Kind::kInteger && !is_chosen_with_sizes(own)) {
      int64_t chosen = random_.between(0, 1);
      if (field.rule == "any") chosen = random_.of(hostile_integers());
      if (field.rule == "1 or more" || field.rule == "1 to 255") chosen = 1;
      if (own == "stream") chosen = random_.between(1, 255);
      integer(field) = chosen;
    } else if (field.kind == Kind::kReal) {
      double chosen = random_.unit();
      if (field.rule == "finite") chosen = random_.of(hostile_doubles());
      if (!std::isfinite(chosen)) chosen = -1;
      if (field.rule == "0 or more" && random_.chance(30)) chosen = random_.chance(50) ? 0 : 1e300;
      if (field.rule == "above 0") chosen = random_.chance(50) ? DBL_MIN : 1e-5;
      real(field) = chosen;
    }
  }
  if (table.id == "gather") {
    integer("shift") = 0;
    integer("height") = integer("width") = 1;
    integer("channels") = size('D');
    if (size('D') % 2 == 0 && random_.chance(50)) {
      int64_t side = size('D') % 4 == 0 ? 2 : 1;
      integer("height") = side;
      integer("width") = 2;
      integer("channels") = size('D') / (2 * side);
      integer("shift") = random_.between(0, side - 1);
    }
  }
  if (find("columns") != nullptr) {
    int64_t width = std::min(size('S'), size('T'));
    integer("columns") = random_.between(1, width);
    integer("source_first") = random_.between(0, size('S') - integer("columns"));
    integer("target_first") = random_.between(0, size('T') - integer("columns"));
  }
  if (find("groups") != nullptr && find("kernel_height") == nullptr) {
    int64_t samples = size('L');
    int64_t groups = where_.extreme ? 1 : random_.between(1, samples);
    while (samples % groups != 0) groups--;
    integer("groups") = groups;
  }
  if (find("estimator") != nullptr) {
    bool bits = random_.chance(30);
    bool capacity = !bits && random_.chance(30);
    const std::vector<std::string> names = {"analytic", "sampled", "doubly_reparameterized"};
    text("estimator") = keep(bits || capacity ? names[0] : random_.of(names));
    if (!bits) real("free_bits") = 0;
    integer("capacity") = capacity;
    if (bits || capacity) given_["kl_per_dimension"] = true;
  }
  if (find("activation") != nullptr) {
    const std::string& name = random_.of(activations());
    text("activation") = keep(name);
    given_["preactivation"] = needs_preactivation(name);
  }
}

inline void Case::choose_tensor(const Field& field) {
  auto decided = given_.find(field.own());
  bool given = !field.optional || (decided == given_.end() ? random_.chance(60) : decided->second);
  if (!given) return;
  vae4j_tensor& tensor = this->tensor(field);
  tensor.type = field.type == "FLOAT64" ? VAE4J_FLOAT64 : VAE4J_FLOAT32;
  if (field.type == "any") tensor.type = random_.between(VAE4J_FLOAT32, VAE4J_UINT8);
  bool rows = table.id == "gather" && field.name == "source";
  if (rows && tensor.type == VAE4J_FLOAT64) tensor.type = VAE4J_UINT8;
  std::vector<int64_t> dims = dims_of(field);
  if (field.name == "target" && field.shapes[0][0] == "...") {
    // Copies have the source's number of elements, in any shape.
    tensor.type = this->tensor("source").type;
    const int64_t* source = this->tensor("source").dims;
    dims.assign(source, std::find(source, source + 4, 0));
    if (!where_.extreme && random_.chance(50)) {
      int64_t count = 1;
      for (int64_t dim : dims) count *= dim;
      dims = {count};
    }
  }
  std::copy(dims.begin(), dims.end(), tensor.dims);
  place(field, &tensor);
}

inline std::vector<int64_t> Case::dims_of(const Field& field) {
  const std::vector<std::string>& shape = random_.of(field.shapes);
  std::vector<int64_t> dims;
  if (shape[0] == "...") {
    for (int64_t rank = random_.between(1, where_.extreme ? 2 : 4); rank > 0; rank--) {
      dims.push_back(any_size());
    }
    return dims;
  }
  for (const std::string& word : shape) {
    std::string dim = word[0] == '*' ? word.substr(1) : word;
    size_t digits = dim.find_first_not_of("0123456789");
    int64_t number = digits == 0 ? 1 : std::stoll(dim);
    if (digits == std::string::npos) {
      dims.push_back(number);
    } else if (dim[digits] == '+') {
      dims.push_back(number + random_.between(0, 2));
    } else {
      dims.push_back(std::min(kMostSize, number * size(dim[digits])));
    }
  }
  // "*R" is a product: 12 is 3 times 4 too.
  int64_t first = dims[0];
  if (shape[0][0] == '*' && dims.size() < 4 && random_.chance(30)) {
    int64_t factor = random_.between(1, std::min<int64_t>(first, 6));
    if (first % factor == 0) {
      dims[0] = first / factor;
      dims.insert(dims.begin(), factor);
    }
  }
  return dims;
}

inline void Case::place(const Field& field, vae4j_tensor* tensor) {
  int64_t width = width_of(*tensor);
  double all = static_cast<double>(width);
  for (int64_t dim : tensor->dims) all *= dim == 0 ? 1 : static_cast<double>(dim);
  if (where_.extreme && all > 1000) {
    // One after the other, since operands must not overlap.
    double free = static_cast<double>(where_.bytes - used_ - width);
    fits_ = fits_ && all <= free;
    if (fits_) {
      tensor->data = where_.region + used_;
      used_ += static_cast<int64_t>(all) + random_.between(0, 1) * 8;
    } else {
      // An operand has less than 2^59 bytes.
      tensor->data = reinterpret_cast<void*>(++unfit_ << 59);
    }
    return;
  }
  auto bytes = static_cast<size_t>(all);
  // An address that is a multiple of an element only, not of 16 bytes.
  auto shift = static_cast<size_t>(random_.chance(25) ? width : 0);
  memory_.emplace_back(static_cast<char*>(std::malloc(bytes + shift)), &std::free);
  if (memory_.back() == nullptr) {
    fits_ = false;
    return;
  }
  char* at = memory_.back().get() + shift;
  tensor->data = at;
  fill(at, field, tensor->type, static_cast<int64_t>(bytes) / width);
  if (!field.written) inputs_.push_back({at, std::vector<char>(at, at + bytes)});
}

inline void Case::fill(char* memory, const Field& field, int64_t type, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    if (type == VAE4J_UINT8) {
      memory[i] = static_cast<char>(random_.next());
    } else if (type == VAE4J_FLOAT64) {
      double value =
          hostile_ && !where_.extreme ? random_.of(hostile_doubles()) : random_.between(0, 3);
      if (where_.extreme && field.own() == "status") value = 1;
      reinterpret_cast<double*>(memory)[i] = value;
    } else {
      float value = static_cast<float>(random_.between(-40, 40)) / 8;
      reinterpret_cast<float*>(memory)[i] = hostile_ ? random_.of(hostile_floats()) : value;
    }
  }
}

inline bool Case::inputs_are_unchanged() const {
  for (const Input& input : inputs_) {
    if (std::memcmp(input.at, input.bytes.data(), input.bytes.size()) != 0) return false;
  }
  return true;
}

}  // namespace fuzz

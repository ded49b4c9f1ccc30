// SPDX-License-Identifier: Apache-2.0
// All single faults of an op: each is refused by the name of its member.
#pragma once

#include <functional>

#include "case.hpp"

namespace fuzz {

// A change of a case, and the member that the refusal names; "" where it may be another one.
struct Wrong {
  std::string member;
  std::function<void(Case&)> apply;
};

class Wrongs {
 public:
  explicit Wrongs(Case& op) : op_(op) {
    for (const Field& field : op.table.fields) {
      switch (field.kind) {
        case Kind::kTensor:
          of_tensor(field);
          break;
        case Kind::kInteger:
          of_integer(field);
          break;
        case Kind::kReal:
          of_real(field);
          break;
        case Kind::kText:
          of_text(field);
          break;
      }
    }
    of_relations();
  }

  const std::vector<Wrong>& all() const { return all_; }

 private:
  using Dims = std::array<int64_t, 4>;

  void add(const std::string& member, std::function<void(Case&)> apply) {
    all_.push_back({member, std::move(apply)});
  }

  void dims(const Field& field, const std::string& member, const Dims& dims) {
    add(member,
        [&field, dims](Case& op) { std::copy(dims.begin(), dims.end(), op.tensor(field).dims); });
  }

  void of_tensor(const Field& field) {
    const vae4j_tensor& tensor = op_.tensor(field);
    if (tensor.data == nullptr) return;
    if (!field.optional) {
      add(field.name, [&field](Case& op) { op.tensor(field).data = nullptr; });
    }
    for (int64_t type : hostile_integers()) {
      bool known = type >= VAE4J_FLOAT32 && type <= VAE4J_UINT8;
      if (type == tensor.type || (known && field.type == "any")) continue;
      add(field.name, [&field, type](Case& op) { op.tensor(field).type = type; });
    }
    Dims own;
    std::copy(tensor.dims, tensor.dims + 4, own.begin());
    size_t rank = static_cast<size_t>(std::find(own.begin(), own.end(), 0) - own.begin());
    for (int64_t size : hostile_integers()) {
      if (size >= 1 && size <= kMostSize) continue;
      for (size_t i = 0; i < rank; i++) {
        Dims changed = own;
        changed[i] = size;
        // The first dimensions alone may be a shape of the rule.
        if (size == 0 && i + 1 == rank && i > 0) continue;
        dims(field, field.name, changed);
      }
    }
    dims(field, field.name, {0, 0, 0, 0});
    dims(field, field.name, {kMostSize, kMostSize, kMostSize, kMostSize});
    dims(field, field.name, {kMostSize, int64_t{1} << 27, 0, 0});
    if (rank < 3) dims(field, field.name, {own[0], own[1], 0, 1});
    if (others_name_last_of(field)) {
      Dims changed = own;
      changed[rank - 1]++;
      dims(field, "", changed);
    }
    for (const Field& former : op_.table.fields) {
      if (&former == &field) break;
      if (former.kind == Kind::kTensor) overlap(field, former);
    }
  }

  // From the first element of the former operand, or to its last one.
  void overlap(const Field& field, const Field& former) {
    const vae4j_tensor& place = op_.tensor(former);
    if (place.data == nullptr || !(field.written || former.written)) return;
    int64_t elements = 1;
    for (int64_t dim : place.dims) elements *= std::max<int64_t>(dim, 1);
    if (field.over != former.own()) {
      add("", [&field, &former](Case& op) { op.tensor(field).data = op.tensor(former).data; });
    }
    if (elements == 1) return;
    add("", [&field, &former, offset = (elements - 1) * width_of(place)](Case& op) {
      op.tensor(field).data = static_cast<char*>(op.tensor(former).data) + offset;
    });
  }

  // Whether another operand has the last size of this one.
  bool others_name_last_of(const Field& field) {
    char size = field.shapes[0].back().back();
    if (field.shapes.size() > 1 || size < 'A' || size > 'Z') return false;
    for (const Field& other : op_.table.fields) {
      if (&other == &field || other.kind != Kind::kTensor) continue;
      if (op_.tensor(other).data == nullptr || other.shapes.size() > 1) continue;
      for (const std::string& dim : other.shapes[0]) {
        if (dim.back() == size) return true;
      }
    }
    return false;
  }

  void integer(const Field& field, int64_t value) {
    add(field.name, [&field, value](Case& op) { op.integer(field) = value; });
  }

  void of_integer(const Field& field) {
    for (int64_t value : hostile_integers()) {
      bool allowed = field.rule == "any";
      if (field.rule == "0 or 1") allowed = value == 0 || value == 1;
      if (field.rule == "0 or more") allowed = value >= 0;
      if (field.rule == "1 or more") allowed = value >= 1;
      if (field.rule == "1 to 255") allowed = value >= 1 && value <= 255;
      if (field.rule == "1 to 32768") allowed = value >= 1 && value <= 32768;
      if (field.rule == "0 to 32768") allowed = value >= 0 && value <= 32768;
      if (!allowed) integer(field, value);
    }
  }

  void of_real(const Field& field) {
    for (double value : hostile_doubles()) {
      bool allowed = std::isfinite(value);
      if (field.rule == "0 or more") allowed = allowed && value >= 0;
      if (field.rule == "above 0") allowed = allowed && value > 0;
      if (field.rule == "0 to 1") allowed = value >= 0 && value <= 1;
      if (field.rule == "0 or more and below 1") allowed = value >= 0 && value < 1;
      if (allowed) continue;
      add(field.name, [&field, value](Case& op) { op.real(field) = value; });
    }
  }

  void of_text(const Field& field) {
    add(field.name, [&field](Case& op) { op.text(field) = nullptr; });
    for (const std::string& text : {std::string(), std::string("%s%n%s"), std::string("Relu"),
                                    std::string(5000, 'x'), std::string(";;;; 1 1 ;")}) {
      add(op_.table.id == "likelihood" ? "" : field.name,
          [&field, text](Case& op) { op.text(field) = op.keep(text); });
    }
  }

  // Operands and settings that exclude each other.
  void of_relations() {
    const std::string& id = op_.table.id;
    constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
    if (id == "gather") {
      add("source", [](Case& op) { op.tensor("source").type = VAE4J_FLOAT64; });
      if (op_.size('B') > 1) {
        add("out", [](Case& op) { op.tensor("source").dims[0] = op.size('B') - 1; });
      }
      add("channels", [](Case& op) {
        op.integer("flip") = 1;
        op.integer("height")++;
      });
      for (int64_t shift : {op_.integer("height"), kMost}) {
        integer(*op_.find("shift"), shift);
      }
      for (const char* side : {"height", "width", "channels"}) {
        add("channels", [side](Case& op) {
          op.integer("flip") = 1;
          op.integer(side) = kMost;
        });
      }
    }
    if (id == "copy" || id == "add") {
      add("target", [](Case& op) { op.tensor("target").dims[0]++; });
    }
    if (id == "copy") {
      add("target",
          [](Case& op) { op.tensor("target").type = (op.tensor("source").type + 1) % 3; });
    }
    if (id == "copyColumns") {
      for (const char* side : {"source", "target"}) {
        const Field& first = *op_.find(std::string(side) + "_first");
        int64_t width = op_.size(side[0] == 's' ? 'S' : 'T');
        integer(first, width - op_.integer("columns") + 1);
        integer(first, kMost);
        add("columns", [width](Case& op) {
          op.integer("source_first") = op.integer("target_first") = 0;
          op.integer("columns") = width + 1;
        });
      }
      integer(*op_.find("columns"), kMost);
    }
    if (op_.find("row_offset") != nullptr) {
      for (int64_t offset : {kMost, kMostSize + 1, kMostSize, int64_t{1} << 62}) {
        integer(*op_.find("row_offset"), offset);
      }
    }
    if (op_.find("groups") != nullptr && op_.find("weight") != nullptr) {
      for (int64_t groups : {kMost, int64_t{1} << 32}) integer(*op_.find("groups"), groups);
    } else if (op_.find("groups") != nullptr) {
      for (int64_t groups : {op_.size('L') + 1, kMost, int64_t{1} << 32}) {
        integer(*op_.find("groups"), groups);
      }
    }
    if (op_.find("free_bits") != nullptr) of_latent_term();
    if (op_.find("preactivation") != nullptr) {
      bool needs = needs_preactivation(op_.text("activation"));
      add(op_.find("preactivation")->name,
          [needs](Case& op) { op.text("activation") = needs ? "relu" : "gelu"; });
    }
    if (op_.find("z0") != nullptr) {
      // Columns of parameters: the others agree, and are too few.
      bool planar = id.rfind("planar", 0) == 0;
      int64_t z = op_.size('Z');
      int64_t own = planar ? op_.size('T') * (2 * z + 1) : z * (z - 1) / 2;
      if (own > 1) {
        add(op_.find("parameters")->name, [own](Case& op) {
          for (const char* name : {"parameters", "d_parameters"}) {
            if (op.find(name) != nullptr) op.tensor(name).dims[1] = own - 1;
          }
        });
      }
    }
    if (id == "mixturePriorBackward") {
      add("d_logits", [](Case& op) {
        vae4j_tensor& given = op.tensor("d_logits");
        given = given.data == nullptr
                    ? vae4j_tensor{op.tensor("d_components").data, VAE4J_FLOAT32, {op.size('K')}}
                    : vae4j_tensor{};
      });
    }
    if (id == "likelihood") of_shared();
    of_images();
  }

  // One more pixel of an image, and of its gradient, than the sizes of the other image give.
  void larger_output(size_t dimension, const std::string& image = "y") {
    add(op_.find(image)->name, [dimension, image](Case& op) {
      for (const std::string& name : {image, "d" + image, std::string("preactivation")}) {
        bool has = op.find(name) != nullptr && (name != "preactivation" || image == "y");
        if (has && op.tensor(name).data != nullptr) op.tensor(name).dims[dimension]++;
      }
    });
  }

  void of_images() {
    const std::string& id = op_.table.id;
    if (id.rfind("groupNorm", 0) == 0) {
      add(op_.find("mean")->name, [](Case& op) {
        for (const char* name : {"mean", "variance"}) op.tensor(name).dims[1] = op.size('C') + 1;
      });
    }
    if (id.rfind("attention", 0) == 0) {
      add(op_.find("lse")->name, [](Case& op) { op.tensor("lse").dims[2] = op.size('C') + 1; });
    }
    if (id.rfind("conv", 0) == 0) {
      integer(*op_.find("kernel_height"), op_.size('K') + 1);
      integer(*op_.find("kernel_width"), op_.size('L') + 1);
      const char* small = id.rfind("convTranspose", 0) == 0 ? "x" : "y";
      larger_output(1, small);
      larger_output(2, small);
      add(op_.find("weight")->name, [](Case& op) {
        for (const char* name : {"weight", "d_weight"}) {
          if (op.find(name) != nullptr) op.tensor(name).dims[3]++;
        }
      });
    }
    if (id.rfind("pool", 0) == 0) {
      integer(*op_.find("kernel_height"), 32768);
      integer(*op_.find("kernel_width"), 32768);
      integer(*op_.find("padding_height"), 3);
      integer(*op_.find("padding_width"), 3);
      integer(*op_.find("dilation_height"), 2);
      integer(*op_.find("dilation_width"), 2);
      larger_output(1);
      larger_output(2);
    }
    if (id.rfind("upsample", 0) == 0) {
      if (op_.size('H') > 1) larger_output(1);
      if (op_.size('W') > 1) larger_output(2);
    }
    if (id == "pixelShuffle") {
      for (size_t i = 1; i < 4; i++) {
        add("y", [i](Case& op) { op.tensor("x").dims[i] += op.size("HWD"[i - 1]) + 1; });
      }
    }
  }

  void of_latent_term() {
    add("forward.kl_per_dimension", [](Case& op) {
      op.real("free_bits") = 0.5;
      op.tensor("kl_per_dimension").data = nullptr;
    });
    add("forward.kl_per_dimension", [](Case& op) {
      op.integer("capacity") = 1;
      op.tensor("kl_per_dimension").data = nullptr;
    });
    if (op_.tensor("kl_per_dimension").data == nullptr) return;
    add("estimator", [](Case& op) {
      op.real("free_bits") = 0.5;
      op.text("estimator") = "sampled";
    });
    add("free_bits", [](Case& op) {
      op.real("free_bits") = 0.5;
      op.integer("capacity") = 1;
      op.text("estimator") = "analytic";
    });
  }

  void of_shared() {
    bool shared = op_.tensor("shared").data != nullptr;
    add("shared", [shared](Case& op) {
      vae4j_tensor none{};
      op.tensor("shared") = shared ? none : vae4j_tensor{op.tensor("x").data, VAE4J_FLOAT32, {1}};
      op.tensor("d_shared") = {};
    });
    if (!shared) return;
    add("d_shared", [](Case& op) {
      vae4j_tensor& given = op.tensor("d_shared");
      given = given.data == nullptr ? op.tensor("shared") : vae4j_tensor{};
    });
  }

  Case& op_;
  std::vector<Wrong> all_;
};

}  // namespace fuzz

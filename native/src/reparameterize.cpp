// SPDX-License-Identifier: Apache-2.0
// Sampling from the posterior, its KL, and their gradient.
#include <climits>
#include <cstring>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Rows of one chunk: the KL per dimension is summed within chunks, then over chunks.
constexpr int kRows = 32;

// The cost of a draw, in simple elements.
constexpr int64_t kDrawWork = 8;

Draw draw_of(const vae4j_reparameterize_op& op) {
  return Draw::at(op.seed, static_cast<int>(op.stream),
                  integer(doubles(op.control)[VAE4J_CONTROL_STEP]));
}

uint32_t first_row_of(const vae4j_reparameterize_op& op, const Sizes& sizes) {
  return static_cast<uint32_t>(op.row_offset) * static_cast<uint32_t>(sizes['L']);
}

// The numbers of the noise's rows have 31 bits.
void require_rows(const char* op, const char* argument, int64_t row_offset, const Sizes& sizes) {
  if (row_offset > INT_MAX || (row_offset + sizes['B']) * sizes['L'] > INT_MAX) {
    throw wrong(op, argument, "(row_offset + B) L below 2^31", std::to_string(row_offset));
  }
}

class Reparameterize final : public OpOf<vae4j_reparameterize_op> {
 public:
  Reparameterize(Context& context, const vae4j_reparameterize_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes), chunks_(chunks_of(sizes['B'], kRows)) {
    if (op.kl_per_dimension.data != nullptr) sums_ = allocate_array<float>(chunks_ * sizes['Z']);
  }

  void run() override {
    int batch = sizes['B'];
    int latent = sizes['Z'];
    ReparameterizeArgs args = {floats(op.stats),        floats(op.z), floats(op.kl),
                               floats(op.log_ratio),    sizes['L'],   latent,
                               first_row_of(op, sizes), draw_of(op)};
    int64_t work = work_of({kDrawWork, batch, sizes['L'], latent});
    for_chunks(context.threads, chunks_, work, [&](int64_t chunk) {
      int begin = static_cast<int>(chunk) * kRows;
      int end = batch - begin < kRows ? batch : begin + kRows;
      float* sums = sums_ == nullptr ? nullptr : sums_.get() + chunk * latent;
      context.kernels.reparameterize(args, begin, end, sums);
    });
    if (sums_ == nullptr) return;
    for (int j = 0; j < latent; j++) {
      double sum = 0;
      for (int64_t chunk = 0; chunk < chunks_; chunk++) sum += sums_[chunk * latent + j];
      floats(op.kl_per_dimension)[j] = static_cast<float>(sum / batch);
    }
  }

 private:
  const int64_t chunks_;
  Owned<float> sums_;
};

Estimator estimator_of(const char* name) {
  if (std::strcmp(name, "analytic") == 0) return Estimator::kAnalytic;
  if (std::strcmp(name, "sampled") == 0) return Estimator::kSampled;
  if (std::strcmp(name, "doubly_reparameterized") == 0) return Estimator::kDoublyReparameterized;
  throw wrong("reparameterizeBackward", "estimator", "analytic, sampled or doubly_reparameterized",
              name);
}

class ReparameterizeBackward final : public OpOf<vae4j_reparameterize_backward_op> {
 public:
  ReparameterizeBackward(Context& context, const vae4j_reparameterize_backward_op& op,
                         const Sizes& sizes)
      : OpOf(context, op, sizes), estimator_(estimator_of(op.estimator)) {}

  void run() override {
    int batch = sizes['B'];
    double beta = doubles(op.forward.control)[VAE4J_CONTROL_BETA];
    ReparameterizeBackwardArgs args = {
        floats(op.forward.stats),
        floats(op.dz),
        op.free_bits > 0 ? floats(op.forward.kl_per_dimension) : nullptr,
        floats(op.weight),
        floats(op.d_stats),
        sizes['L'],
        static_cast<int>(op.groups),
        sizes['Z'],
        first_row_of(op.forward, sizes),
        draw_of(op.forward),
        static_cast<float>(op.kl_scale * beta * capacity_sign()),
        static_cast<float>(op.free_bits),
        estimator_};
    int64_t work = work_of({kDrawWork, batch, sizes['L'], sizes['Z']});
    for_ranges(context.threads, batch, kRows, work, [&](int64_t begin, int64_t end) {
      context.kernels.reparameterize_backward(args, static_cast<int>(begin), static_cast<int>(end));
    });
  }

 private:
  // The slope of |kl - capacity|; 1 without a capacity.
  double capacity_sign() const {
    if (!op.capacity) return 1;
    double excess = -doubles(op.forward.control)[VAE4J_CONTROL_CAPACITY];
    for (int j = 0; j < sizes['Z']; j++) excess += floats(op.forward.kl_per_dimension)[j];
    return excess > 0 ? 1 : excess < 0 ? -1 : 0;
  }

  const Estimator estimator_;
};

void check_latent_term(const vae4j_reparameterize_backward_op& op) {
  const char* name = "reparameterizeBackward";
  bool bits = op.free_bits > 0;
  if (!bits && !op.capacity) return;
  if (op.forward.kl_per_dimension.data == nullptr) {
    throw wrong(
        name, "forward.kl_per_dimension",
        std::string("a tensor, which ") + (bits ? "free_bits above 0 need" : "a capacity needs"),
        "NULL");
  }
  if (estimator_of(op.estimator) != Estimator::kAnalytic) {
    throw wrong(name, "estimator", "analytic, which free_bits and a capacity need", op.estimator);
  }
  if (bits && op.capacity) throw wrong(name, "free_bits", "0 with a capacity", text(op.free_bits));
}

}  // namespace

Planned plan_reparameterize(Context& context, const vae4j_reparameterize_op& op,
                            const Sizes& sizes) {
  require_rows("reparameterize", "row_offset", op.row_offset, sizes);
  return std::make_unique<Reparameterize>(context, op, sizes);
}

Planned plan_reparameterize_backward(Context& context, const vae4j_reparameterize_backward_op& op,
                                     const Sizes& sizes) {
  require_rows("reparameterizeBackward", "forward.row_offset", op.forward.row_offset, sizes);
  require_groups("reparameterizeBackward", op.groups, sizes);
  check_latent_term(op);
  return std::make_unique<ReparameterizeBackward>(context, op, sizes);
}

}  // namespace vae4j

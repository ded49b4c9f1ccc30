// Sampling from the posterior, its KL, and their gradient.
#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Rows of one chunk: the KL per dimension is summed within chunks, then over chunks.
constexpr int kRows = 32;

// A draw costs about this many simple elements.
constexpr int64_t kDrawWork = 8;

Draw draw_of(int64_t seed, int stream, const double* control) {
  return Draw::at(seed, stream, static_cast<int64_t>(control[VAE4J_CONTROL_STEP]));
}

class Reparameterize final : public Op {
 public:
  Reparameterize(Context& context, const ReparameterizePlan& plan)
      : Op(context), plan_(plan), chunks_(chunks_of(plan.batch, kRows)) {
    if (plan.kl_per_dimension != nullptr) sums_ = allocate_array<float>(chunks_ * plan.latent);
  }

  void run() override {
    ReparameterizeArgs args = {
        plan_.stats,     plan_.z,
        plan_.kl,        plan_.log_ratio,
        plan_.samples,   plan_.latent,
        static_cast<uint32_t>(plan_.row_offset) * static_cast<uint32_t>(plan_.samples),
        draw_of(plan_.seed, plan_.stream, plan_.control)};
    int64_t work = kDrawWork * plan_.batch * plan_.samples * plan_.latent;
    for_chunks(context.threads, chunks_, work, [&](int64_t chunk) {
      int begin = static_cast<int>(chunk) * kRows;
      int end = plan_.batch - begin < kRows ? plan_.batch : begin + kRows;
      float* sums = sums_ == nullptr ? nullptr : sums_.get() + chunk * plan_.latent;
      context.kernels.reparameterize(args, begin, end, sums);
    });
    if (sums_ == nullptr) return;
    for (int j = 0; j < plan_.latent; j++) {
      double sum = 0;
      for (int64_t chunk = 0; chunk < chunks_; chunk++) sum += sums_[chunk * plan_.latent + j];
      plan_.kl_per_dimension[j] = static_cast<float>(sum / plan_.batch);
    }
  }

 private:
  const ReparameterizePlan plan_;
  const int64_t chunks_;
  Owned<float> sums_;
};

class ReparameterizeBackward final : public Op {
 public:
  ReparameterizeBackward(Context& context, const ReparameterizeBackwardPlan& plan)
      : Op(context), plan_(plan) {}

  void run() override {
    double beta = plan_.control[VAE4J_CONTROL_BETA];
    ReparameterizeBackwardArgs args = {
        plan_.stats,
        plan_.dz,
        plan_.free_bits > 0 ? plan_.kl_per_dimension : nullptr,
        plan_.weight,
        plan_.dstats,
        plan_.samples,
        plan_.groups,
        plan_.latent,
        static_cast<uint32_t>(plan_.row_offset) * static_cast<uint32_t>(plan_.samples),
        draw_of(plan_.seed, plan_.stream, plan_.control),
        static_cast<float>(plan_.kl_scale * beta * capacity_sign()),
        plan_.free_bits,
        plan_.estimator};
    int64_t work = kDrawWork * plan_.batch * plan_.samples * plan_.latent;
    for_chunks(context.threads, chunks_of(plan_.batch, kRows), work, [&](int64_t chunk) {
      int begin = static_cast<int>(chunk) * kRows;
      int end = plan_.batch - begin < kRows ? plan_.batch : begin + kRows;
      context.kernels.reparameterize_backward(args, begin, end);
    });
  }

 private:
  // The slope of |kl - capacity|; 1 where the KL itself is the penalty.
  double capacity_sign() const {
    if (!plan_.capacity) return 1;
    double excess = -plan_.control[VAE4J_CONTROL_CAPACITY];
    for (int j = 0; j < plan_.latent; j++) excess += plan_.kl_per_dimension[j];
    return excess > 0 ? 1 : excess < 0 ? -1 : 0;
  }

  const ReparameterizeBackwardPlan plan_;
};

}  // namespace

Planned plan_reparameterize(Context& context, const ReparameterizePlan& plan) {
  return std::make_unique<Reparameterize>(context, plan);
}

Planned plan_reparameterize_backward(Context& context, const ReparameterizeBackwardPlan& plan) {
  return std::make_unique<ReparameterizeBackward>(context, plan);
}

}  // namespace vae4j

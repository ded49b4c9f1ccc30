// SPDX-License-Identifier: Apache-2.0
// Priors other than the standard normal, and the sampled KL.
#include <cmath>
#include <limits>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Rows of one chunk of work.
constexpr int64_t kRows = 32;

// The cost of an exponential, in simple elements.
constexpr int64_t kExpWork = 8;

class SampledKl final : public OpOf<vae4j_sampled_kl_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    const float* log_ratio = floats(op.log_ratio);
    int64_t samples = sizes['L'];
    for_ranges(context.threads, sizes['B'], kRows, work_of({sizes['B'], samples}),
               [&](int64_t begin, int64_t end) {
                 for (int64_t b = begin; b < end; b++) {
                   double sum = 0;
                   for (int64_t l = 0; l < samples; l++) sum += log_ratio[b * samples + l];
                   floats(op.kl)[b] = static_cast<float>(-sum / sizes['L']);
                 }
               });
  }
};

// The values of the mixture that both passes need and that do not depend on z.
class MixtureParts {
 public:
  MixtureParts(const vae4j_mixture_prior_op& op, const Sizes& sizes)
      : logits_(floats(op.logits)),
        precisions_(allocate_array<float>(static_cast<int64_t>(sizes['K']) * sizes['Z'])),
        offsets_(allocate_array<float>(sizes['K'])),
        mixture_{floats(op.components), precisions_.get(), offsets_.get(), sizes['K'], sizes['Z']} {
  }

  const Mixture& prepare(const Kernels& kernels) {
    double total = log_total();
    for (int k = 0; k < mixture_.count; k++) {
      offsets_[k] = static_cast<float>(logit(k) - total);
    }
    kernels.prepare_mixture(mixture_);
    return mixture_;
  }

  double logit(int k) const { return logits_ == nullptr ? 0 : logits_[k]; }

  double log_total() const {
    double most = -std::numeric_limits<double>::infinity();
    for (int k = 0; k < mixture_.count; k++) most = logit(k) > most ? logit(k) : most;
    double sum = 0;
    for (int k = 0; k < mixture_.count; k++) sum += std::exp(logit(k) - most);
    return most + std::log(sum);
  }

 private:
  const float* const logits_;
  const Owned<float> precisions_;
  const Owned<float> offsets_;
  const Mixture mixture_;
};

int64_t mixture_work(const Sizes& sizes) { return work_of({sizes['R'], sizes['K'], sizes['Z']}); }

class MixturePrior final : public OpOf<vae4j_mixture_prior_op> {
 public:
  MixturePrior(Context& context, const vae4j_mixture_prior_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes), parts_(op, sizes) {}

  void run() override {
    MixtureArgs args = {parts_.prepare(context.kernels), floats(op.z), floats(op.responsibilities),
                        floats(op.log_ratio)};
    for_ranges(
        context.threads, sizes['R'], kRows, mixture_work(sizes),
        [&](int64_t begin, int64_t end) { context.kernels.mixture_prior(args, begin, end); });
  }

 private:
  MixtureParts parts_;
};

class MixturePriorBackward final : public OpOf<vae4j_mixture_prior_backward_op> {
 public:
  MixturePriorBackward(Context& context, const vae4j_mixture_prior_backward_op& op,
                       const Sizes& sizes)
      : OpOf(context, op, sizes), parts_(op.forward, sizes) {}

  void run() override {
    float scale = static_cast<float>(op.scale * doubles(op.control)[VAE4J_CONTROL_BETA]);
    MixtureBackwardArgs args = {parts_.prepare(context.kernels),
                                floats(op.forward.z),
                                floats(op.forward.responsibilities),
                                floats(op.weight),
                                floats(op.dz),
                                floats(op.d_components),
                                sizes['R'],
                                scale};
    int64_t work = mixture_work(sizes);
    for_ranges(context.threads, sizes['R'], kRows, work, [&](int64_t begin, int64_t end) {
      context.kernels.mixture_prior_dz(args, begin, end);
    });
    for_chunks(context.threads, sizes['K'], work, [&](int64_t k) {
      context.kernels.mixture_prior_dcomponent(args, static_cast<int>(k));
    });
    if (op.d_logits.data != nullptr) set_d_logits(args);
  }

 private:
  void set_d_logits(const MixtureBackwardArgs& args) {
    double total = parts_.log_total();
    for (int k = 0; k < sizes['K']; k++) {
      double share = std::exp(parts_.logit(k) - total);
      double sum = 0;
      for (int64_t r = 0; r < args.rows; r++) {
        double g = args.weight == nullptr ? args.scale : args.scale * args.weight[r];
        sum -= g * (args.responsibilities[r * sizes['K'] + k] - share);
      }
      floats(op.d_logits)[k] = static_cast<float>(sum);
    }
  }

  MixtureParts parts_;
};

class GaussianPrior final : public OpOf<vae4j_gaussian_prior_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    GaussianPriorArgs args = {floats(op.z), floats(op.components), floats(op.log_ratio),
                              sizes['Z']};
    int64_t work = work_of({kExpWork, sizes['R'], sizes['Z']});
    for_ranges(context.threads, sizes['R'], kRows, work, [&](int64_t begin, int64_t end) {
      context.kernels.gaussian_prior(args, begin, end);
    });
  }
};

class GaussianPriorBackward final : public OpOf<vae4j_gaussian_prior_backward_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    GaussianPriorBackwardArgs args = {
        floats(op.forward.z),
        floats(op.forward.components),
        floats(op.weight),
        floats(op.dz),
        floats(op.d_components),
        sizes['Z'],
        static_cast<float>(op.scale * doubles(op.control)[VAE4J_CONTROL_BETA])};
    int64_t work = work_of({kExpWork, sizes['R'], sizes['Z']});
    for_ranges(context.threads, sizes['R'], kRows, work, [&](int64_t begin, int64_t end) {
      context.kernels.gaussian_prior_backward(args, begin, end);
    });
  }
};

}  // namespace

Planned plan_sampled_kl(Context& context, const vae4j_sampled_kl_op& op, const Sizes& sizes) {
  return std::make_unique<SampledKl>(context, op, sizes);
}

Planned plan_mixture_prior(Context& context, const vae4j_mixture_prior_op& op, const Sizes& sizes) {
  return std::make_unique<MixturePrior>(context, op, sizes);
}

Planned plan_mixture_prior_backward(Context& context, const vae4j_mixture_prior_backward_op& op,
                                    const Sizes& sizes) {
  bool logits = op.forward.logits.data != nullptr;
  if (logits != (op.d_logits.data != nullptr)) {
    throw wrong("mixturePriorBackward", "d_logits",
                logits ? "a tensor, as forward.logits are one" : "NULL, as forward.logits are",
                text(op.d_logits));
  }
  return std::make_unique<MixturePriorBackward>(context, op, sizes);
}

Planned plan_gaussian_prior(Context& context, const vae4j_gaussian_prior_op& op,
                            const Sizes& sizes) {
  return std::make_unique<GaussianPrior>(context, op, sizes);
}

Planned plan_gaussian_prior_backward(Context& context, const vae4j_gaussian_prior_backward_op& op,
                                     const Sizes& sizes) {
  return std::make_unique<GaussianPriorBackward>(context, op, sizes);
}

}  // namespace vae4j

// Priors other than the standard normal, and the KL where it is sampled.
#include <cmath>
#include <limits>

#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Rows of one chunk of work.
constexpr int64_t kRows = 32;

// An exponential costs about this many simple elements.
constexpr int64_t kExpWork = 8;

template <class Body>
void for_rows(const Context& context, int64_t rows, int64_t work, const Body& body) {
  for_chunks(context.threads, chunks_of(rows, kRows), work, [&](int64_t chunk) {
    int64_t begin = chunk * kRows;
    body(begin, rows - begin < kRows ? rows : begin + kRows);
  });
}

class SampledKl final : public Op {
 public:
  SampledKl(Context& context, const SampledKlPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    int64_t work = static_cast<int64_t>(plan_.batch) * plan_.samples;
    for_rows(context, plan_.batch, work, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        double sum = 0;
        for (int64_t l = 0; l < plan_.samples; l++) sum += plan_.log_ratio[b * plan_.samples + l];
        plan_.kl[b] = static_cast<float>(-sum / plan_.samples);
      }
    });
  }

 private:
  const SampledKlPlan plan_;
};

// What both passes compute of the mixture before they look at z.
class MixtureParts {
 public:
  MixtureParts(const float* components, const float* logits, int latent, int count)
      : logits_(logits),
        precisions_(allocate_array<float>(static_cast<int64_t>(count) * latent)),
        offsets_(allocate_array<float>(count)),
        mixture_{components, precisions_.get(), offsets_.get(), count, latent} {}

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

class MixturePrior final : public Op {
 public:
  MixturePrior(Context& context, const MixturePriorPlan& plan)
      : Op(context),
        plan_(plan),
        parts_(plan.components, plan.logits, plan.latent, plan.component_count) {}

  void run() override {
    MixtureArgs args = {parts_.prepare(context.kernels), plan_.z, plan_.responsibilities,
                        plan_.log_ratio};
    int64_t work = static_cast<int64_t>(plan_.rows) * plan_.component_count * plan_.latent;
    for_rows(context, plan_.rows, work, [&](int64_t begin, int64_t end) {
      context.kernels.mixture_prior(args, begin, end);
    });
  }

 private:
  const MixturePriorPlan plan_;
  MixtureParts parts_;
};

class MixturePriorBackward final : public Op {
 public:
  MixturePriorBackward(Context& context, const MixturePriorBackwardPlan& plan)
      : Op(context),
        plan_(plan),
        parts_(plan.components, plan.logits, plan.latent, plan.component_count) {}

  void run() override {
    float scale = static_cast<float>(plan_.scale * plan_.control[VAE4J_CONTROL_BETA]);
    MixtureBackwardArgs args = {parts_.prepare(context.kernels),
                                plan_.z,
                                plan_.responsibilities,
                                plan_.weight,
                                plan_.dz,
                                plan_.dcomponents,
                                plan_.rows,
                                scale};
    int64_t work = static_cast<int64_t>(plan_.rows) * plan_.component_count * plan_.latent;
    for_rows(context, plan_.rows, work, [&](int64_t begin, int64_t end) {
      context.kernels.mixture_prior_dz(args, begin, end);
    });
    for_chunks(context.threads, plan_.component_count, work, [&](int64_t k) {
      context.kernels.mixture_prior_dcomponent(args, static_cast<int>(k));
    });
    if (plan_.dlogits != nullptr) set_dlogits(scale);
  }

 private:
  void set_dlogits(float scale) {
    double total = parts_.log_total();
    for (int k = 0; k < plan_.component_count; k++) {
      double share = std::exp(parts_.logit(k) - total);
      double sum = 0;
      for (int64_t r = 0; r < plan_.rows; r++) {
        double g = plan_.weight == nullptr ? scale : scale * plan_.weight[r];
        sum -= g * (plan_.responsibilities[r * plan_.component_count + k] - share);
      }
      plan_.dlogits[k] = static_cast<float>(sum);
    }
  }

  const MixturePriorBackwardPlan plan_;
  MixtureParts parts_;
};

class GaussianPrior final : public Op {
 public:
  GaussianPrior(Context& context, const GaussianPriorPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    GaussianPriorArgs args = {plan_.z, plan_.components, plan_.log_ratio, plan_.latent};
    int64_t work = kExpWork * plan_.rows * plan_.latent;
    for_rows(context, plan_.rows, work, [&](int64_t begin, int64_t end) {
      context.kernels.gaussian_prior(args, begin, end);
    });
  }

 private:
  const GaussianPriorPlan plan_;
};

class GaussianPriorBackward final : public Op {
 public:
  GaussianPriorBackward(Context& context, const GaussianPriorBackwardPlan& plan)
      : Op(context), plan_(plan) {}

  void run() override {
    GaussianPriorBackwardArgs args = {
        plan_.z,           plan_.components, plan_.weight, plan_.dz,
        plan_.dcomponents, plan_.latent,
        static_cast<float>(plan_.scale * plan_.control[VAE4J_CONTROL_BETA])};
    int64_t work = kExpWork * plan_.rows * plan_.latent;
    for_rows(context, plan_.rows, work, [&](int64_t begin, int64_t end) {
      context.kernels.gaussian_prior_backward(args, begin, end);
    });
  }

 private:
  const GaussianPriorBackwardPlan plan_;
};

}  // namespace

Planned plan_sampled_kl(Context& context, const SampledKlPlan& plan) {
  return std::make_unique<SampledKl>(context, plan);
}

Planned plan_mixture_prior(Context& context, const MixturePriorPlan& plan) {
  return std::make_unique<MixturePrior>(context, plan);
}

Planned plan_mixture_prior_backward(Context& context, const MixturePriorBackwardPlan& plan) {
  return std::make_unique<MixturePriorBackward>(context, plan);
}

Planned plan_gaussian_prior(Context& context, const GaussianPriorPlan& plan) {
  return std::make_unique<GaussianPrior>(context, plan);
}

Planned plan_gaussian_prior_backward(Context& context, const GaussianPriorBackwardPlan& plan) {
  return std::make_unique<GaussianPriorBackward>(context, plan);
}

}  // namespace vae4j

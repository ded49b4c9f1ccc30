// Posteriors made of a diagonal Gaussian by planar maps or a triangular one, and their gradients.
#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// Elements of simple work that one parameter of a map costs.
constexpr int64_t kParameterWork = 4;

int own_columns(int latent, int layers) { return layers * (2 * latent + 1); }

class PlanarFlow final : public Op {
 public:
  PlanarFlow(Context& context, const PlanarFlowPlan& plan)
      : Op(context),
        plan_(plan),
        work_(kParameterWork * plan.batch * plan.samples *
              own_columns(plan.latent, plan.layers)) {}

  void run() override {
    int own = own_columns(plan_.latent, plan_.layers);
    PlanarArgs args = {plan_.parameters + (plan_.width - own),
                       plan_.z0,
                       plan_.z,
                       plan_.tanh,
                       plan_.log_ratio,
                       plan_.samples,
                       plan_.latent,
                       plan_.layers,
                       plan_.width};
    for_chunks(context.threads, plan_.batch, work_, [&](int64_t row) {
      context.kernels.planar_flow(args, row, row + 1);
    });
  }

 private:
  const PlanarFlowPlan plan_;
  const int64_t work_;
};

class PlanarFlowBackward final : public Op {
 public:
  PlanarFlowBackward(Context& context, const PlanarFlowBackwardPlan& plan)
      : Op(context),
        plan_(plan),
        work_(2 * kParameterWork * plan.batch * plan.samples *
              own_columns(plan.latent, plan.layers)),
        y_(allocate_array<float>(static_cast<int64_t>(plan.batch) * plan.latent)) {}

  void run() override {
    int skipped = plan_.width - own_columns(plan_.latent, plan_.layers);
    PlanarBackwardArgs args = {
        plan_.parameters + skipped,
        plan_.z,
        plan_.tanh,
        plan_.weight,
        plan_.dz,
        plan_.dparameters + skipped,
        y_.get(),
        plan_.samples,
        plan_.latent,
        plan_.layers,
        plan_.width,
        static_cast<float>(plan_.scale * plan_.control[VAE4J_CONTROL_BETA])};
    for_chunks(context.threads, plan_.batch, work_, [&](int64_t row) {
      context.kernels.planar_flow_backward(args, row, row + 1);
    });
  }

 private:
  const PlanarFlowBackwardPlan plan_;
  const int64_t work_;
  const Owned<float> y_;
};

int entries(int latent) { return latent * (latent - 1) / 2; }

class TriangularMap final : public Op {
 public:
  TriangularMap(Context& context, const TriangularMapPlan& plan) : Op(context), plan_(plan) {}

  void run() override {
    TriangularArgs args = {plan_.parameters + (plan_.width - entries(plan_.latent)),
                           plan_.z0,
                           plan_.z,
                           plan_.log_ratio,
                           plan_.samples,
                           plan_.latent,
                           plan_.width};
    int64_t work = static_cast<int64_t>(plan_.batch) * plan_.samples * plan_.latent * plan_.latent;
    for_chunks(context.threads, plan_.batch, work, [&](int64_t row) {
      context.kernels.triangular_map(args, row, row + 1);
    });
  }

 private:
  const TriangularMapPlan plan_;
};

class TriangularMapBackward final : public Op {
 public:
  TriangularMapBackward(Context& context, const TriangularMapBackwardPlan& plan)
      : Op(context), plan_(plan) {}

  void run() override {
    int skipped = plan_.width - entries(plan_.latent);
    TriangularBackwardArgs args = {
        plan_.parameters + skipped,
        plan_.z0,
        plan_.z,
        plan_.weight,
        plan_.dz,
        plan_.dparameters + skipped,
        plan_.samples,
        plan_.latent,
        plan_.width,
        static_cast<float>(plan_.scale * plan_.control[VAE4J_CONTROL_BETA])};
    int64_t work = static_cast<int64_t>(plan_.batch) * plan_.samples * plan_.latent * plan_.latent;
    for_chunks(context.threads, plan_.batch, work, [&](int64_t row) {
      context.kernels.triangular_map_backward(args, row, row + 1);
    });
  }

 private:
  const TriangularMapBackwardPlan plan_;
};

}  // namespace

Planned plan_planar_flow(Context& context, const PlanarFlowPlan& plan) {
  return std::make_unique<PlanarFlow>(context, plan);
}

Planned plan_planar_flow_backward(Context& context, const PlanarFlowBackwardPlan& plan) {
  return std::make_unique<PlanarFlowBackward>(context, plan);
}

Planned plan_triangular_map(Context& context, const TriangularMapPlan& plan) {
  return std::make_unique<TriangularMap>(context, plan);
}

Planned plan_triangular_map_backward(Context& context, const TriangularMapBackwardPlan& plan) {
  return std::make_unique<TriangularMapBackward>(context, plan);
}

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// Posteriors made of a diagonal Gaussian by planar maps or a triangular one, and their gradients.
#include "ops.hpp"
#include "parallel.hpp"

namespace vae4j {
namespace {

// The cost of a parameter of a map, in elements of simple work.
constexpr int64_t kParameterWork = 4;

int64_t planar_columns(const Sizes& sizes) {
  return sizes['T'] * (2 * static_cast<int64_t>(sizes['Z']) + 1);
}

int64_t triangular_columns(const Sizes& sizes) {
  return static_cast<int64_t>(sizes['Z']) * (sizes['Z'] - 1) / 2;
}

// The parameters of a row's maps are its last columns.
void require_columns(const char* op, const char* argument, int64_t own,
                     const vae4j_tensor& parameters) {
  if (parameters.dims[1] < own) {
    throw wrong(op, argument, std::to_string(own) + " columns or more", text(parameters));
  }
}

int64_t rows_of(const Sizes& sizes) { return static_cast<int64_t>(sizes['B']) * sizes['L']; }

class PlanarFlow final : public OpOf<vae4j_planar_flow_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    int64_t own = planar_columns(sizes);
    PlanarArgs args = {floats(op.parameters) + (sizes['W'] - own),
                       floats(op.z0),
                       floats(op.z),
                       floats(op.tanh),
                       floats(op.log_ratio),
                       sizes['L'],
                       sizes['Z'],
                       sizes['T'],
                       sizes['W']};
    int64_t work = work_of({kParameterWork, rows_of(sizes), own});
    for_chunks(context.threads, sizes['B'], work,
               [&](int64_t row) { context.kernels.planar_flow(args, row, row + 1); });
  }
};

class PlanarFlowBackward final : public OpOf<vae4j_planar_flow_backward_op> {
 public:
  PlanarFlowBackward(Context& context, const vae4j_planar_flow_backward_op& op, const Sizes& sizes)
      : OpOf(context, op, sizes),
        y_(allocate_array<float>(static_cast<int64_t>(sizes['B']) * sizes['Z'])) {}

  void run() override {
    int64_t own = planar_columns(sizes);
    int64_t skipped = sizes['W'] - own;
    PlanarBackwardArgs args = {
        floats(op.forward.parameters) + skipped,
        floats(op.forward.z),
        floats(op.forward.tanh),
        floats(op.weight),
        floats(op.dz),
        floats(op.d_parameters) + skipped,
        y_.get(),
        sizes['L'],
        sizes['Z'],
        sizes['T'],
        sizes['W'],
        static_cast<float>(op.scale * doubles(op.control)[VAE4J_CONTROL_BETA])};
    int64_t work = work_of({2 * kParameterWork, rows_of(sizes), own});
    for_chunks(context.threads, sizes['B'], work,
               [&](int64_t row) { context.kernels.planar_flow_backward(args, row, row + 1); });
  }

 private:
  const Owned<float> y_;
};

class TriangularMap final : public OpOf<vae4j_triangular_map_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    TriangularArgs args = {floats(op.parameters) + (sizes['W'] - triangular_columns(sizes)),
                           floats(op.z0),
                           floats(op.z),
                           floats(op.log_ratio),
                           sizes['L'],
                           sizes['Z'],
                           sizes['W']};
    int64_t work = work_of({rows_of(sizes), sizes['Z'], sizes['Z']});
    for_chunks(context.threads, sizes['B'], work,
               [&](int64_t row) { context.kernels.triangular_map(args, row, row + 1); });
  }
};

class TriangularMapBackward final : public OpOf<vae4j_triangular_map_backward_op> {
 public:
  using OpOf::OpOf;

  void run() override {
    int64_t skipped = sizes['W'] - triangular_columns(sizes);
    TriangularBackwardArgs args = {
        floats(op.forward.parameters) + skipped,
        floats(op.forward.z0),
        floats(op.forward.z),
        floats(op.weight),
        floats(op.dz),
        floats(op.d_parameters) + skipped,
        sizes['L'],
        sizes['Z'],
        sizes['W'],
        static_cast<float>(op.scale * doubles(op.control)[VAE4J_CONTROL_BETA])};
    int64_t work = work_of({rows_of(sizes), sizes['Z'], sizes['Z']});
    for_chunks(context.threads, sizes['B'], work,
               [&](int64_t row) { context.kernels.triangular_map_backward(args, row, row + 1); });
  }
};

}  // namespace

Planned plan_planar_flow(Context& context, const vae4j_planar_flow_op& op, const Sizes& sizes) {
  require_columns("planarFlow", "parameters", planar_columns(sizes), op.parameters);
  return std::make_unique<PlanarFlow>(context, op, sizes);
}

Planned plan_planar_flow_backward(Context& context, const vae4j_planar_flow_backward_op& op,
                                  const Sizes& sizes) {
  require_columns("planarFlowBackward", "forward.parameters", planar_columns(sizes),
                  op.forward.parameters);
  return std::make_unique<PlanarFlowBackward>(context, op, sizes);
}

Planned plan_triangular_map(Context& context, const vae4j_triangular_map_op& op,
                            const Sizes& sizes) {
  require_columns("triangularMap", "parameters", triangular_columns(sizes), op.parameters);
  return std::make_unique<TriangularMap>(context, op, sizes);
}

Planned plan_triangular_map_backward(Context& context, const vae4j_triangular_map_backward_op& op,
                                     const Sizes& sizes) {
  require_columns("triangularMapBackward", "forward.parameters", triangular_columns(sizes),
                  op.forward.parameters);
  return std::make_unique<TriangularMapBackward>(context, op, sizes);
}

}  // namespace vae4j

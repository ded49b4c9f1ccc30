// SPDX-License-Identifier: Apache-2.0
// From codes to observations.
#include <cmath>
#include <vector>

#include "model/draws.hpp"
#include "model/uses.hpp"

namespace vae4j::model {
namespace {

// Calls body(row, parameters) for each code; the parameters end with the shared ones.
template <class Body>
void for_outputs(const vae4j_model& model, const CodeRows& codes, const Body& body) {
  Sessions::Lease session(model.sessions);
  for_passes(codes.rows, model.rows_decoded, [&](int64_t first, int64_t count) {
    Plan& plan = session->plan("decode", {pass_size(count, model.rows_decoded), 1, 0}, false);
    stage(&plan, "z", codes.z + first * model.latent, count, model.latent);
    if (codes.condition != nullptr) {
      stage(&plan, "condition", codes.condition + first * model.conditions, count,
            model.conditions);
    }
    plan.run("decode");
    const float* output = plan.floats("output", model.outputs);
    for (int64_t row = 0; row < count; row++) body(first + row, output + row * model.outputs);
  });
}

// Calls fill(row, parameters, x) for each code, and copies x.
template <class Fill>
void observe(const vae4j_model& model, const CodeRows& codes, float* to, const Fill& fill) {
  std::vector<double> parameters(static_cast<size_t>(model.outputs + model.shared));
  std::vector<double> x(static_cast<size_t>(model.features));
  std::copy_n(model.parameter("observation.shared").values, model.shared,
              parameters.data() + model.outputs);
  for_outputs(model, codes, [&](int64_t row, const float* output) {
    std::copy_n(output, model.outputs, parameters.data());
    fill(row, parameters.data(), x.data());
    for (int64_t d = 0; d < model.features; d++) {
      if (!std::isfinite(x[static_cast<size_t>(d)])) {
        throw Error(VAE4J_INVALID_ARGUMENT,
                    "decode: row " + std::to_string(row) + ", column " + std::to_string(d) +
                        " is not finite: its code is too far from those of the training data");
      }
      to[row * model.features + d] = static_cast<float>(x[static_cast<size_t>(d)]);
    }
  });
}

}  // namespace

void decode_parameters(const vae4j_model& model, const CodeRows& codes, float* parameters) {
  int64_t width = model.outputs + model.shared;
  const float* shared = model.parameter("observation.shared").values;
  for_outputs(model, codes, [&](int64_t row, const float* output) {
    std::copy_n(output, model.outputs, parameters + row * width);
    std::copy_n(shared, model.shared, parameters + row * width + model.outputs);
  });
}

void decode_mean(const vae4j_model& model, const CodeRows& codes, float* x) {
  observe(model, codes, x, [&](int64_t, const double* parameters, double* mean) {
    model.observation.mean(parameters, static_cast<int>(model.features), mean);
  });
}

void decode_draw(const vae4j_model& model, const CodeRows& codes, int64_t seed, float* x) {
  observe(model, codes, x, [&](int64_t row, const double* parameters, double* sample) {
    Draws draws(static_cast<uint64_t>(seed), Stream::kObservation, static_cast<uint32_t>(row));
    model.observation.sample(parameters, static_cast<int>(model.features), draws, sample);
  });
}

}  // namespace vae4j::model

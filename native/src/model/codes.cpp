// SPDX-License-Identifier: Apache-2.0
// From rows to codes, and codes of the prior.
#include <cmath>
#include <vector>

#include "model/prior_draws.hpp"
#include "model/uses.hpp"

namespace vae4j::model {
namespace {

// A call of sample_prior.
struct PriorCall {
  const vae4j_model& model;
  int64_t rows;
  uint64_t seed;
  double temperature;
  float* z;

  int latent() const { return static_cast<int>(model.latent); }
  float* row(int64_t i) const { return z + i * model.latent; }
};

void from_standard(const PriorCall& call) {
  for (int64_t i = 0; i < call.rows; i++) {
    draw_standard(call.seed, 0, static_cast<uint32_t>(i), call.temperature, call.latent(),
                  call.row(i));
  }
}

// components: means, then log variances, of each.
void from_components(const PriorCall& call, const float* components, const float* logits,
                     int64_t count) {
  std::vector<double> weights(static_cast<size_t>(count));
  component_weights(logits, static_cast<int>(count), weights.data());
  for (int64_t i = 0; i < call.rows; i++) {
    uint32_t row = static_cast<uint32_t>(i);
    int chosen = draw_component(weights.data(), static_cast<int>(count), call.seed, row);
    draw_gaussian(components + chosen * 2 * call.model.latent, call.seed, row, call.temperature,
                  call.latent(), call.row(i));
  }
}

void check_mixture(const vae4j_model& model) {
  int64_t components = model.parameter("prior.components").length;
  int64_t logits = model.parameter("prior.logits").length;
  if (logits >= 1 && components == logits * 2 * model.latent) return;
  throw model.wrong_program("the prior's parameters are not those of " + model.text("prior"));
}

void from_mixture(const PriorCall& call) {
  vae4j_model::Parameter components = call.model.parameter("prior.components");
  vae4j_model::Parameter logits = call.model.parameter("prior.logits");
  from_components(call, components.values, logits.values, logits.length);
}

int64_t pseudo_inputs(const vae4j_model& model) {
  return model.parameter("prior.pseudoInputs").length / model.features;
}

void check_pseudo_inputs(const vae4j_model& model) {
  if (pseudo_inputs(model) < 1) throw model.wrong_program("the prior has no pseudo-inputs");
}

void from_pseudo_inputs(const PriorCall& call) {
  int64_t count = pseudo_inputs(call.model);
  Sessions::Lease session(call.model.sessions);
  Plan& plan = session->plan("components", {count, 1, 0}, false);
  plan.run("components");
  from_components(call, plan.floats("output", 2 * call.model.latent), nullptr, count);
}

void from_above(const PriorCall& call, int64_t width) {
  Sessions::Lease session(call.model.sessions);
  std::vector<float> noise;
  int64_t most = call.model.rows_decoded;
  for_passes(call.rows, most, [&](int64_t first, int64_t count) {
    Plan& plan = session->plan("above", {pass_size(count, most), 1, 0}, false);
    // Compares the width with the plan before so much memory is taken.
    plan.floats("input", width);
    noise.resize(static_cast<size_t>(count * width));
    for (int64_t i = 0; i < count; i++) {
      draw_standard(call.seed, kTopStep, static_cast<uint32_t>(first + i), call.temperature,
                    static_cast<int>(width), noise.data() + i * width);
    }
    stage(&plan, "input", noise.data(), count, width);
    plan.run("above");
    const float* components = plan.floats("output", 2 * call.model.latent);
    for (int64_t i = 0; i < count; i++) {
      draw_gaussian(components + i * 2 * call.model.latent, call.seed,
                    static_cast<uint32_t>(first + i), call.temperature, call.latent(),
                    call.row(first + i));
    }
  });
}

struct PriorFamily {
  const char* name;
  void (*check)(const vae4j_model& model);
  void (*draw)(const PriorCall& call);
};

constexpr PriorFamily kPriors[] = {{"standard", [](const vae4j_model&) {}, from_standard},
                                   {"mog", check_mixture, from_mixture},
                                   {"vamp", check_pseudo_inputs, from_pseudo_inputs}};

const PriorFamily& prior_of(const vae4j_model& model) {
  const std::string& text = model.text("prior");
  std::string name = text.substr(0, text.find(':'));
  return find_named(kPriors, static_cast<int>(std::size(kPriors)), "model", "prior", name.c_str());
}

}  // namespace

void encode(const vae4j_model& model, const InputRows& rows, float* mean, float* logvar) {
  Sessions::Lease session(model.sessions);
  std::vector<float> own(static_cast<size_t>(model.latent));
  int64_t most = model.rows_evaluated;
  for_passes(rows.rows(), most, [&](int64_t first, int64_t count) {
    Plan& plan = session->plan(rows.plan(), {pass_size(count, most), 1, 0}, false);
    rows.stage(&plan, first, count);
    plan.run("encode");
    const float* head = plan.floats("head", model.head);
    for (int64_t row = 0; row < count; row++) {
      int64_t at = (first + row) * model.latent;
      float* variances = logvar == nullptr ? own.data() : logvar + at;
      model.codes.read(head + row * model.head, mean + at, variances);
      rows.refuse_code(mean + at, first + row);
      rows.refuse_code(variances, first + row);
    }
  });
}

void sample_prior(const vae4j_model& model, int64_t rows, int64_t seed, double temperature,
                  float* z) {
  if (!(temperature >= 0) || std::isinf(temperature)) {
    throw wrong("sample_prior", "temperature", "a finite number of 0 or more",
                vae4j::text(temperature));
  }
  PriorCall call{model, rows, static_cast<uint64_t>(seed), temperature, z};
  int64_t above = model.fact("top");
  if (above > 0) {
    from_above(call, above);
  } else {
    prior_of(model).draw(call);
  }
  for (int64_t i = 0; i < rows * model.latent; i++) {
    if (std::isfinite(z[i])) continue;
    throw Error(VAE4J_INVALID_ARGUMENT, "sample_prior: row " + std::to_string(i / model.latent) +
                                            " of z is not finite at " + "the temperature " +
                                            vae4j::text(temperature));
  }
}

void check_prior(const vae4j_model& model) {
  if (model.fact("top") == 0) prior_of(model).check(model);
}

}  // namespace vae4j::model

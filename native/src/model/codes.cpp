// SPDX-License-Identifier: Apache-2.0
// From rows to codes, and codes of the prior.
#include <charconv>
#include <cmath>
#include <vector>

#include "model/posterior_codes.hpp"
#include "model/prior_draws.hpp"
#include "model/uses.hpp"

namespace vae4j::model {
namespace {

// Reads codes from rows of the encoder's head, by the family of the posterior: "planar:3".
class CodeReader {
 public:
  explicit CodeReader(const vae4j_model& model)
      : columns_(static_cast<int>(model.head)), latent_(static_cast<int>(model.latent)) {
    const std::string& text = model.text("posterior");
    size_t end = text.find(':');
    std::string name = text.substr(0, end);
    family_ = &find_named(kFamilies, static_cast<int>(std::size(kFamilies)), "model", "posterior",
                          name.c_str());
    if (end != std::string::npos) {
      std::from_chars(text.data() + end + 1, text.data() + text.size(), maps_);
    }
    if (maps_ < 0 || maps_ > columns_ || family_->columns(latent_, maps_) != columns_) {
      throw Error(VAE4J_INVALID_ARGUMENT, "vae4j.programs: head is not that of " + text);
    }
  }

  void read(const float* head, float* mean, float* logvar) const {
    family_->read(*this, head, mean, logvar);
  }

 private:
  struct Family {
    const char* name;
    int64_t (*columns)(int64_t latent, int64_t maps);
    void (*read)(const CodeReader& own, const float* head, float* mean, float* logvar);
  };

  static const Family kFamilies[3];

  int columns_;
  int latent_;
  int maps_ = 0;
  const Family* family_;
};

const CodeReader::Family CodeReader::kFamilies[3] = {
    {"diagonal", [](int64_t latent, int64_t) { return 2 * latent; },
     [](const CodeReader& own, const float* head, float* mean, float* logvar) {
       diagonal_code(head, own.latent_, mean, logvar);
     }},
    {"full", [](int64_t latent, int64_t) { return 2 * latent + latent * (latent - 1) / 2; },
     [](const CodeReader& own, const float* head, float* mean, float* logvar) {
       full_covariance_code(head, own.columns_, own.latent_, mean, logvar);
     }},
    {"planar", [](int64_t latent, int64_t maps) { return 2 * latent + maps * (2 * latent + 1); },
     [](const CodeReader& own, const float* head, float* mean, float* logvar) {
       planar_code(head, own.columns_, own.latent_, own.maps_, mean, logvar);
     }}};

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

void from_mixture(const PriorCall& call) {
  vae4j_model::Parameter components = call.model.parameter("prior.components");
  vae4j_model::Parameter logits = call.model.parameter("prior.logits");
  if (logits.length < 1 || components.length != logits.length * 2 * call.model.latent) {
    throw Error(VAE4J_INVALID_ARGUMENT, "vae4j.programs: the prior's parameters are not those of " +
                                            call.model.text("prior"));
  }
  from_components(call, components.values, logits.values, logits.length);
}

void from_pseudo_inputs(const PriorCall& call) {
  vae4j_model::Parameter inputs = call.model.parameter("prior.pseudoInputs");
  int64_t count = inputs.length / call.model.features;
  if (count < 1) {
    throw Error(VAE4J_INVALID_ARGUMENT, "vae4j.programs: the prior has no pseudo-inputs");
  }
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
  void (*draw)(const PriorCall& call);
};

constexpr PriorFamily kPriors[] = {
    {"standard", from_standard}, {"mog", from_mixture}, {"vamp", from_pseudo_inputs}};

}  // namespace

void encode(const vae4j_model& model, const InputRows& rows, float* mean, float* logvar) {
  CodeReader reader(model);
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
      reader.read(head + row * model.head, mean + at, variances);
      rows.refuse_code(mean + at, first + row);
      rows.refuse_code(variances, first + row);
    }
  });
}

void sample_prior(const vae4j_model& model, int64_t rows, int64_t seed, double temperature,
                  float* z) {
  if (!(temperature >= 0) || std::isinf(temperature)) {
    throw wrong("sample_prior", "temperature", "0 or more", vae4j::text(temperature));
  }
  PriorCall call{model, rows, static_cast<uint64_t>(seed), temperature, z};
  int64_t above = model.fact("top");
  if (above > 0) {
    from_above(call, above);
    return;
  }
  const std::string& text = model.text("prior");
  std::string name = text.substr(0, text.find(':'));
  find_named(kPriors, static_cast<int>(std::size(kPriors)), "model", "prior", name.c_str())
      .draw(call);
}

}  // namespace vae4j::model

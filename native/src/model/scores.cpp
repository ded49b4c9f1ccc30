// SPDX-License-Identifier: Apache-2.0
#include <climits>
#include <cmath>
#include <limits>
#include <vector>

#include "model/log_sums.hpp"
#include "model/numeric.hpp"
#include "model/uses.hpp"

namespace vae4j::model {
namespace {

// Of a pass of score_equally, as of io.github.vae4j.infer.RowScorer: samples, and outputs of the
// decoder.
constexpr int64_t kPassSamples = 2048;
constexpr int64_t kPassOutputs = int64_t{1} << 22;

void encode(Plan* plan, const InputRows& rows, int64_t first, int64_t count) {
  rows.stage(plan, first, count);
  plan->run("encode");
}

void sample(Plan* plan, int64_t step) {
  plan->control()[VAE4J_CONTROL_STEP] = static_cast<double>(step);
  plan->run("sample");
}

// Rows of a pass that samples each row.
int64_t evaluated(const vae4j_model& model, int64_t rows, int64_t samples) {
  int64_t most = std::min(model.rows_evaluated, model.rows_sampled / samples);
  return std::max<int64_t>(1, std::min(rows, most));
}

// Samples the rows of a plan a number of times, from a step on: adds to the importance weights.
std::vector<LogWeightSums> weigh(Plan* plan, const InputRows& input, int64_t first, int64_t count,
                                 int64_t step, int64_t times) {
  double* state = plan->doubles("weights", 3);
  for (int64_t row = 0; row < plan->batch(); row++) {
    state[3 * row] = -numeric::kInfinity;
    state[3 * row + 1] = 0;
    state[3 * row + 2] = 0;
  }
  encode(plan, input, first, count);
  for (int64_t i = 0; i < times; i++) {
    sample(plan, step + i);
    plan->run("score");
  }
  std::vector<LogWeightSums> sums;
  for (int64_t row = 0; row < count; row++, state += 3) {
    sums.push_back({state[0], state[1], state[2]});
  }
  return sums;
}

}  // namespace

void sample_posterior(const vae4j_model& model, const InputRows& rows, int64_t samples,
                      int64_t seed, float* z) {
  require_samples("sample_posterior", model, samples);
  Sessions::Lease session(model.sessions);
  int64_t most = evaluated(model, rows.rows(), samples);
  for_passes(rows.rows(), most, [&](int64_t first, int64_t count) {
    Plan& plan = session->plan(rows.plan(), {pass_size(count, most), samples, seed}, false);
    encode(&plan, rows, first, count);
    sample(&plan, first);
    int64_t columns = samples * model.latent;
    std::copy_n(plan.floats("z", columns), count * columns, z + first * columns);
    for (int64_t i = 0; i < count * samples; i++) {
      rows.refuse_code(z + (first * samples + i) * model.latent, first + i / samples);
    }
  });
}

void score(const vae4j_model& model, const InputRows& rows, int64_t samples, int64_t seed,
           vae4j_terms* terms) {
  require_samples("score", model, samples);
  Sessions::Lease session(model.sessions);
  int64_t most = evaluated(model, rows.rows(), samples);
  for_passes(rows.rows(), most, [&](int64_t first, int64_t count) {
    Plan& plan = session->plan(rows.plan(), {pass_size(count, most), samples, seed}, false);
    encode(&plan, rows, first, count);
    sample(&plan, first);
    plan.run("score");
    const float* nll = plan.floats("nll", samples);
    const float* kl = plan.floats("kl", 1);
    for (int64_t row = 0; row < count; row++) {
      double losses = 0;
      for (int64_t l = 0; l < samples; l++) losses += nll[row * samples + l];
      vae4j_terms& own = terms[first + row];
      own.reconstruction = 0.0 - losses / static_cast<double>(samples);
      own.kl = kl[row];
      own.elbo = own.reconstruction - own.kl;
      rows.refuse("the ELBO", own.elbo, first + row);
    }
  });
}

void log_likelihood(const vae4j_model& model, const InputRows& rows, int64_t samples, int64_t seed,
                    double* log_likelihood, double* effective_size) {
  require_range("log_likelihood", "samples", samples, 1, INT_MAX);
  Sessions::Lease session(model.sessions);
  int64_t chunk = std::min(samples, model.samples_weighed);
  int64_t chunks = samples / chunk;
  int64_t rest = samples % chunk;
  int64_t most = std::max<int64_t>(1, std::min(rows.rows(), model.rows_sampled / chunk));
  for_passes(rows.rows(), most, [&](int64_t first, int64_t count) {
    int64_t size = pass_size(count, most);
    int64_t step = first * (chunks + 1);
    Plan& main = session->plan(rows.plan(), {size, chunk, seed}, false);
    std::vector<LogWeightSums> sums = weigh(&main, rows, first, count, step, chunks);
    if (rest > 0) {
      Plan& last = session->plan(rows.plan(), {size, rest, seed}, false);
      std::vector<LogWeightSums> more = weigh(&last, rows, first, count, step + chunks, 1);
      for (size_t row = 0; row < sums.size(); row++) sums[row].add(more[row]);
    }
    for (const LogWeightSums& own : sums) {
      int64_t row = first + (&own - sums.data());
      double log = own.log_sum() - numeric::log(static_cast<double>(samples)) + 0.0;
      rows.refuse("log p(x)", log, row);
      log_likelihood[row] = log;
      if (effective_size != nullptr) effective_size[row] = own.effective_sample_size();
    }
  });
}

void score_equally(const vae4j_model& model, const InputRows& rows, const double* log_jacobian,
                   int64_t samples, int64_t seed, RowTerms* terms) {
  require_samples("score_row", model, samples);
  Sessions::Lease session(model.sessions);
  int64_t most = std::min(kPassSamples / samples, kPassOutputs / (samples * model.outputs));
  most = std::max<int64_t>(1, most);
  for_passes(rows.rows(), most, [&](int64_t first, int64_t count) {
    Plan& plan = session->plan(rows.plan(), {pass_size(count, most), samples, seed}, true);
    encode(&plan, rows, first, count);
    sample(&plan, 0);
    plan.run("score");
    const float* nll = plan.floats("nll", samples);
    const float* ratio = plan.floats("log_ratio", samples);
    const float* kl = plan.floats("kl", 1);
    double number = static_cast<double>(samples);
    for (int64_t row = 0; row < count; row++, nll += samples, ratio += samples) {
      double sum = 0;
      LogSumExp likelihood;
      for (int64_t l = 0; l < samples; l++) {
        sum -= nll[l];
        likelihood.add(static_cast<double>(ratio[l]) - nll[l]);
      }
      double mean = sum / number;
      double squares = 0;
      for (int64_t l = 0; l < samples; l++) squares += (nll[l] + mean) * (nll[l] + mean);
      double shift = log_jacobian[first + row];
      RowTerms& own = terms[first + row];
      own.reconstruction = shift + mean;
      own.kl = kl[row];
      own.error = samples == 1 ? std::numeric_limits<double>::quiet_NaN()
                               : std::sqrt(squares / (number - 1) / number);
      own.log_likelihood = likelihood.value() - numeric::log(number) + shift;
      rows.refuse("the ELBO", own.reconstruction - own.kl, first + row);
    }
  });
}

}  // namespace vae4j::model

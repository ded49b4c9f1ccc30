// SPDX-License-Identifier: Apache-2.0
// Means and draws of each likelihood. The Java record of the same name is the specification: the
// same operations in the same order.
#include "model/observation_kinds.hpp"

#include <climits>
#include <vector>

#include "model/sampling.hpp"

namespace vae4j {
namespace {

using namespace sampling;

using Columns = ObservationColumns;

// The parameters of a column, then the shared ones; a function may overwrite them.
struct Own {
  const double* settings;
  double* values;
};

template <class Feature>
void each_column(const Columns& columns, Feature feature) {
  std::vector<double> values(static_cast<size_t>(columns.each) +
                             static_cast<size_t>(columns.shared_count));
  for (int d = 0; d < columns.count; d++) {
    for (int k = 0; k < columns.each; k++) {
      values[k] = columns.outputs[static_cast<size_t>(k) * columns.count + d];
    }
    for (int k = 0; k < columns.shared_count; k++) values[columns.each + k] = columns.shared[k];
    feature(d, Own{columns.settings, values.data()});
  }
}

template <double (*kFeature)(const Own&)>
void means(const Columns& columns, double* mean) {
  each_column(columns, [&](int d, const Own& own) { mean[d] = kFeature(own); });
}

template <double (*kFeature)(const Own&, Draws&)>
void samples(const Columns& columns, Draws& draws, double* sample) {
  each_column(columns, [&](int d, const Own& own) { sample[d] = kFeature(own, draws); });
}

double first(const Own& own) { return own.values[0]; }

double bernoulli_mean(const Own& own) { return sigmoid(own.values[0]); }

double bernoulli_sample(const Own& own, Draws& draws) {
  return draws.next_double() < sigmoid(own.values[0]) ? 1 : 0;
}

double continuous_bernoulli_mean(const Own& own) {
  double logit = own.values[0];
  if (std::fabs(logit) < 0.03) {
    double square = logit * logit;
    return 0.5 + logit * (1.0 / 12 - square * (1.0 / 720 - square / 30240));
  }
  return -1 / numeric::expm1(-logit) - 1 / logit;
}

double continuous_bernoulli_sample(const Own& own, Draws& draws) {
  double logit = own.values[0];
  double u = uniform(draws);
  if (logit == 0) return u;
  double size = std::fabs(logit);
  double from_top = -numeric::log1p(u * numeric::expm1(-size)) / size;
  return logit > 0 ? 1 - from_top : from_top;
}

double gaussian_sample(const Own& own, Draws& draws) {
  return own.values[0] + own.settings[0] * draws.next_gaussian();
}

double gaussian_learned_sample(const Own& own, Draws& draws) {
  return own.values[0] + numeric::exp(clamp_log(own.values[1]) / 2) * draws.next_gaussian();
}

double laplace_sample(const Own& own, Draws& draws) {
  return own.values[0] + own.settings[0] * laplace(draws);
}

double laplace_learned_sample(const Own& own, Draws& draws) {
  return own.values[0] + numeric::exp(clamp_log(own.values[1])) * laplace(draws);
}

double student_t_sample(const Own& own, Draws& draws) {
  double nu = own.settings[0];
  double precision = gamma(nu / 2, draws) / (nu / 2);
  double scale = numeric::exp(clamp_log(own.values[1]));
  return own.values[0] + scale * draws.next_gaussian() / std::sqrt(precision);
}

double categorical_mean(const Own& own) {
  int best = 0;
  for (int k = 1; k < static_cast<int>(own.settings[0]); k++) {
    best = own.values[k] > own.values[best] ? k : best;
  }
  return best;
}

double categorical_sample(const Own& own, Draws& draws) {
  int levels = static_cast<int>(own.settings[0]);
  softmax(own.values, levels);
  return index(own.values, levels, draws);
}

double logistic_mean(int levels, double location, double log_scale) {
  double inverse = numeric::exp(-clamp_log(log_scale));
  double certain = (location - 40 / inverse) * (levels - 1) + 0.5;
  double first = numeric::smaller(numeric::larger(std::floor(certain) + 1, 1), levels);
  double odds = numeric::exp(((first - 0.5) / (levels - 1) - location) * inverse);
  double ratio = numeric::exp(inverse / (levels - 1));
  double sum = first - 1;
  for (double level = first; level < levels && odds < 1e17; level++) {
    sum += 1 / (1 + odds);
    odds *= ratio;
  }
  return sum / (levels - 1);
}

double logistic_sample(int levels, double location, double log_scale, Draws& draws) {
  double u = uniform(draws);
  double scale = numeric::exp(clamp_log(log_scale));
  double x = location + scale * (numeric::log(u) - numeric::log1p(-u));
  double level = std::nearbyint(x * (levels - 1));
  return numeric::smaller(numeric::larger(level, 0), levels - 1) / (levels - 1);
}

double discretized_logistic_mean(const Own& own) {
  return logistic_mean(static_cast<int>(own.settings[0]), own.values[0], own.values[1]);
}

double discretized_logistic_sample(const Own& own, Draws& draws) {
  return logistic_sample(static_cast<int>(own.settings[0]), own.values[0], own.values[1], draws);
}

double mixture_mean(const Own& own) {
  int components = static_cast<int>(own.settings[0]);
  int levels = static_cast<int>(own.settings[1]);
  softmax(own.values, components);
  double mean = 0;
  for (int k = 0; k < components; k++) {
    mean += own.values[k] *
            logistic_mean(levels, own.values[components + k], own.values[2 * components + k]);
  }
  return mean;
}

double mixture_sample(const Own& own, Draws& draws) {
  int components = static_cast<int>(own.settings[0]);
  int levels = static_cast<int>(own.settings[1]);
  softmax(own.values, components);
  int k = index(own.values, components, draws);
  return logistic_sample(levels, own.values[components + k], own.values[2 * components + k], draws);
}

double poisson_mean(const Own& own) {
  return numeric::exp(numeric::smaller(own.values[0], kMaxLog));
}

double poisson_sample(const Own& own, Draws& draws) { return poisson(poisson_mean(own), draws); }

double negative_binomial_mean(const Own& own) { return numeric::exp(own.values[0]); }

double negative_binomial_sample(const Own& own, Draws& draws) {
  double theta = numeric::exp(clamp_log(own.values[1]));
  double rate = numeric::exp(own.values[0]) * (gamma(theta, draws) / theta);
  return poisson(rate, draws);
}

double zero_inflated_mean(const Own& own) {
  return sigmoid(-own.values[2]) * negative_binomial_mean(own);
}

double zero_inflated_sample(const Own& own, Draws& draws) {
  bool zero = draws.next_double() < sigmoid(own.values[2]);
  return zero ? 0 : negative_binomial_sample(own, draws);
}

void multinomial_mean(const Columns& columns, double* mean) {
  for (int d = 0; d < columns.count; d++) mean[d] = columns.outputs[d];
  softmax(mean, columns.count);
  for (int d = 0; d < columns.count; d++) mean[d] *= columns.settings[0];
}

void multinomial_sample(const Columns& columns, Draws& draws, double* sample) {
  std::vector<double> probabilities(columns.outputs, columns.outputs + columns.count);
  softmax(probabilities.data(), columns.count);
  multinomial(static_cast<int>(columns.settings[0]), probabilities, draws, sample);
}

constexpr ObservationSetting above_zero(const char* name, double standard) {
  return {name, standard, 0, numeric::kMaxValue, false};
}

constexpr ObservationSetting whole(const char* name, double standard, double least, double most) {
  return {name, standard, least, most, true};
}

constexpr ObservationSetting kGreyLevels = whole("levels", 256, 2, 65536);

}  // namespace

const ObservationKind kObservationKinds[] = {
    {"bernoulli", 0, {}, 1, 0, 0, means<bernoulli_mean>, samples<bernoulli_sample>},
    {"continuous-bernoulli",
     0,
     {},
     1,
     0,
     0,
     means<continuous_bernoulli_mean>,
     samples<continuous_bernoulli_sample>},
    {"gaussian", 1, {above_zero("sigma", 1)}, 1, 0, 0, means<first>, samples<gaussian_sample>},
    {"gaussian-learned", 0, {}, 2, 0, 0, means<first>, samples<gaussian_learned_sample>},
    {"gaussian-shared", 0, {}, 1, 0, 1, means<first>, samples<gaussian_learned_sample>},
    {"gaussian-optimal", 0, {}, 1, 0, 1, means<first>, samples<gaussian_learned_sample>},
    {"laplace", 1, {above_zero("scale", 1)}, 1, 0, 0, means<first>, samples<laplace_sample>},
    {"laplace-learned", 0, {}, 2, 0, 0, means<first>, samples<laplace_learned_sample>},
    {"student-t", 1, {above_zero("nu", 4)}, 2, 0, 0, means<first>, samples<student_t_sample>},
    {"categorical",
     1,
     {whole("levels", 2, 2, 1 << 24)},
     0,
     1,
     0,
     means<categorical_mean>,
     samples<categorical_sample>},
    {"discretized-logistic",
     1,
     {kGreyLevels},
     2,
     0,
     0,
     means<discretized_logistic_mean>,
     samples<discretized_logistic_sample>},
    {"discretized-logistic-mixture",
     2,
     {whole("components", 5, 1, 256), kGreyLevels},
     0,
     3,
     0,
     means<mixture_mean>,
     samples<mixture_sample>},
    {"poisson", 0, {}, 1, 0, 0, means<poisson_mean>, samples<poisson_sample>},
    {"negative-binomial",
     0,
     {},
     2,
     0,
     0,
     means<negative_binomial_mean>,
     samples<negative_binomial_sample>},
    {"zero-inflated-negative-binomial",
     0,
     {},
     3,
     0,
     0,
     means<zero_inflated_mean>,
     samples<zero_inflated_sample>},
    {"multinomial",
     1,
     {whole("total", 1, 1, INT_MAX)},
     1,
     0,
     0,
     multinomial_mean,
     multinomial_sample},
};

const int kObservationKindCount = sizeof kObservationKinds / sizeof kObservationKinds[0];

}  // namespace vae4j

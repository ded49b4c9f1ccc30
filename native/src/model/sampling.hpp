// SPDX-License-Identifier: Apache-2.0
// Functions and draws that likelihoods share: Numerics, Sampling and GammaFunctions of
// io.github.vae4j.likelihood are the specification.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/draws.hpp"

namespace vae4j {
namespace sampling {

constexpr double kMinLog = -30;
constexpr double kMaxLog = 20;

inline double clamp_log(double given) {
  return numeric::smaller(numeric::larger(given, kMinLog), kMaxLog);
}

inline double sigmoid(double l) {
  double e = numeric::exp(-std::fabs(l));
  return (l >= 0 ? 1 : e) / (1 + e);
}

// Replaces logits by probabilities.
inline void softmax(double* logits, int count) {
  double most = -numeric::kInfinity;
  for (int k = 0; k < count; k++) most = numeric::larger(most, logits[k]);
  double sum = 0;
  for (int k = 0; k < count; k++) sum += numeric::exp(logits[k] - most);
  double log_sum = most + numeric::log(sum);
  for (int k = 0; k < count; k++) logits[k] = numeric::exp(logits[k] - log_sum);
}

// A uniform draw in (0, 1).
inline double uniform(Draws& draws) {
  double u = draws.next_double();
  while (u == 0) u = draws.next_double();
  return u;
}

// An index drawn by probabilities that sum to 1.
inline int index(const double* probabilities, int count, Draws& draws) {
  double left = draws.next_double();
  for (int k = 0; k < count - 1; k++) {
    left -= probabilities[k];
    if (left < 0) return k;
  }
  return count - 1;
}

// A Laplace draw with mean 0 and scale 1.
inline double laplace(Draws& draws) {
  double size = draws.next_exponential();
  return draws.next_boolean() ? size : -size;
}

// log Gamma(z).
inline double log_gamma(double z) {
  constexpr int kTerms = 7;
  constexpr double kSeries[kTerms] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                      1.0 / 1188, -691.0 / 360360, 1.0 / 156};
  double product = 1;
  double shifted = z;
  while (shifted < 10) product *= shifted++;
  double s = 1 / (shifted * shifted);
  double sum = 0;
  for (int i = kTerms - 1; i >= 0; i--) sum = sum * s + kSeries[i];
  return (shifted - 0.5) * numeric::log(shifted) - shifted + 0.5 * numeric::log(2 * numeric::kPi) +
         sum / shifted - numeric::log(product);
}

inline double log_factorial(double x) { return x < 2 ? 0 : log_gamma(x + 1); }

// Gamma with scale 1; NaN for NaN.
inline double gamma(double shape, Draws& draws) {
  if (shape < 1) {
    double above = gamma(shape + 1, draws);
    return above * numeric::pow(uniform(draws), 1 / shape);
  }
  if (shape != shape) return shape;
  double d = shape - 1.0 / 3;
  double c = 1 / std::sqrt(9 * d);
  while (true) {
    double normal = draws.next_gaussian();
    double root = 1 + c * normal;
    if (root > 0) {
      double v = root * root * root;
      double log_u = numeric::log(uniform(draws));
      if (log_u < 0.5 * normal * normal + d - d * v + d * numeric::log(v)) return d * v;
    }
  }
}

inline double counted_poisson(double rate, Draws& draws) {
  double left = draws.next_double();
  double mass = numeric::exp(-rate);
  int count = 0;
  while (left >= mass && mass > 0) {
    left -= mass;
    count++;
    mass *= rate / count;
  }
  return count;
}

inline double rejected_poisson(double rate, Draws& draws) {
  double b = 0.931 + 2.53 * std::sqrt(rate);
  double a = -0.059 + 0.02483 * b;
  double log_inverse_alpha = numeric::log(1.1239 + 1.1328 / (b - 3.4));
  double squeeze = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    double u = draws.next_double() - 0.5;
    double v = uniform(draws);
    double edge = 0.5 - std::fabs(u);
    double count = std::floor((2 * a / edge + b) * u + rate + 0.43);
    if (edge >= 0.07 && v <= squeeze) return count;
    bool outside = count < 0 || (edge < 0.013 && v > edge);
    if (!outside && numeric::log(v) + log_inverse_alpha - numeric::log(a / (edge * edge) + b) <=
                        count * numeric::log(rate) - rate - log_factorial(count)) {
      return count;
    }
  }
}

// A rate that is not finite is returned.
inline double poisson(double rate, Draws& draws) {
  if (!(rate <= numeric::kMaxValue)) return rate;
  return rate < 12 ? counted_poisson(rate, draws) : rejected_poisson(rate, draws);
}

// The number of successes in n trials, in O(log n) draws, as Sampling.java describes.
inline int64_t binomial(int64_t trials, double p, Draws& draws) {
  constexpr int64_t kFewTrials = 32;
  int64_t successes = 0;
  while (trials > kFewTrials) {
    int64_t below = (trials + 1) / 2;
    int64_t above = trials + 1 - below;
    double x = gamma(static_cast<double>(below), draws);
    double y = gamma(static_cast<double>(above), draws);
    double median = x / (x + y);
    if (p < median) {
      trials = below - 1;
      p /= median;
    } else {
      successes += below;
      trials = above - 1;
      p = (p - median) / (1 - median);
    }
  }
  for (int64_t i = 0; i < trials; i++) {
    if (draws.next_double() < p) successes++;
  }
  return successes;
}

// The counts of a number of draws by probabilities that sum to 1.
inline void multinomial(int total, const std::vector<double>& probabilities, Draws& draws,
                        double* counts) {
  constexpr int kFewDraws = 1000;
  int count = static_cast<int>(probabilities.size());
  std::fill(counts, counts + count, 0.0);
  if (total <= kFewDraws) {
    for (int i = 0; i < total; i++) counts[index(probabilities.data(), count, draws)]++;
    return;
  }
  std::vector<double> sums = probabilities;
  for (int d = count - 2; d >= 0; d--) sums[d] += sums[d + 1];
  int64_t left = total;
  for (int d = 0; d < count && left > 0; d++) {
    int64_t here = sums[d] == 0 ? 0 : binomial(left, probabilities[d] / sums[d], draws);
    counts[d] = static_cast<double>(here);
    left -= here;
  }
}

}  // namespace sampling
}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// The likelihoods of the ops' texts.
#pragma once

#include <string>
#include <vector>

#include "random.hpp"

namespace fuzz {

// A likelihood: its name, constants that it can have, parameters of a column, shared parameters.
struct Model {
  std::string name;
  std::string constants;
  int64_t parameters;
  int64_t shared;
};

inline Model model(Random& random) {
  int64_t levels = random.between(2, 9);
  int64_t components = random.between(1, 4);
  std::string several = std::to_string(levels);
  const std::vector<Model> models = {
      {"bernoulli", "", 1, 0},
      {"continuous-bernoulli", "", 1, 0},
      {"gaussian", random.chance(50) ? " 0.5" : " 1e-30", 1, 0},
      {"gaussian-learned", "", 2, 0},
      {"gaussian-shared", "", 1, 1},
      {"gaussian-optimal", "", 1, 1},
      {"laplace", " 2", 1, 0},
      {"laplace-learned", "", 2, 0},
      {"student-t", random.chance(50) ? " 3" : " 1e30", 2, 0},
      {"categorical", " " + several, levels, 0},
      {"discretized-logistic", " " + several, 2, 0},
      {"discretized-logistic-mixture", " " + std::to_string(components) + " " + several,
       3 * components, 0},
      {"poisson", "", 1, 0},
      {"negative-binomial", "", 2, 0},
      {"zero-inflated-negative-binomial", "", 3, 0},
      {"multinomial", " " + several, 1, 0},
  };
  return random.of(models);
}

}  // namespace fuzz

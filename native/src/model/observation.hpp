// SPDX-License-Identifier: Apache-2.0
// An observation model p(x|z) of a trained model, from the text that Java's Likelihood.toString
// writes.
#pragma once

#include <string>
#include <vector>

#include "model/observation_kinds.hpp"

namespace vae4j {

// Columns are in parts with one likelihood each; a simple likelihood is one part of all columns.
class Observation {
 public:
  // Throws VAE4J_UNSUPPORTED for a name that is not in the table, VAE4J_INVALID_ARGUMENT for any
  // other fault. The memory is proportional to the text.
  static Observation parse(const std::string& text);

  // The decoder's outputs for rows of so many features; throws if such rows cannot be modelled.
  int parameters(int features) const;

  // The parameters that follow the outputs and do not depend on the row.
  int shared(int features) const;

  // E[x], or the most probable level. outputs: parameters(features), then shared(features) values.
  void mean(const double* outputs, int features, double* mean) const;

  void sample(const double* outputs, int features, Draws& draws, double* sample) const;

 private:
  struct Part {
    const ObservationKind* kind;
    double settings[kMostSettings];
    int first;
    int last;  // kOpen: to the last feature

    int64_t each() const;
    int columns(int features) const;
  };

  static constexpr int kOpen = 0x7FFFFFFF;

  static Part part(const std::string& text, const std::string& likelihood, int first, int last);
  static Part composite_part(const std::string& text, const std::string& part);
  static void check(const std::string& text, const std::vector<Part>& parts);
  void check(int features) const;
  template <class Fill>
  void fill(const double* outputs, int features, Fill fill) const;

  std::vector<Part> parts_;
};

}  // namespace vae4j

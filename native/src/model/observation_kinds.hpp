// SPDX-License-Identifier: Apache-2.0
// The table of likelihoods: one row for each entry of io.github.vae4j.likelihood.Likelihoods.
#pragma once

#include "model/draws.hpp"

namespace vae4j {

constexpr int kMostSettings = 2;

// A numeric setting. Its range is that of the Java record.
struct ObservationSetting {
  const char* name;
  double standard;
  double least;  // itself not in the range where the setting is not whole
  double most;
  bool whole;
};

// Adjacent columns with one likelihood, and their parameters: parameter k of column d is outputs[k
// count + d].
struct ObservationColumns {
  const double* settings;
  const double* outputs;
  const double* shared;
  int count;
  int each;
  int shared_count;
};

struct ObservationKind {
  const char* name;
  int setting_count;
  ObservationSetting settings[kMostSettings];
  int fixed_outputs;      // outputs of a column: this number,
  int outputs_per_first;  // and this many for each unit of the first setting
  int shared;
  void (*mean)(const ObservationColumns& columns, double* mean);
  void (*sample)(const ObservationColumns& columns, Draws& draws, double* sample);
};

extern const ObservationKind kObservationKinds[];
extern const int kObservationKindCount;

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
// Sums of weights that are given by their logarithms; LogSums of io.github.vae4j.infer and
// LogSumExp of io.github.vae4j.metrics are the specification.
#pragma once

#include "model/numeric.hpp"

namespace vae4j {

// log sum exp of a stream of numbers, relative to the largest so far.
class LogSumExp {
 public:
  void add(double value) {
    if (value > most_) {
      sum_ = sum_ * numeric::exp(most_ - value) + 1;
      most_ = value;
    } else if (value > -numeric::kInfinity || value != value) {
      sum_ += numeric::exp(value - most_);
    }
  }

  double value() const { return most_ + numeric::log(sum_); }

 private:
  double most_ = -numeric::kInfinity;
  double sum_ = 0;
};

// Of a row: the largest log weight, the sum of weights relative to it, and that of their squares,
// as the op ImportanceWeights has them.
struct LogWeightSums {
  double most;
  double sum;
  double squares;

  void add(const LogWeightSums& other) {
    double both = numeric::larger(most, other.most);
    if (both == -numeric::kInfinity) return;
    double mine = numeric::exp(most - both);
    double its = numeric::exp(other.most - both);
    most = both;
    sum = sum * mine + other.sum * its;
    squares = squares * mine * mine + other.squares * its * its;
  }

  double log_sum() const { return most + numeric::log(sum); }
  double effective_sample_size() const { return sum * sum / squares; }
};

}  // namespace vae4j

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.numeric.Elementary;

/**
 * Sums of weights and of their squares, relative to the largest, in the form of {@link
 * io.github.vae4j.backend.op.ImportanceWeights}.
 */
final class LogSums {
  private final double[] state;

  /**
   * Copies a state.
   *
   * @param state (rows, 3): largest log weight, sum, sum of squares
   */
  LogSums(double[] state) {
    this.state = state;
  }

  /** Adds the sums of further weights of the same rows. */
  void add(double[] other) {
    for (int at = 0; at < state.length; at += 3) {
      double most = Math.max(state[at], other[at]);
      if (most == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double mine = Elementary.exp(state[at] - most);
      double its = Elementary.exp(other[at] - most);
      state[at] = most;
      state[at + 1] = state[at + 1] * mine + other[at + 1] * its;
      state[at + 2] = state[at + 2] * mine * mine + other[at + 2] * its * its;
    }
  }

  double logSum(int row) {
    return state[3 * row] + Elementary.log(state[3 * row + 1]);
  }

  double effectiveSampleSize(int row) {
    return state[3 * row + 1] * state[3 * row + 1] / state[3 * row + 2];
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.util.Arrays;

/** Scores of rows, as primitives because a table may have many. */
final class ScoreList {
  private double[] scores = new double[1024];
  private int count;

  void add(double score) {
    if (count == scores.length) {
      scores = Arrays.copyOf(scores, 2 * count);
    }
    scores[count++] = score;
  }

  int count() {
    return count;
  }

  /** A copy in ascending order. */
  double[] sorted() {
    double[] sorted = Arrays.copyOf(scores, count);
    Arrays.sort(sorted);
    return sorted;
  }
}

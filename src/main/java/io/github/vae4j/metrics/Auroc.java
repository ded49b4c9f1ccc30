// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.stream.IntStream;

/**
 * The area under the receiver operating characteristic: the probability that a positive row has a
 * higher score than a negative one, where equal scores count half (the statistic of Mann and
 * Whitney 1947, divided by the number of pairs).
 */
public final class Auroc {
  private Auroc() {}

  /**
   * The area.
   *
   * @param scores one a row; infinite ones have their place in the order
   * @param positive whether a row is positive
   * @return 0 to 1; 0.5 for a score that does not tell the two apart
   * @throws IllegalArgumentException if the lengths differ, a score is NaN, or all rows are of one
   *     kind
   */
  public static double of(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "AUROC: expected as many scores as rows, given "
              + scores.length
              + " scores of "
              + positive.length
              + " rows");
    }
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[a] + 0.0, scores[b] + 0.0))
            .mapToInt(Integer::intValue)
            .toArray();
    double ranks = 0;
    long positives = 0;
    for (int first = 0; first < order.length; ) {
      double score = scores[order[first]];
      if (Double.isNaN(score)) {
        throw new IllegalArgumentException("AUROC: the score of row " + order[first] + " is NaN");
      }
      int end = first;
      int here = 0;
      while (end < order.length && scores[order[end]] == score) {
        here += positive[order[end]] ? 1 : 0;
        end++;
      }
      // Ranks start at 1; equal scores have the mean of their ranks.
      ranks += here * (first + 1.0 + end) / 2;
      positives += here;
      first = end;
    }
    long negatives = order.length - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "AUROC: expected positive and negative rows, given "
              + positives
              + " and "
              + negatives
              + " of them");
    }
    return (ranks - positives * (positives + 1.0) / 2) / ((double) positives * negatives);
  }
}

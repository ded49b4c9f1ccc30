// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The area under the receiver operating characteristic: the probability that a positive row has a
 * higher score than a negative one, where equal scores count half (the statistic of Mann and
 * Whitney 1947, divided by the number of pairs).
 */
public final class Auroc {
  private Auroc() {}

  /**
   * An area with its error.
   *
   * @param area 0 to 1
   * @param standardError by the placements of DeLong, DeLong and Clarke-Pearson 1988, "Comparing
   *     the areas under two or more correlated receiver operating characteristic curves"; NaN with
   *     fewer than two rows of a kind
   */
  public record Estimate(double area, double standardError) {}

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
    long positives = positives(scores, positive);
    MidRanks all = new MidRanks(scores);
    double ranks = 0;
    for (int row = 0; row < scores.length; row++) {
      ranks += positive[row] ? all.rank(scores[row]) : 0;
    }
    long negatives = scores.length - positives;
    return (ranks - positives * (positives + 1.0) / 2) / ((double) positives * negatives);
  }

  /**
   * The area and its standard error.
   *
   * @param scores one a row; infinite ones have their place in the order
   * @param positive whether a row is positive
   * @return both
   * @throws IllegalArgumentException if the lengths differ, a score is NaN, or all rows are of one
   *     kind
   */
  public static Estimate estimate(double[] scores, boolean[] positive) {
    double[] above = new double[(int) positives(scores, positive)];
    double[] below = new double[scores.length - above.length];
    int positives = 0;
    int negatives = 0;
    for (int row = 0; row < scores.length; row++) {
      if (positive[row]) {
        above[positives++] = scores[row];
      } else {
        below[negatives++] = scores[row];
      }
    }
    Moments won = placements(above, below);
    Moments lost = placements(below, above);
    double variance = squared(won.standardError()) + squared(lost.standardError());
    return new Estimate(of(scores, positive), Math.sqrt(variance));
  }

  private static double squared(double value) {
    return value * value;
  }

  /** For each score the share of the others that are lower; equal ones count half. */
  private static Moments placements(double[] scores, double[] others) {
    MidRanks ranks = new MidRanks(others);
    Moments shares = new Moments();
    for (double score : scores) {
      shares.add(ranks.shareBelow(score));
    }
    return shares;
  }

  private static long positives(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "AUROC: expected as many scores as rows, given "
              + scores.length
              + " scores of "
              + positive.length
              + " rows");
    }
    long positives = 0;
    for (int row = 0; row < scores.length; row++) {
      if (Double.isNaN(scores[row])) {
        throw new IllegalArgumentException("AUROC: the score of row " + row + " is NaN");
      }
      positives += positive[row] ? 1 : 0;
    }
    long negatives = scores.length - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "AUROC: expected positive and negative rows, given "
              + positives
              + " and "
              + negatives
              + " of them");
    }
    return positives;
  }
}

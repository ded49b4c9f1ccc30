// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import java.util.Arrays;

/** The distance to the k-th nearest training row, as a score of anomalies. */
public final class Neighbours {
  private Neighbours() {}

  /**
   * Euclidean distances.
   *
   * @param train at least k rows
   * @param rows rows of the same length
   * @param k 1 for the nearest row
   * @return one distance a row
   */
  public static double[] distances(double[][] train, double[][] rows, int k) {
    if (k < 1 || k > train.length) {
      throw new IllegalArgumentException(
          "neighbours: expected k from 1 to " + train.length + ", given " + k);
    }
    double[] distances = new double[rows.length];
    double[] nearest = new double[k];
    for (int row = 0; row < rows.length; row++) {
      Arrays.fill(nearest, Double.POSITIVE_INFINITY);
      for (double[] other : train) {
        double square = squareUpTo(nearest[k - 1], rows[row], other);
        int at = k - 1;
        if (square < nearest[at]) {
          for (; at > 0 && nearest[at - 1] > square; at--) {
            nearest[at] = nearest[at - 1];
          }
          nearest[at] = square;
        }
      }
      distances[row] = Math.sqrt(nearest[k - 1]);
    }
    return distances;
  }

  /** The squared distance, or a part of it that is no smaller than the limit. */
  private static double squareUpTo(double limit, double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length && sum < limit; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}

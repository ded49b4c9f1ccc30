// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;

/** Quantiles of samples. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * The value of the nearest rank.
   *
   * @param sorted the sample, in ascending order
   * @param part the share of the sample that is below, 0 to 1
   * @return one of the values; NaN for an empty sample
   */
  public static double nearest(double[] sorted, double part) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round(part * (sorted.length - 1))];
  }

  /**
   * The median.
   *
   * @param values the sample, in any order, at least one value
   * @return the value in the middle, or the mean of the two there
   */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}

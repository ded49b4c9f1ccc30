// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

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
}

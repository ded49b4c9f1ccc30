// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * Kolmogorov's distribution, that of sqrt(n) D for the statistic D of Kolmogorov and Smirnov as n
 * grows. Both series are in Marsaglia, Tsang and Wang 2003, "Evaluating Kolmogorov's distribution".
 */
final class Kolmogorov {
  /** Below, the first series needs fewer terms; above, the second. */
  private static final double MIDDLE = 1.18;

  private static final int TERMS = 20;

  private Kolmogorov() {}

  /** The probability of a value above x. */
  static double upper(double x) {
    if (!(x > 0)) {
      return 1;
    }
    double sum = 0;
    if (x < MIDDLE) {
      for (int k = 1; k <= TERMS; k++) {
        double odd = (2 * k - 1) * Math.PI / x;
        sum += Math.exp(-odd * odd / 8);
      }
      return Math.min(1, Math.max(0, 1 - Math.sqrt(2 * Math.PI) / x * sum));
    }
    for (int k = 1; k <= TERMS; k++) {
      sum += (k % 2 == 1 ? 1 : -1) * Math.exp(-2.0 * k * k * x * x);
    }
    return Math.min(1, 2 * sum);
  }
}

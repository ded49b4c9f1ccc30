// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/** The complementary error function in double precision, which the JDK lacks. */
final class Erf {
  private Erf() {}

  /**
   * erfc(x), relative error below 1e-11: the Taylor series of erf near 0, else the continued
   * fraction of Abramowitz and Stegun 7.1.14, evaluated from its tail.
   */
  static double erfc(double x) {
    if (x < 0) {
      return 2 - erfc(-x);
    }
    if (x < 2) {
      double term = x;
      double sum = x;
      for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }
    double tail = 0;
    for (int n = 120; n >= 1; n--) {
      tail = n / 2.0 / (x + tail);
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
  }
}

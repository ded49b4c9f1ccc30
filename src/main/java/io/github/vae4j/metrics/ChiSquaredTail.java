// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The upper tail of the chi-squared distribution, Q(k / 2, x / 2) by the regularised incomplete
 * gamma function: the power series 8.11.4 of the NIST Digital Library of Mathematical Functions
 * (https://dlmf.nist.gov) below the mean, the continued fraction 8.9.2 in its even form above it.
 */
final class ChiSquaredTail {
  private static final double PRECISION = 1e-16;
  private static final double TINY = 1e-300;

  /** Both expansions converge within a few times the square root of a. */
  private static final int MOST_TERMS = 100_000;

  private ChiSquaredTail() {}

  /**
   * The probability of a value above x.
   *
   * @param degrees of freedom, 1 or more
   * @param x 0 or more
   */
  static double upper(int degrees, double x) {
    double a = degrees / 2.0;
    double half = x / 2;
    if (!(half > 0)) {
      return 1;
    }
    double front = Math.exp(a * Math.log(half) - half - logGamma(degrees));
    return half < a + 1
        ? Math.max(0, 1 - front * series(a, half))
        : Math.min(1, front * fraction(a, half));
  }

  /** The sum of x^n / (a (a + 1) ... (a + n)). */
  private static double series(double a, double x) {
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < MOST_TERMS && term > PRECISION * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return sum;
  }

  /** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / ...)), by Lentz's method. */
  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double value = d;
    for (int n = 1; n < MOST_TERMS; n++) {
      double numerator = -n * (n - a);
      b += 2;
      d = 1 / away(numerator * d + b);
      c = away(b + numerator / c);
      double factor = c * d;
      value *= factor;
      if (Math.abs(factor - 1) < PRECISION) {
        break;
      }
    }
    return value;
  }

  private static double away(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /** log Gamma(twice / 2), from Gamma(1) = 1 or Gamma(1/2) = sqrt(pi). */
  private static double logGamma(int twice) {
    double sum = twice % 2 == 0 ? 0 : Math.log(Math.PI) / 2;
    for (int at = twice - 2; at > 0; at -= 2) {
      sum += Math.log(at / 2.0);
    }
    return sum;
  }
}

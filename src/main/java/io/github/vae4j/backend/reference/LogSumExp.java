// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

/** The logarithm of a sum of exponentials, computed relative to the largest. */
final class LogSumExp {
  private LogSumExp() {}

  /** log sum exp of the values; NaN if one is NaN, or if all are negative infinity. */
  static double of(double[] values) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.numeric.Elementary;

/** log sum exp of a stream of numbers, relative to the largest so far. */
public final class LogSumExp {
  private double most = Double.NEGATIVE_INFINITY;
  private double sum;

  /** The sum without numbers. */
  public LogSumExp() {}

  /**
   * Adds a number.
   *
   * @param value the number
   */
  public void add(double value) {
    if (value > most) {
      sum = sum * Elementary.exp(most - value) + 1;
      most = value;
    } else if (value > Double.NEGATIVE_INFINITY || Double.isNaN(value)) {
      sum += Elementary.exp(value - most);
    }
  }

  /**
   * The log sum exp.
   *
   * @return that of all numbers added; -infinity for none
   */
  public double value() {
    return most + Elementary.log(sum);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/** Mean and variance of a stream of numbers, weighted or not (Welford 1962; West 1979). */
public final class Moments {
  private long count;
  private double weights;
  private double squaredWeights;
  private double mean;
  private double squares;

  /** Moments of no numbers. */
  public Moments() {}

  /**
   * Adds a number.
   *
   * @param value the number
   */
  public void add(double value) {
    add(value, 1);
  }

  /**
   * Adds a number with a weight.
   *
   * @param value the number
   * @param weight 0 or more; a number of weight 0 is ignored
   */
  public void add(double value, double weight) {
    if (weight == 0) {
      return;
    }
    count++;
    weights += weight;
    squaredWeights += weight * weight;
    double delta = value - mean;
    mean += delta * weight / weights;
    squares += weight * delta * (value - mean);
  }

  /**
   * The mean.
   *
   * @return the mean of all numbers added; NaN for none
   */
  public double mean() {
    return count == 0 ? Double.NaN : mean;
  }

  /**
   * The population's variance.
   *
   * @return the mean squared distance from the mean
   */
  public double variance() {
    return squares / weights;
  }

  /**
   * The standard error of the mean. The number of weighted values is the effective number (sum w)^2
   * / sum w^2 of Kish 1965.
   *
   * @return NaN if it is not known, as for a single value
   */
  public double standardError() {
    double effective = weights * weights / squaredWeights;
    return count < 2 || !(effective > 1)
        ? Double.NaN
        : Math.sqrt(squares / weights / (effective - 1));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/** Mean and variance of a stream of numbers, weighted or not (Welford 1962; West 1979). */
public final class Moments {
  private long count;
  private double weights;
  private double squaredWeights;
  private double mean;
  private double squares;

  /** No numbers yet. */
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
   * Adds a number that counts as much as its weight says.
   *
   * @param value the number
   * @param weight 0 or more; with 0 the number is left out
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
   * @return of all numbers added; 0 where there are none
   */
  public double mean() {
    return mean;
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
   * The standard error of the mean. Weighted values count as the (sum w)^2 / sum w^2 of Kish 1965.
   *
   * @return 0 for a single value
   */
  public double standardError() {
    double effective = weights * weights / squaredWeights;
    return count < 2 ? 0 : Math.sqrt(squares / weights / (effective - 1));
  }
}

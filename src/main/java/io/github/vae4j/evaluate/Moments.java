package io.github.vae4j.evaluate;

/** Mean and variance of a stream of numbers, weighted or not (Welford 1962; West 1979). */
final class Moments {
  private long count;
  private double weights;
  private double squaredWeights;
  private double mean;
  private double squares;

  void add(double value) {
    add(value, 1);
  }

  void add(double value, double weight) {
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

  double mean() {
    return mean;
  }

  /** The population's variance. */
  double variance() {
    return squares / weights;
  }

  /**
   * The standard error of the mean; 0 for a single value. Weighted values count as the (sum w)^2 /
   * sum w^2 of Kish 1965.
   */
  double standardError() {
    double effective = weights * weights / squaredWeights;
    return count < 2 ? 0 : Math.sqrt(squares / weights / (effective - 1));
  }
}

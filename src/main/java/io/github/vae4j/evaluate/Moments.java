package io.github.vae4j.evaluate;

/** Mean and variance of a stream of numbers (Welford 1962). */
final class Moments {
  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }

  double mean() {
    return mean;
  }

  /** The population's variance. */
  double variance() {
    return squares / count;
  }

  /** The standard error of the mean; 0 for a single value. */
  double standardError() {
    return count < 2 ? 0 : Math.sqrt(squares / (count - 1) / count);
  }
}

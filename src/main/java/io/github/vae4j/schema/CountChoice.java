// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.stream.DoubleStream;

/**
 * Decides whether whole numbers are counts: whether a negative binomial, with the mean and the
 * variance of the values, gives them a clearly higher likelihood than a normal variable that is
 * rounded.
 */
final class CountChoice {
  /** A model has counts as they are, so that its encoder needs small ones. */
  static final double GREATEST = 64;

  private static final double BETTER_NATS = 0.05;
  private static final int POINTS = 32;

  private CountChoice() {}

  /** Whether sorted whole numbers are counts. */
  static boolean isCount(double[] sorted) {
    double greatest = sorted[sorted.length - 1];
    if (sorted[0] != 0 || greatest > GREATEST || greatest < 2) {
      return false;
    }
    ScalingChoice.Shape shape = ScalingChoice.Shape.of(sorted);
    double variance = shape.deviation() * shape.deviation();
    double normal = mean(sorted, x -> normal(x, shape.mean(), shape.deviation()));
    double counts = mean(sorted, x -> negativeBinomial(x, shape.mean(), variance));
    return counts > normal + BETTER_NATS;
  }

  private interface LogMass {
    double at(double x);
  }

  private static double mean(double[] values, LogMass mass) {
    return DoubleStream.of(values).map(mass::at).sum() / values.length;
  }

  /** log of the mass from x - 1/2 to x + 1/2, which a density of a few points would exceed. */
  private static double normal(double x, double mean, double deviation) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      double part = (x - 0.5 + (i + 0.5) / POINTS - mean) / deviation;
      sum += Math.exp(-0.5 * part * part) / POINTS;
    }
    return Math.log(Math.max(sum, Double.MIN_NORMAL))
        - Math.log(deviation * Math.sqrt(2 * Math.PI));
  }

  /** log of the mass with a mean and a variance; Poisson's if the variance is not larger. */
  private static double negativeBinomial(double x, double mean, double variance) {
    double log = x * Math.log(mean);
    for (int i = 2; i <= x; i++) {
      log -= Math.log(i);
    }
    if (variance <= mean * (1 + 1e-9)) {
      return log - mean;
    }
    double size = mean * mean / (variance - mean);
    for (int i = 0; i < x; i++) {
      log += Math.log((size + i) / (size + mean));
    }
    return log - size * Math.log1p(mean / size);
  }
}

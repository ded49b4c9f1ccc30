// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws of the distributions that the JDK lacks. */
final class Sampling {
  /** Below this rate a Poisson draw counts up from 0. */
  private static final double SMALL_RATE = 12;

  /** Up to this number, draws are made one by one. */
  private static final int FEW_TRIALS = 32;

  private static final int FEW_DRAWS = 1000;

  private Sampling() {}

  /** A uniform draw in (0, 1): its logarithm is finite. */
  static double uniform(RandomGenerator random) {
    double u;
    do {
      u = random.nextDouble();
    } while (u == 0);
    return u;
  }

  /** An index drawn by probabilities that sum to 1. */
  static int index(double[] probabilities, RandomGenerator random) {
    double left = random.nextDouble();
    for (int k = 0; k < probabilities.length - 1; k++) {
      left -= probabilities[k];
      if (left < 0) {
        return k;
      }
    }
    return probabilities.length - 1;
  }

  /**
   * Gamma with scale 1: Marsaglia and Tsang 2000, "A simple method for generating gamma". NaN for
   * NaN.
   */
  static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Elementary.pow(uniform(random), 1 / shape);
    }
    if (Double.isNaN(shape)) {
      return shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double normal = random.nextGaussian();
      double root = 1 + c * normal;
      if (root > 0) {
        double v = root * root * root;
        if (Elementary.log(uniform(random))
            < 0.5 * normal * normal + d - d * v + d * Elementary.log(v)) {
          return d * v;
        }
      }
    }
  }

  /**
   * Poisson: inversion for small rates, else Hoermann 1993, algorithm PTRS. A rate that is not
   * finite is returned.
   */
  static double poisson(double rate, RandomGenerator random) {
    if (!Double.isFinite(rate)) {
      return rate;
    }
    return rate < SMALL_RATE ? countedPoisson(rate, random) : rejectedPoisson(rate, random);
  }

  private static double countedPoisson(double rate, RandomGenerator random) {
    double left = random.nextDouble();
    double mass = Elementary.exp(-rate);
    int count = 0;
    while (left >= mass && mass > 0) {
      left -= mass;
      count++;
      mass *= rate / count;
    }
    return count;
  }

  private static double rejectedPoisson(double rate, RandomGenerator random) {
    double b = 0.931 + 2.53 * Math.sqrt(rate);
    double a = -0.059 + 0.02483 * b;
    double logInverseAlpha = Elementary.log(1.1239 + 1.1328 / (b - 3.4));
    double squeeze = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = uniform(random);
      double edge = 0.5 - Math.abs(u);
      double count = Math.floor((2 * a / edge + b) * u + rate + 0.43);
      if (edge >= 0.07 && v <= squeeze) {
        return count;
      }
      boolean outside = count < 0 || (edge < 0.013 && v > edge);
      if (!outside
          && Elementary.log(v) + logInverseAlpha - Elementary.log(a / (edge * edge) + b)
              <= count * Elementary.log(rate) - rate - GammaFunctions.logFactorial(count)) {
        return count;
      }
    }
  }

  /**
   * The number of successes in n trials, in O(log n) draws: the median of n uniform variables is a
   * Beta draw, on one side of which all are successes or none is (Devroye 1986, "Non-Uniform Random
   * Variate Generation", chapter X.4, recursive methods). A probability NaN gives a number in 0 to
   * n.
   */
  static long binomial(long n, double probability, RandomGenerator random) {
    long successes = 0;
    long trials = n;
    double p = probability;
    while (trials > FEW_TRIALS) {
      long below = (trials + 1) / 2;
      long above = trials + 1 - below;
      double x = gamma((double) below, random);
      double median = x / (x + gamma((double) above, random));
      if (p < median) {
        trials = below - 1;
        p /= median;
      } else {
        successes += below;
        trials = above - 1;
        p = (p - median) / (1 - median);
      }
    }
    for (long i = 0; i < trials; i++) {
      if (random.nextDouble() < p) {
        successes++;
      }
    }
    return successes;
  }

  /**
   * The counts of draws by probabilities that sum to 1. Many draws are made feature by feature, by
   * a binomial draw of those that the features before it have left.
   */
  static void multinomial(
      int draws, double[] probabilities, RandomGenerator random, double[] counts) {
    Arrays.fill(counts, 0);
    if (draws <= FEW_DRAWS) {
      for (int i = 0; i < draws; i++) {
        counts[index(probabilities, random)]++;
      }
      return;
    }
    // Sums from the end: the last probability above 0 is its own sum, and takes all that is left.
    double[] sums = probabilities.clone();
    for (int d = sums.length - 2; d >= 0; d--) {
      sums[d] += sums[d + 1];
    }
    long left = draws;
    for (int d = 0; d < counts.length && left > 0; d++) {
      long here = sums[d] == 0 ? 0 : binomial(left, probabilities[d] / sums[d], random);
      counts[d] = here;
      left -= here;
    }
  }
}

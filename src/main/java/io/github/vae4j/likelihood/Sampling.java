// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/** Draws of the distributions that the JDK lacks. */
final class Sampling {
  /** Below this rate a Poisson draw counts up from 0. */
  private static final double SMALL_RATE = 12;

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
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is a logistic variable rounded to one of n levels {@code 0, 1/(n-1), ..., 1}: the exact
 * likelihood of the grey values of 8-bit images (Kingma et al. 2016, "Improved variational
 * inference with inverse autoregressive flow", appendix A). The decoder gives D means, then D log
 * scales, in units of x. A mass; the first and the last level contain the tails.
 *
 * <p>With h half a step, s the scale (its logarithm clamped to [-30, 20]), {@code a = (x + h -
 * mean) / s}, {@code b = (x - h - mean) / s} and S the logistic function, {@code S(a) - S(b) = S(a)
 * S(-b) (1 - exp(b - a))} has no cancellation, so that {@code nll = softplus(-a) + softplus(b) -
 * log(1 - exp(b - a))}, {@code d mean = (S(-a) - S(b)) / s}, {@code d log scale = a S(-a) - b S(b)
 * + (a - b) / (exp(a - b) - 1)}. At x = 0 only the terms with a remain, at x = 1 only those with b.
 *
 * @param levels n, the only constant
 */
public record DiscretizedLogistic(int levels) implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "discretized-logistic";

  /**
   * The greatest distance of x from a level, in steps: the rounding of float32 for 65 536 levels.
   */
  private static final double TOLERANCE = 0.01;

  private static final int MOST_LEVELS = 65_536;

  /** Scales below the mean at which a probability differs from 1 by less than a rounding error. */
  private static final double CERTAIN = 40;

  /** Odds against a level from which on its probability is less than a rounding error. */
  private static final double HOPELESS = 1e17;

  /** Checks the number of levels. {@inheritDoc} */
  public DiscretizedLogistic {
    if (levels < 2 || levels > MOST_LEVELS) {
      throw new IllegalArgumentException(
          NAME + ": levels: expected 2 to " + MOST_LEVELS + ", given " + levels);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] constants() {
    return new double[] {levels};
  }

  @Override
  public int parametersPerFeature() {
    return 2;
  }

  @Override
  public boolean isDensity() {
    return false;
  }

  @Override
  public String support() {
    return "multiples of 1/" + (levels - 1) + " from 0 to 1";
  }

  @Override
  public boolean supports(double x) {
    return Math.abs(x * (levels - 1) - level(x)) <= TOLERANCE && level(x) >= 0 && level(x) < levels;
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    double level = level(x);
    double inverse = Elementary.exp(-Numerics.clampLog(parameters[1]));
    double above = (edge(level + 1) - parameters[0]) * inverse;
    double below = (edge(level) - parameters[0]) * inverse;
    double nll = 0;
    double dMean = 0;
    double dLogScale = 0;
    boolean first = level == 0;
    boolean last = level == levels - 1;
    if (!last) {
      double tail = Numerics.sigmoid(-above);
      nll += Numerics.softplus(-above);
      dMean += tail;
      dLogScale += above * tail;
    }
    if (!first) {
      double tail = Numerics.sigmoid(below);
      nll += Numerics.softplus(below);
      dMean -= tail;
      dLogScale -= below * tail;
    }
    if (!first && !last) {
      double width = inverse / (levels - 1);
      nll -= Numerics.log1mExp(width);
      dLogScale += width / Elementary.expm1(width);
    }
    gradient[0] = dMean * inverse;
    gradient[1] = Numerics.insideClamp(parameters[1], dLogScale);
    return nll;
  }

  /**
   * The sum over levels k above 0 of {@code P(x >= level k)}, times a step. The odds of {@code x <
   * level k} are a geometric series; outside of it the probabilities are 1 and 0.
   */
  @Override
  public double featureMean(double[] parameters) {
    double inverse = Elementary.exp(-Numerics.clampLog(parameters[1]));
    double certain = (parameters[0] - CERTAIN / inverse) * (levels - 1) + 0.5;
    double first = Math.min(Math.max(Math.floor(certain) + 1, 1), levels);
    double odds = Elementary.exp((edge(first) - parameters[0]) * inverse);
    double ratio = Elementary.exp(inverse / (levels - 1));
    double sum = first - 1;
    for (double level = first; level < levels && odds < HOPELESS; level++) {
      sum += 1 / (1 + odds);
      odds *= ratio;
    }
    return sum / (levels - 1);
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    double u = Sampling.uniform(random);
    double scale = Elementary.exp(Numerics.clampLog(parameters[1]));
    double level = level(parameters[0] + scale * (Elementary.log(u) - Elementary.log1p(-u)));
    return Math.min(Math.max(level, 0), levels - 1) / (levels - 1);
  }

  private double level(double x) {
    return Math.rint(x * (levels - 1));
  }

  /** The lower edge of a level. */
  private double edge(double level) {
    return (level - 0.5) / (levels - 1);
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "levels", levels);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.random.RandomGenerator;

/**
 * x is one of K levels, a number from 0 to K - 1; the decoder gives each feature K logits: D logits
 * of level 0, then D of level 1, ... A mass. {@code nll = logsumexp(l) - l[x]}, {@code gradient =
 * softmax(l) - onehot(x)}. Levels have no order, so that the most probable level is used in place
 * of a mean.
 *
 * @param levels K, the only constant
 */
public record Categorical(int levels) implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "categorical";

  /** The greatest number up to which float32 has all whole numbers. */
  private static final int MOST_LEVELS = 1 << 24;

  /** Checks the number of levels. {@inheritDoc} */
  public Categorical {
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
    return levels;
  }

  @Override
  public boolean isDensity() {
    return false;
  }

  @Override
  public String support() {
    return "levels: whole numbers from 0 to " + (levels - 1);
  }

  @Override
  public boolean supports(double x) {
    return Numerics.isCount(x) && x < levels;
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    int level = (int) x;
    System.arraycopy(parameters, 0, gradient, 0, levels);
    double logSum = Numerics.softmax(gradient);
    gradient[level] -= 1;
    return logSum - parameters[level];
  }

  @Override
  public double featureMean(double[] parameters) {
    int best = 0;
    for (int k = 1; k < levels; k++) {
      best = parameters[k] > parameters[best] ? k : best;
    }
    return best;
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    double[] probabilities = parameters.clone();
    Numerics.softmax(probabilities);
    return Sampling.index(probabilities, random);
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "levels", levels);
  }
}

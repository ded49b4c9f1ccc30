// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is 1 with probability sigmoid(l), l the decoder's output (a logit), else 0. A mass. {@code nll
 * = max(l, 0) - x l + log(1 + exp(-|l|))}, {@code gradient = sigmoid(l) - x}. Grey values in (0, 1)
 * are allowed: the nll is then a cross-entropy, which many papers report, and not a likelihood.
 */
public record Bernoulli() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "bernoulli";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int parametersPerFeature() {
    return 1;
  }

  @Override
  public boolean isDensity() {
    return false;
  }

  @Override
  public String support() {
    return "values in [0, 1]";
  }

  @Override
  public boolean supports(double x) {
    return x >= 0 && x <= 1;
  }

  @Override
  public boolean isLikelihoodAt(double x) {
    return x == 0 || x == 1;
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    double logit = parameters[0];
    gradient[0] = Numerics.sigmoid(logit) - x;
    return Math.max(logit, 0) - x * logit + Elementary.log1p(Elementary.exp(-Math.abs(logit)));
  }

  @Override
  public double featureMean(double[] parameters) {
    return Numerics.sigmoid(parameters[0]);
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return random.nextDouble() < Numerics.sigmoid(parameters[0]) ? 1 : 0;
  }

  @Override
  public String toString() {
    return NAME;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.random.RandomGenerator;

/**
 * x is 0 with probability pi = sigmoid(g), else {@linkplain NegativeBinomial negative binomial}
 * (Lopez et al. 2018, "Deep generative modeling for single-cell transcriptomics", where g is the
 * dropout logit). The decoder gives D log means, D log inverse dispersions, D logits g. A mass.
 * With n the negative binomial's nll: {@code nll = softplus(g) + n} where x is above 0, {@code
 * softplus(g) + n - softplus(g + n)} at 0, which is -log of pi + (1 - pi) exp(-n).
 */
public record ZeroInflatedNegativeBinomial() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "zero-inflated-negative-binomial";

  private static final NegativeBinomial COUNTS = new NegativeBinomial();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int parametersPerFeature() {
    return 3;
  }

  @Override
  public boolean isDensity() {
    return false;
  }

  @Override
  public String support() {
    return "counts: 0, 1, 2, ...";
  }

  @Override
  public boolean supports(double x) {
    return Numerics.isCount(x);
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    double logit = parameters[2];
    double counts = COUNTS.featureNll(parameters, x, gradient);
    gradient[2] = Numerics.sigmoid(logit);
    if (x > 0) {
      return Numerics.softplus(logit) + counts;
    }
    double counted = Numerics.sigmoid(-logit - counts);
    gradient[0] *= counted;
    gradient[1] *= counted;
    gradient[2] -= Numerics.sigmoid(logit + counts);
    return Numerics.softplus(logit) + counts - Numerics.softplus(logit + counts);
  }

  @Override
  public double featureMean(double[] parameters) {
    return Numerics.sigmoid(-parameters[2]) * COUNTS.featureMean(parameters);
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    boolean zero = random.nextDouble() < Numerics.sigmoid(parameters[2]);
    return zero ? 0 : COUNTS.featureSample(parameters, random);
  }

  @Override
  public String toString() {
    return NAME;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.random.RandomGenerator;

/**
 * x is normal around the decoder's outputs with one variance for all features and rows, learned
 * like a weight: its logarithm is the only shared parameter (Rybkin, Daniilidis and Levine 2021,
 * "Simple and effective VAE training with calibrated decoders", section 4). A density. nll and
 * gradients of a feature are those of {@link GaussianLearned}; the gradient of the log variance is
 * summed over features.
 */
public record GaussianShared() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "gaussian-shared";

  private static final GaussianLearned FEATURE = new GaussianLearned();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int parametersPerFeature() {
    return 1;
  }

  @Override
  public int shared(int features) {
    return 1;
  }

  @Override
  public boolean isDensity() {
    return true;
  }

  @Override
  public String support() {
    return FEATURE.support();
  }

  @Override
  public boolean supports(double x) {
    return FEATURE.supports(x);
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    return FEATURE.featureNll(parameters, x, gradient);
  }

  @Override
  public double featureMean(double[] parameters) {
    return FEATURE.featureMean(parameters);
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return FEATURE.featureSample(parameters, random);
  }

  @Override
  public String toString() {
    return NAME;
  }
}

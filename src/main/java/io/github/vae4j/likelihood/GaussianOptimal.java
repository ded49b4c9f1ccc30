// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is normal around the decoder's outputs with one variance for all features and rows. The
 * variance is not learned: each training step sets it to the batch's mean squared error, which
 * minimises the batch's nll ("sigma-VAE": Rybkin, Daniilidis and Levine 2021, "Simple and effective
 * VAE training with calibrated decoders", section 4.2). Its logarithm is the only shared parameter;
 * evaluation uses the value of the last step. A density. nll and gradient are those of {@link
 * GaussianShared}; at the optimum the gradient of the log variance is 0, so that the gradient of
 * the outputs is the whole derivative of the batch's nll.
 */
public record GaussianOptimal() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "gaussian-optimal";

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

  /**
   * The log variance that minimises a batch's nll, clamped like all log variances.
   *
   * @param squares the sum of squared errors over observed features, weighted by rows
   * @param weights the sum of the weights of the same features
   * @return log(squares / weights); NaN if no feature is observed
   */
  public static double logVariance(double squares, double weights) {
    return Numerics.clampLog(Elementary.log(squares / weights));
  }

  @Override
  public String toString() {
    return NAME;
  }
}

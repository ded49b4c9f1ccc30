// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.random.RandomGenerator;

/**
 * x is normal around the decoder's outputs with one variance for all features and rows, which is
 * not learned but set: in each training step it becomes the batch's mean squared error, where the
 * batch's nll is least ("sigma-VAE": Rybkin, Daniilidis and Levine 2021, "Simple and effective VAE
 * training with calibrated decoders", section 4.2). Its logarithm is the one shared parameter, so
 * that evaluation, which sets nothing, has the last step's. A density. nll and gradient are {@link
 * GaussianShared}'s; at the optimum the log variance has no gradient, so that the outputs' is the
 * whole derivative of the batch's nll.
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
   * The log variance at which a batch's nll is least, clamped as everywhere.
   *
   * @param squares the sum of squared errors over observed features, weighted by rows
   * @param weights the sum of the weights of the same
   * @return log(squares / weights); NaN where nothing was observed
   */
  public static double logVariance(double squares, double weights) {
    return Numerics.clampLog(Math.log(squares / weights));
  }

  @Override
  public String toString() {
    return NAME;
  }
}

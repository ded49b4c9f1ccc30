// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is Laplace with the mean and the log scale that the decoder gives each feature: D means, then D
 * log scales. A density. With s the log scale clamped to [-30, 20] and r = x - mean: {@code nll =
 * |r| exp(-s) + s + log 2}, {@code d mean = -sign(r) exp(-s)}, {@code d log scale = 1 - |r|
 * exp(-s)} and 0 outside the clamp.
 */
public record LaplaceLearned() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "laplace-learned";

  private static final double LOG_TWO = Elementary.log(2);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int parametersPerFeature() {
    return 2;
  }

  @Override
  public boolean isDensity() {
    return true;
  }

  @Override
  public String support() {
    return "finite values";
  }

  @Override
  public boolean supports(double x) {
    return Double.isFinite(x);
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    double logScale = Numerics.clampLog(parameters[1]);
    double residual = x - parameters[0];
    double inverse = Elementary.exp(-logScale);
    double deviation = Math.abs(residual) * inverse;
    gradient[0] = -Math.signum(residual) * inverse;
    gradient[1] = Numerics.insideClamp(parameters[1], 1 - deviation);
    return deviation + logScale + LOG_TWO;
  }

  @Override
  public double featureMean(double[] parameters) {
    return parameters[0];
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return parameters[0]
        + Elementary.exp(Numerics.clampLog(parameters[1])) * Laplace.standard(random);
  }

  @Override
  public String toString() {
    return NAME;
  }
}

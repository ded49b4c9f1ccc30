// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is normal with the mean and the log variance that the decoder gives each feature: D means, then
 * D log variances. A density. With s the log variance clamped to [-30, 20] and r = x - mean: {@code
 * nll = 1/2 (s + r^2 exp(-s) + log(2 pi))}, {@code d mean = -r exp(-s)}, {@code d logvar = 1/2 (1 -
 * r^2 exp(-s))} and 0 outside the clamp.
 */
public record GaussianLearned() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "gaussian-learned";

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
    double given = parameters[1];
    double logvar = Numerics.clampLog(given);
    double residual = x - parameters[0];
    double precision = Elementary.exp(-logvar);
    double square = residual * residual * precision;
    gradient[0] = -residual * precision;
    gradient[1] = Numerics.insideClamp(given, 0.5 * (1 - square));
    return 0.5 * (logvar + square + Numerics.LOG_TWO_PI);
  }

  @Override
  public double featureMean(double[] parameters) {
    return parameters[0];
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return parameters[0]
        + Elementary.exp(Numerics.clampLog(parameters[1]) / 2) * random.nextGaussian();
  }

  @Override
  public String toString() {
    return NAME;
  }
}

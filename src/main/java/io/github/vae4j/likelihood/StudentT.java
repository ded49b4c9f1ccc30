// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is Student's t with nu degrees of freedom around the decoder's location, at the decoder's
 * scale: D locations, then D log scales. A density with a bounded gradient in x, so that outliers
 * have little effect (Lange, Little and Taylor 1989, "Robust statistical modeling using the t
 * distribution", whose nu is 4). With s the log scale clamped to [-30, 20] and q = (x - location)^2
 * exp(-2 s): {@code nll = (nu + 1) / 2 log(1 + q / nu) + s + log Gamma(nu / 2) - log Gamma((nu + 1)
 * / 2) + 1/2 log(nu pi)}, {@code d location = -(nu + 1) (x - location) exp(-2 s) / (nu + q)},
 * {@code d log scale = 1 - (nu + 1) q / (nu + q)} and 0 outside the clamp.
 *
 * <p>nu is a setting, not learned: its gradient is weak, and the learned scale has nearly the same
 * effect. For nu of 1 or less there is no mean; the location is used in its place.
 *
 * @param nu degrees of freedom, the only constant
 */
public record StudentT(double nu) implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "student-t";

  /** Checks nu. {@inheritDoc} */
  public StudentT {
    if (!(nu > 0) || Double.isInfinite(nu)) {
      throw new IllegalArgumentException(NAME + ": nu: expected a number above 0, given " + nu);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] constants() {
    return new double[] {nu};
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
    double inverse = Elementary.exp(-logScale);
    double deviation = (x - parameters[0]) * inverse;
    double square = deviation * deviation;
    double pull = (nu + 1) / (nu + square);
    gradient[0] = -pull * deviation * inverse;
    gradient[1] = Numerics.insideClamp(parameters[1], 1 - pull * square);
    return 0.5 * (nu + 1) * Elementary.log1p(square / nu) + logScale + logNormalizer();
  }

  /**
   * The terms without x: with z = nu / 2, {@code 1/2 log(2 pi) - log(Gamma(z + 1/2) / (Gamma(z)
   * sqrt(z)))}.
   */
  private double logNormalizer() {
    return 0.5 * Numerics.LOG_TWO_PI - GammaFunctions.logRising(nu / 2, 0.5);
  }

  @Override
  public double featureMean(double[] parameters) {
    return parameters[0];
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    double precision = Sampling.gamma(nu / 2, random) / (nu / 2);
    double scale = Elementary.exp(Numerics.clampLog(parameters[1]));
    return parameters[0] + scale * random.nextGaussian() / Math.sqrt(precision);
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "nu", nu);
  }
}

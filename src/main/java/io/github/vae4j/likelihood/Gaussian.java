// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is normal around the decoder's output m with a fixed standard deviation. A density. {@code nll
 * = 1/2 ((x - m) / sigma)^2 + log sigma + 1/2 log(2 pi)}, {@code gradient = (m - x) / sigma^2}.
 *
 * @param sigma the standard deviation, the only constant
 */
public record Gaussian(double sigma) implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "gaussian";

  /** Checks sigma. {@inheritDoc} */
  public Gaussian {
    if (!(sigma > 0) || Double.isInfinite(sigma)) {
      throw new IllegalArgumentException(
          NAME + ": sigma: expected a number above 0, given " + sigma);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] constants() {
    return new double[] {sigma};
  }

  @Override
  public int parametersPerFeature() {
    return 1;
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
    double deviation = (x - parameters[0]) / sigma;
    gradient[0] = -deviation / sigma;
    return 0.5 * deviation * deviation + Elementary.log(sigma) + 0.5 * Numerics.LOG_TWO_PI;
  }

  @Override
  public double featureMean(double[] parameters) {
    return parameters[0];
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return parameters[0] + sigma * random.nextGaussian();
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "sigma", sigma);
  }
}

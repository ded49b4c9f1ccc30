// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is Laplace around the decoder's output m with a fixed scale. A density. {@code nll = |x - m| /
 * scale + log(2 scale)}, {@code gradient = sign(m - x) / scale}, and 0 at x = m.
 *
 * @param scale the mean absolute deviation, the only constant
 */
public record Laplace(double scale) implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "laplace";

  /** Checks the scale. {@inheritDoc} */
  public Laplace {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException(
          NAME + ": scale: expected a number above 0, given " + scale);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] constants() {
    return new double[] {scale};
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
    double residual = x - parameters[0];
    gradient[0] = -Math.signum(residual) / scale;
    return Math.abs(residual) / scale + Elementary.log(2 * scale);
  }

  @Override
  public double featureMean(double[] parameters) {
    return parameters[0];
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return parameters[0] + scale * standard(random);
  }

  /** A draw with mean 0 and scale 1. */
  static double standard(RandomGenerator random) {
    double size = random.nextExponential();
    return random.nextBoolean() ? size : -size;
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "scale", scale);
  }
}

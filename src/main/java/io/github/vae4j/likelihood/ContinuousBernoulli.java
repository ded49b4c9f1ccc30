// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x in [0, 1] with the density proportional to {@code exp(l x)}, l the decoder's output (a logit):
 * the Bernoulli cross-entropy, normalised to a likelihood of grey values (Loaiza-Ganem and
 * Cunningham 2019, "The continuous Bernoulli"). A density. {@code nll = log((exp(l) - 1) / l) - l
 * x}, {@code gradient = mean - x} with {@code mean = 1 / (1 - exp(-l)) - 1 / l}; both are
 * continuous at l = 0, where the density is uniform.
 */
public record ContinuousBernoulli() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "continuous-bernoulli";

  /** Logits nearer to 0 use the series of the mean, because its two terms cancel there. */
  private static final double SERIES = 0.03;

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
    return true;
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
  public double featureNll(double[] parameters, double x, double[] gradient) {
    double logit = parameters[0];
    gradient[0] = mean(logit) - x;
    return logNormalizer(logit) - logit * x;
  }

  /** log of the integral of exp(l x) over [0, 1]: log((exp(l) - 1) / l). */
  private static double logNormalizer(double logit) {
    double size = Math.abs(logit);
    double logRatio = size == 0 ? 0 : Elementary.log(-Elementary.expm1(-size) / size);
    return logRatio + Math.max(logit, 0);
  }

  private static double mean(double logit) {
    if (Math.abs(logit) < SERIES) {
      double square = logit * logit;
      return 0.5 + logit * (1.0 / 12 - square * (1.0 / 720 - square / 30240));
    }
    return -1 / Elementary.expm1(-logit) - 1 / logit;
  }

  @Override
  public double featureMean(double[] parameters) {
    return mean(parameters[0]);
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    double logit = parameters[0];
    double u = Sampling.uniform(random);
    if (logit == 0) {
      return u;
    }
    double size = Math.abs(logit);
    double fromTop = -Elementary.log1p(u * Elementary.expm1(-size)) / size;
    return logit > 0 ? 1 - fromTop : fromTop;
  }

  @Override
  public String toString() {
    return NAME;
  }
}

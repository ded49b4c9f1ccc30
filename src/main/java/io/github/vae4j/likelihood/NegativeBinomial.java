// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is a count, more spread than Poisson: its mean is mu and its variance mu + mu^2 / theta (Lopez
 * et al. 2018, "Deep generative modeling for single-cell transcriptomics"). The decoder gives D log
 * means m, then D log inverse dispersions t, theta = exp(t) with t clamped to [-30, 20]. A mass.
 * With u = m - t:
 *
 * <ul>
 *   <li>{@code nll = (theta + x) softplus(u) - x m - log(Gamma(theta + x) / (Gamma(theta) theta^x))
 *       + log x!}, which approaches Poisson's as theta grows
 *   <li>{@code d m = (theta + x) sigmoid(u) - x}
 *   <li>{@code d t = theta softplus(u) - (theta + x) sigmoid(u) + x - theta (psi(theta + x) -
 *       psi(theta))} and 0 outside the clamp
 * </ul>
 */
public record NegativeBinomial() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "negative-binomial";

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
    double logMean = parameters[0];
    double logTheta = Numerics.clampLog(parameters[1]);
    double theta = Elementary.exp(logTheta);
    double odds = logMean - logTheta;
    double softplus = Numerics.softplus(odds);
    double expected = (theta + x) * Numerics.sigmoid(odds);
    gradient[0] = expected - x;
    gradient[1] =
        Numerics.insideClamp(
            parameters[1],
            theta * (softplus - GammaFunctions.digammaRising(theta, x)) + (x - expected));
    return (theta + x) * softplus
        - x * logMean
        - GammaFunctions.logRising(theta, x)
        + GammaFunctions.logFactorial(x);
  }

  @Override
  public double featureMean(double[] parameters) {
    return Elementary.exp(parameters[0]);
  }

  /** Draws from a Poisson distribution whose rate is a gamma draw. */
  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    double theta = Elementary.exp(Numerics.clampLog(parameters[1]));
    double rate = Elementary.exp(parameters[0]) * (Sampling.gamma(theta, random) / theta);
    return Sampling.poisson(rate, random);
  }

  @Override
  public String toString() {
    return NAME;
  }
}

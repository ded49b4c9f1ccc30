// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;
import java.util.random.RandomGenerator;

/**
 * x is a count with the rate exp(l), l the decoder's output (a log rate, clamped above at 20). A
 * mass. {@code nll = exp(l) - x l + log x!}, {@code gradient = exp(l) - x}, and 0 above the clamp.
 * There is no lower clamp: exp(l) falls to 0 there and the gradient is -x.
 */
public record Poisson() implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "poisson";

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
    double logRate = Math.min(parameters[0], Numerics.MAX_LOG);
    double rate = Elementary.exp(logRate);
    gradient[0] = parameters[0] > Numerics.MAX_LOG ? 0 : rate - x;
    return rate - x * logRate + GammaFunctions.logFactorial(x);
  }

  @Override
  public double featureMean(double[] parameters) {
    return Elementary.exp(Math.min(parameters[0], Numerics.MAX_LOG));
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    return Sampling.poisson(featureMean(parameters), random);
  }

  @Override
  public String toString() {
    return NAME;
  }
}

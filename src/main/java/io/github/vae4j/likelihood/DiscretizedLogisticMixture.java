// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * x is drawn from one of K {@linkplain DiscretizedLogistic discretised logistics} (Salimans et al.
 * 2017, "PixelCNN++", equation 2, without its coupling of pixels and channels). The decoder gives D
 * logits of component 0, D of component 1, ..., then the means in the same order, then the log
 * scales. A mass. With {@code w = softmax(logits)}, p[k] the mass of component k and the
 * responsibility {@code r[k] = w[k] p[k] / p}: {@code nll = -log p = -log sum_k w[k] p[k]}, {@code
 * d logit[k] = w[k] - r[k]}, and the gradient of the parameters of component k is r[k] times that
 * of a single discretised logistic.
 *
 * @param components K, the first constant
 * @param levels n, the second constant
 */
public record DiscretizedLogisticMixture(int components, int levels) implements FeatureLikelihood {
  /** The registry's name. */
  public static final String NAME = "discretized-logistic-mixture";

  private static final int MOST_COMPONENTS = 256;

  /** Checks the sizes. {@inheritDoc} */
  public DiscretizedLogisticMixture {
    if (components < 1 || components > MOST_COMPONENTS) {
      throw new IllegalArgumentException(
          NAME + ": components: expected 1 to " + MOST_COMPONENTS + ", given " + components);
    }
    new DiscretizedLogistic(levels);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] constants() {
    return new double[] {components, levels};
  }

  @Override
  public int parametersPerFeature() {
    return 3 * components;
  }

  @Override
  public boolean isDensity() {
    return false;
  }

  @Override
  public String support() {
    return component().support();
  }

  @Override
  public boolean supports(double x) {
    return component().supports(x);
  }

  @Override
  public double featureNll(double[] parameters, double x, double[] gradient) {
    DiscretizedLogistic component = component();
    double[] weights = Arrays.copyOf(parameters, components);
    double logSumOfLogits = Numerics.softmax(weights);
    double[] responsibilities = new double[components];
    double[] own = new double[2];
    for (int k = 0; k < components; k++) {
      take(parameters, k, own);
      double[] ownGradient = new double[2];
      responsibilities[k] = parameters[k] - component.featureNll(own, x, ownGradient);
      gradient[components + k] = ownGradient[0];
      gradient[2 * components + k] = ownGradient[1];
    }
    double logSum = Numerics.softmax(responsibilities);
    for (int k = 0; k < components; k++) {
      gradient[k] = weights[k] - responsibilities[k];
      gradient[components + k] *= responsibilities[k];
      gradient[2 * components + k] *= responsibilities[k];
    }
    return logSumOfLogits - logSum;
  }

  @Override
  public double featureMean(double[] parameters) {
    DiscretizedLogistic component = component();
    double[] weights = weights(parameters);
    double[] own = new double[2];
    double mean = 0;
    for (int k = 0; k < components; k++) {
      take(parameters, k, own);
      mean += weights[k] * component.featureMean(own);
    }
    return mean;
  }

  @Override
  public double featureSample(double[] parameters, RandomGenerator random) {
    double[] own = new double[2];
    take(parameters, Sampling.index(weights(parameters), random), own);
    return component().featureSample(own, random);
  }

  private DiscretizedLogistic component() {
    return new DiscretizedLogistic(levels);
  }

  private double[] weights(double[] parameters) {
    double[] weights = Arrays.copyOf(parameters, components);
    Numerics.softmax(weights);
    return weights;
  }

  private void take(double[] parameters, int k, double[] own) {
    own[0] = parameters[components + k];
    own[1] = parameters[2 * components + k];
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "components", components) + ",levels=" + levels;
  }
}

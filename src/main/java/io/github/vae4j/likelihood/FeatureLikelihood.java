// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An observation model whose features are independent given z and all of one kind. It is defined
 * for one feature; rows are sums over features. The parameters of a row are P groups of D, then the
 * shared ones: parameter k of feature d is {@code parameters[k D + d]}. The parameters of a feature
 * are its P, then the shared ones.
 */
public interface FeatureLikelihood extends Likelihood {
  /**
   * The number of decoder outputs per feature.
   *
   * @return P
   */
  int parametersPerFeature();

  /**
   * Whether a value is allowed for a feature.
   *
   * @param x the value
   * @return false if the likelihood is undefined there
   */
  boolean supports(double x);

  /**
   * Whether {@link #featureNll} at a value is -log p(x).
   *
   * @param x the value
   * @return false if the result is not a likelihood
   */
  default boolean isLikelihoodAt(double x) {
    return supports(x);
  }

  /**
   * -log p(x | parameters) of one feature in nats, with its gradient.
   *
   * @param parameters P values and the shared ones
   * @param x the feature's value
   * @param gradient like parameters, receives d nll / d parameters
   * @return the negative log-likelihood
   */
  double featureNll(double[] parameters, double x, double[] gradient);

  /**
   * E[x | parameters] of one feature; for levels without order the most probable level.
   *
   * @param parameters P values and the shared ones
   * @return the mean
   */
  double featureMean(double[] parameters);

  /**
   * Draws one feature.
   *
   * @param parameters P values and the shared ones
   * @param random the source of randomness
   * @return a draw of p(x | parameters)
   */
  double featureSample(double[] parameters, RandomGenerator random);

  @Override
  default boolean supports(int feature, double x) {
    return supports(x);
  }

  @Override
  default boolean isLikelihoodAt(int feature, double x) {
    return isLikelihoodAt(x);
  }

  @Override
  default int parameters(int features) {
    return Math.multiplyExact(parametersPerFeature(), features);
  }

  @Override
  default double negativeLogLikelihood(
      double[] parameters, double[] x, boolean @Nullable [] observed, double[] gradient) {
    double[] own = own(x.length);
    double[] ownGradient = new double[own.length];
    Arrays.fill(gradient, 0);
    double sum = 0;
    for (int d = 0; d < x.length; d++) {
      if (observed == null || observed[d]) {
        take(parameters, d, x.length, own);
        sum += featureNll(own, x[d], ownGradient);
        for (int k = 0; k < own.length; k++) {
          gradient[place(k, d, x.length)] += ownGradient[k];
        }
      }
    }
    return sum;
  }

  @Override
  default void mean(double[] parameters, double[] mean) {
    double[] own = own(mean.length);
    for (int d = 0; d < mean.length; d++) {
      take(parameters, d, mean.length, own);
      mean[d] = featureMean(own);
    }
  }

  @Override
  default void sample(double[] parameters, RandomGenerator random, double[] sample) {
    double[] own = own(sample.length);
    for (int d = 0; d < sample.length; d++) {
      take(parameters, d, sample.length, own);
      sample[d] = featureSample(own, random);
    }
  }

  private double[] own(int features) {
    return new double[parametersPerFeature() + shared(features)];
  }

  private void take(double[] parameters, int d, int features, double[] own) {
    for (int k = 0; k < own.length; k++) {
      own[k] = parameters[place(k, d, features)];
    }
  }

  /** The index of parameter k of feature d; all features have the shared ones. */
  private int place(int k, int d, int features) {
    int each = parametersPerFeature();
    return k < each ? k * features + d : each * features + (k - each);
  }
}

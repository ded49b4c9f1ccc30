// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An observation model p(x|z), whose parameters are the decoder's outputs. It computes one row at a
 * time, in double, and is the specification that fused kernels are compared with. An instance is an
 * immutable value: objects with equal settings are equal; {@link Likelihoods#parse} reads its
 * toString.
 */
public interface Likelihood {
  /**
   * The registry's name, without settings.
   *
   * @return the name
   */
  String name();

  /**
   * The settings that kernels need, in the order of the registry.
   *
   * @return constants; empty if there are none
   */
  default double[] constants() {
    return new double[0];
  }

  /**
   * The number of decoder outputs.
   *
   * @param features D
   * @return outputs per row: P groups of D for P parameters per feature
   * @throws IllegalArgumentException if rows of D features cannot be modelled
   */
  int parameters(int features);

  /**
   * The number of parameters that do not depend on the row or on z. They are trained like weights,
   * start at 0, and follow the decoder's outputs in all arrays below.
   *
   * @param features D
   * @return the number; 0 for most likelihoods
   */
  default int shared(int features) {
    return 0;
  }

  /**
   * The blocks of columns, each with one simple likelihood. Backends compute a likelihood block by
   * block, so that only the simple likelihoods need a kernel.
   *
   * @param features D
   * @return the blocks in the order of their columns; every column is in one
   */
  default List<Block> blocks(int features) {
    return List.of(new Block(this, 0, features, 0, 0));
  }

  /**
   * Whether {@link #negativeLogLikelihood} is that of a density (nats can be negative) or of a
   * mass.
   *
   * @return true for a density
   */
  boolean isDensity();

  /**
   * The allowed values of x, for messages and documents.
   *
   * @return for example "values in [0, 1]"
   */
  String support();

  /**
   * The allowed values of a feature, for messages.
   *
   * @param feature the column
   * @return for example "values in [0, 1]"
   */
  default String support(int feature) {
    return support();
  }

  /**
   * Whether a value is allowed for a feature.
   *
   * @param feature the column
   * @param x its value
   * @return false if the likelihood is undefined there
   */
  boolean supports(int feature, double x);

  /**
   * Whether {@link #negativeLogLikelihood} at a value is -log p(x). It can be a useful loss at
   * other values: for a grey value Bernoulli's is the cross-entropy, which is not a likelihood.
   *
   * @param feature the column
   * @param x its value
   * @return false if the result is not a likelihood
   */
  default boolean isLikelihoodAt(int feature, double x) {
    return supports(feature, x);
  }

  /**
   * -log p(x | parameters) of a row in nats, summed over its observed features, with its gradient.
   * The value of a missing feature is not used, and the gradient of its parameters is 0.
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param x D values
   * @param observed false for missing features; null if none is missing
   * @param gradient receives d nll / d parameters
   * @return the negative log-likelihood
   */
  double negativeLogLikelihood(
      double[] parameters, double[] x, boolean @Nullable [] observed, double[] gradient);

  /**
   * -log p(x | parameters) of a row without missing features.
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param x D values
   * @param gradient receives d nll / d parameters
   * @return the negative log-likelihood
   */
  default double negativeLogLikelihood(double[] parameters, double[] x, double[] gradient) {
    return negativeLogLikelihood(parameters, x, null, gradient);
  }

  /**
   * E[x | parameters]; for levels without order, which have no mean, the most probable level.
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param mean receives D values
   */
  void mean(double[] parameters, double[] mean);

  /**
   * Draws x from p(x | parameters).
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param random the source of randomness
   * @param sample receives D values
   */
  void sample(double[] parameters, RandomGenerator random, double[] sample);
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An observation model p(x|z): what the decoder's outputs mean. One row at a time, in double: this
 * is the oracle that fused kernels are compared with. An instance is immutable and a value: equal
 * settings, equal objects; its toString is what {@link Likelihoods#parse} makes it from.
 */
public interface Likelihood {
  /**
   * The registry's name, without settings.
   *
   * @return the name
   */
  String name();

  /**
   * The settings that kernels need, in the order the registry documents.
   *
   * @return constants; empty where there are none
   */
  default double[] constants() {
    return new double[0];
  }

  /**
   * The number of decoder outputs.
   *
   * @param features D
   * @return outputs per row: P blocks of D for P parameters per feature
   * @throws IllegalArgumentException if rows of D features cannot be modelled
   */
  int parameters(int features);

  /**
   * The number of parameters that are the same for every row, whatever z is. They belong to the
   * model like weights, start at 0, and follow the decoder's outputs in all arrays below.
   *
   * @param features D
   * @return 0 for most
   */
  default int shared(int features) {
    return 0;
  }

  /**
   * The parts that columns fall into, each with one kind of model. Backends compute a likelihood
   * part by part, so that none but the simple kinds needs a kernel.
   *
   * @param features D
   * @return the parts in the order of their columns; all columns are in one
   */
  default List<Block> blocks(int features) {
    return List.of(new Block(this, 0, features, 0, 0));
  }

  /**
   * Whether {@link #negativeLogLikelihood} comes from a density (nats can be negative) or a mass.
   *
   * @return true for a density
   */
  boolean isDensity();

  /**
   * The values x may take, for messages and documents.
   *
   * @return for example "values in [0, 1]"
   */
  String support();

  /**
   * The values one feature may take, for messages.
   *
   * @param feature the column
   * @return for example "values in [0, 1]"
   */
  default String support(int feature) {
    return support();
  }

  /**
   * Whether a feature may take a value.
   *
   * @param feature the column
   * @param x its value
   * @return false where the likelihood is undefined
   */
  boolean supports(int feature, double x);

  /**
   * Whether {@link #negativeLogLikelihood} at a value is -log p(x). It may be a useful loss at more
   * values than that: Bernoulli's is the cross-entropy of a grey value, but not a likelihood.
   *
   * @param feature the column
   * @param x its value
   * @return false where the result must not be called a likelihood
   */
  default boolean isLikelihoodAt(int feature, double x) {
    return supports(feature, x);
  }

  /**
   * -log p(x | parameters) of a row in nats, summed over its observed features, with its gradient.
   * The value of a missing feature is not looked at, and the gradient of its parameters is 0.
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param x D values
   * @param observed false for missing features; null where there are none
   * @param gradient filled with d nll / d parameters
   * @return the negative log-likelihood
   */
  double negativeLogLikelihood(
      double[] parameters, double[] x, boolean @Nullable [] observed, double[] gradient);

  /**
   * -log p(x | parameters) of a row without missing features.
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param x D values
   * @param gradient filled with d nll / d parameters
   * @return the negative log-likelihood
   */
  default double negativeLogLikelihood(double[] parameters, double[] x, double[] gradient) {
    return negativeLogLikelihood(parameters, x, null, gradient);
  }

  /**
   * E[x | parameters]; of levels without order, which have no mean, the most probable one.
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param mean D values, filled
   */
  void mean(double[] parameters, double[] mean);

  /**
   * Draws x from p(x | parameters).
   *
   * @param parameters the decoder's outputs, then the shared parameters
   * @param random the source of randomness
   * @param sample D values, filled
   */
  void sample(double[] parameters, RandomGenerator random, double[] sample);
}

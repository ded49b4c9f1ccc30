// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

/**
 * The use of a draw. Two uses never share draws, for any steps and rows. The results of a seed
 * depend on the number: it must not change.
 */
public enum Stream {
  /** The order of rows in an epoch. */
  SHUFFLE(1),
  /** Dynamic binarisation of a training batch. */
  BINARIZE(2),
  /** Fixed binarisation of a data set: the step is 0 and the row is the data set's. */
  BINARIZE_FIXED(3),
  /** The noise of the reparameterised samples in training. */
  LATENT(4),
  /** The noise of the reparameterised samples in evaluation. */
  EVALUATE(5),
  /** Initial weights; the step is the parameter's index. */
  INITIALIZE(6),
  /** Latent codes drawn from the prior. */
  PRIOR(7),
  /** Observations drawn from p(x|z). */
  OBSERVATION(8),
  /** The split of a data set into training and validation rows. */
  SPLIT(9),
  /** Samples of the aggregate posterior; the step is the sample's number. */
  AGGREGATE(16),
  /** The initial values of a mixture's fit (step 0) and the components of its samples (step 1). */
  MIXTURE(17),
  /** Annealed importance sampling: initial codes, momenta and acceptance of chains. */
  ANNEAL(20),
  /** Latent codes drawn from the aggregated posterior. */
  INFORMATION(21),
  /** Draws of the prior that samples of q(z) are compared with in training. */
  MMD(24),
  /** The noise of the second stochastic layer in training. */
  LATENT_TOP(30),
  /** The noise of the second stochastic layer in evaluation. */
  EVALUATE_TOP(31),
  /** The values that dropout sets to 0 in training. */
  DROPOUT(32),
  /** The choice of the values of a table's column that quantiles are computed of. */
  SCHEMA(33),
  /** Cells of synthetic rows, and imputed ones. */
  CELL(34),
  /** The cells of training rows that are hidden. */
  HIDDEN_CELL(35),
  /** Cells that complete a row for its encoder, while the row is imputed. */
  COMPLETION(36),
  /** The rows, columns and first splits of the trees that tell two samples apart. */
  COMPARE(37),
  /** Mirrors and shifts of the images of a training batch. */
  AUGMENT(38);

  private final int id;

  Stream(int id) {
    this.id = id;
  }

  /**
   * The number that enters the counter.
   *
   * @return 1 to 255
   */
  public int id() {
    return id;
  }
}

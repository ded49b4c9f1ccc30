// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.train.TrainConfig.Augment;
import io.github.vae4j.train.TrainConfig.Binarize;
import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * Changes some settings of a {@link TrainConfig} and keeps the others; {@link #build} checks the
 * ranges.
 */
public final class TrainConfigBuilder {
  private int epochs;
  private int batch;
  private Objective objective;
  private Optimizer optimizer;
  private LearningRate schedule;
  private long seed;
  private Binarize binarize;
  private double emaDecay;
  private int patience;
  private int maxSkips;
  private @Nullable Augment augment;

  TrainConfigBuilder(TrainConfig from) {
    epochs = from.epochs();
    batch = from.batch();
    objective = from.objective();
    optimizer = from.optimizer();
    schedule = from.schedule();
    seed = from.seed();
    binarize = from.binarize();
    emaDecay = from.emaDecay();
    patience = from.patience();
    maxSkips = from.maxSkips();
    augment = from.augment();
  }

  /**
   * Sets the passes over the data.
   *
   * @param epochs the total number
   * @return this
   */
  public TrainConfigBuilder epochs(int epochs) {
    this.epochs = epochs;
    return this;
  }

  /**
   * Sets the rows per step.
   *
   * @param batch rows
   * @return this
   */
  public TrainConfigBuilder batch(int batch) {
    this.batch = batch;
    return this;
  }

  /**
   * Sets the objective.
   *
   * @param objective the objective
   * @return this
   */
  public TrainConfigBuilder objective(Objective objective) {
    this.objective = objective;
    return this;
  }

  /**
   * Sets the optimizer.
   *
   * @param optimizer Adam or AdamW
   * @return this
   */
  public TrainConfigBuilder optimizer(Optimizer optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  /**
   * Sets the learning rate over time.
   *
   * @param schedule a factor of the optimizer's rate
   * @return this
   */
  public TrainConfigBuilder schedule(LearningRate schedule) {
    this.schedule = schedule;
    return this;
  }

  /**
   * Sets the seed of weights, order and noise.
   *
   * @param seed the seed
   * @return this
   */
  public TrainConfigBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Sets the binarisation of values in [0, 1].
   *
   * @param binarize the binarisation
   * @return this
   */
  public TrainConfigBuilder binarize(Binarize binarize) {
    this.binarize = binarize;
    return this;
  }

  /**
   * Sets the decay of the weights' moving average.
   *
   * @param emaDecay 0 for none
   * @return this
   */
  public TrainConfigBuilder emaDecay(double emaDecay) {
    this.emaDecay = emaDecay;
    return this;
  }

  /**
   * Sets the epochs without a better test ELBO before training stops.
   *
   * @param patience 0 for never
   * @return this
   */
  public TrainConfigBuilder patience(int patience) {
    this.patience = patience;
    return this;
  }

  /**
   * Sets the number of consecutive non-finite steps before training stops.
   *
   * @param maxSkips 1 or more
   * @return this
   */
  public TrainConfigBuilder maxSkips(int maxSkips) {
    this.maxSkips = maxSkips;
    return this;
  }

  /**
   * Sets the random changes of the training images.
   *
   * @param augment null for none
   * @return this
   */
  public TrainConfigBuilder augment(@Nullable Augment augment) {
    this.augment = augment;
    return this;
  }

  /**
   * Builds the configuration.
   *
   * @return the configuration
   * @throws IllegalArgumentException if a setting is out of range
   */
  public TrainConfig build() {
    return new TrainConfig(
        epochs, batch, objective, optimizer, schedule, seed, binarize, emaDecay, patience, maxSkips,
        augment);
  }
}

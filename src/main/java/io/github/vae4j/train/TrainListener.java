// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

/** Hears what a training run does, on its thread. */
public interface TrainListener {
  /** Hears nothing. */
  TrainListener NONE = new TrainListener() {};

  /**
   * Some steps were taken; called at least once an epoch and a few times a second.
   *
   * @param progress where the run is
   */
  default void onProgress(Progress progress) {}

  /**
   * An epoch ended and was evaluated.
   *
   * @param metrics its numbers
   * @param state makes a copy of the run's state, for a checkpoint
   */
  default void onEpoch(EpochMetrics metrics, java.util.function.Supplier<TrainState> state) {}

  /**
   * Where a run is.
   *
   * @param epoch from 1
   * @param epochs in all
   * @param step in this epoch, from 1
   * @param steps in this epoch
   * @param rowsPerSecond since the last report
   * @param reconstruction mean of log p(x|z) over the epoch so far, nats per row
   * @param kl mean of KL over the epoch so far, nats per row
   */
  record Progress(
      int epoch,
      int epochs,
      int step,
      int steps,
      double rowsPerSecond,
      double reconstruction,
      double kl) {
    /**
     * The bound.
     *
     * @return reconstruction - kl
     */
    public double elbo() {
      return reconstruction - kl;
    }
  }
}

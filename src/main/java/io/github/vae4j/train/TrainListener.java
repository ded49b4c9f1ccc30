// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import java.util.function.Supplier;

/** Receives the progress of a training run, on the run's thread. */
public interface TrainListener {
  /** Ignores all calls. */
  TrainListener NONE = new TrainListener() {};

  /**
   * Reports progress; called at least once per epoch and a few times per second.
   *
   * @param progress the position of the run
   */
  default void onProgress(Progress progress) {}

  /**
   * Reports an epoch that has ended and was evaluated.
   *
   * @param metrics of the epoch
   * @param state copies the run's state, for a checkpoint
   */
  default void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {}

  /**
   * Called between two steps, or between two calls of the backend that run several steps. An
   * exception ends the run; its state is then that between the two steps.
   *
   * @param state copies the run's state, for a checkpoint; it waits for the submitted steps
   */
  default void betweenSteps(Supplier<TrainState> state) {}

  /**
   * The position of a run.
   *
   * @param epoch from 1
   * @param epochs the total number
   * @param step in this epoch, from 1
   * @param steps in this epoch
   * @param rowsPerSecond training rows per second since the last report
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

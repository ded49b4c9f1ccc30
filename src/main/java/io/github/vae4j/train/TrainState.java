// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The complete state of a training run between two steps: a run that is restored from it and
 * continued has the same bits as a run that never stopped. Arrays are flat, in the order of {@link
 * io.github.vae4j.model.ParameterLayout}: of its whole length, or of its trained part. The random
 * generators are counter-based, so that seed, step and epoch are their whole state.
 *
 * @param parameters trained parameters, then state
 * @param m Adam's first moments of the trained parameters
 * @param v Adam's second moments of the trained parameters
 * @param average the moving average of the trained parameters; null for none
 * @param adam the number of steps applied, of steps skipped, and of consecutive steps skipped last
 * @param clock the position of the run
 * @param bestElbo the best test ELBO so far; negative infinity before the first
 * @param epochsSinceBest the number of epochs since the best test ELBO
 * @param choices the backend's choices by measurement ({@link
 *     io.github.vae4j.backend.Backend#choices})
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainState(
    float[] parameters,
    float[] m,
    float[] v,
    float @Nullable [] average,
    double[] adam,
    Clock clock,
    double bestElbo,
    int epochsSinceBest,
    Map<String, String> choices) {
  /**
   * The weights to evaluate and to save: the moving average if there is one, else the trained
   * parameters, then state.
   *
   * @return a new array of the layout's whole length
   */
  public float[] weights() {
    return served(parameters.clone(), average);
  }

  /**
   * The state with which a run goes on with other training rows: it starts its epoch again, with
   * the weights and the number of steps that it has.
   *
   * @return this state at the start of its epoch
   */
  public TrainState restartEpoch() {
    Clock restarted = new Clock(clock.step(), clock.epoch(), 0, new double[clock.sums().length]);
    return new TrainState(
        parameters, m, v, average, adam, restarted, bestElbo, epochsSinceBest, choices);
  }

  /**
   * The state with which a run goes on with other test rows, or with other rules of the best model:
   * the next epoch's test ELBO is the best.
   *
   * @return this state before any evaluation
   */
  public TrainState withoutBest() {
    return new TrainState(
        parameters, m, v, average, adam, clock, Double.NEGATIVE_INFINITY, 0, choices);
  }

  /**
   * Checks that the position is one of a run's.
   *
   * @param rows of the training data
   * @param batch rows per step
   * @throws IllegalArgumentException if no run over these rows has it
   */
  public void requirePosition(int rows, int batch) {
    int size = Math.min(batch, rows);
    if (clock.position() < 0 || clock.position() >= rows || clock.position() % size != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the state of a run at row %d of an epoch does not fit %d rows in batches of %d",
              clock.position(),
              rows,
              size));
    }
    if (clock.step() < clock.epoch() || (clock.position() > 0 && clock.step() <= clock.epoch())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the state of a run after %d steps cannot be in epoch %d",
              clock.step(),
              clock.epoch() + 1L));
    }
    if (clock.sums().length > EpochSums.LENGTH) {
      throw new IllegalArgumentException(
          "epoch sums: expected at most "
              + EpochSums.LENGTH
              + " values, given "
              + clock.sums().length);
    }
  }

  /** Puts the average over the trained part of the weights, where there is one. */
  static float[] served(float[] weights, float @Nullable [] average) {
    if (average != null) {
      System.arraycopy(average, 0, weights, 0, average.length);
    }
    return weights;
  }

  /**
   * The position of a run: its next step.
   *
   * @param step the total number of steps run
   * @param epoch the number of complete epochs
   * @param position the number of rows used in the current epoch
   * @param sums of the current epoch's metrics so far
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Clock(long step, int epoch, int position, double[] sums) {}
}

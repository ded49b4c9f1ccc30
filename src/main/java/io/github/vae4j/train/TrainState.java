// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

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

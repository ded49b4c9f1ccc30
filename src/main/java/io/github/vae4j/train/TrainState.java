// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a training run is between two steps: restoring it and going on gives the same
 * bits as not having stopped. Arrays are flat, in the order of {@link
 * io.github.vae4j.model.ParameterLayout}: of its whole length, or of its trained part. The random
 * generators are counter-based, so seed, step and epoch are their whole state.
 *
 * @param parameters trained parameters, then state
 * @param m Adam's first moments of the trained parameters
 * @param v Adam's second moments of the same
 * @param average the moving average of the trained parameters; null where there is none
 * @param adam steps applied, skipped, skipped in a row
 * @param clock where the run is
 * @param bestElbo the best test ELBO so far; negative infinity before the first
 * @param epochsSinceBest epochs since then
 * @param choices what the backend decided by measuring ({@link
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
   * The weights to evaluate and to save: the moving average where there is one, and the state.
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
   * Where a run is: the next step to take.
   *
   * @param step steps taken in all
   * @param epoch epochs completed
   * @param position rows taken in the current epoch
   * @param sums what the current epoch's metrics have summed so far
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Clock(long step, int epoch, int position, double[] sums) {}
}

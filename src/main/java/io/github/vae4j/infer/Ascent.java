// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * The ascent of a batch of rows, in rounds of the configured steps. A step of Adam moves a
 * statistic by about its learning rate at most, so that a round cannot move it farther than the sum
 * of its rates. A row whose statistics moved by a large part of that sum, with a higher bound, may
 * not have arrived: its ascent goes on with another round. A row that has arrived keeps its result,
 * so that it does not depend on the other rows of the batch.
 */
final class Ascent {
  /** The greatest number of rounds. */
  static final int ROUNDS = 12;

  /**
   * The part of the reachable distance from which a row may not have arrived in its first round.
   */
  private static final double FAR = 0.3;

  /** The same for a row that was far in the round before. */
  private static final double STILL_FAR = 0.1;

  /** The gain of a round, in nats, below which a row has arrived. */
  private static final double GAIN = 0.01;

  /** The best statistics of each row, of the start and of the end of each round. */
  final float[] best;

  /** Their bounds. */
  final double[] bounds;

  /** Whether each row has arrived. */
  final boolean[] converged;

  Ascent(InferencePlan plan, InferenceConfig config, float[] start, double[] startBounds) {
    best = start.clone();
    bounds = startBounds.clone();
    converged = new boolean[bounds.length];
    double reach = 0;
    for (int step = 0; step < config.steps(); step++) {
      reach += config.rateAt(step);
    }
    float[] from = start;
    int left = bounds.length;
    for (int round = 0; round < ROUNDS && left > 0; round++) {
      plan.ascend(round);
      double[] ends = plan.score();
      float[] end = plan.stats.toFloats();
      for (int row = 0; row < bounds.length; row++) {
        double far = (round == 0 ? FAR : STILL_FAR) * reach;
        if (!converged[row] && arrives(from, end, row, ends[row], far)) {
          converged[row] = true;
          left--;
        }
      }
      from = end;
    }
  }

  /** Keeps the end of a round if it is better; returns whether the row has arrived. */
  private boolean arrives(float[] from, float[] end, int row, double bound, double far) {
    int width = best.length / bounds.length;
    double most = 0;
    for (int i = row * width; i < (row + 1) * width; i++) {
      most = Math.max(most, Math.abs((double) end[i] - from[i]));
    }
    double gain = bound - bounds[row];
    if (gain > 0) {
      bounds[row] = bound;
      System.arraycopy(end, row * width, best, row * width, width);
    }
    return !(most >= far && gain >= GAIN);
  }
}

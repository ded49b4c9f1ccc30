// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.numeric.Elementary;

/**
 * The settings of the optimisation of each row's posterior.
 *
 * @param steps of Adam in a round; the ascent of a row has more rounds if it has not arrived
 * @param learningRate of the first step of a round
 * @param decay the ratio of the last step's learning rate to the first's; geometric in between, 1
 *     for a constant rate
 * @param samples L, Monte-Carlo samples per row and step
 * @param scoringSamples Monte-Carlo samples per row of the bounds that are compared and reported
 * @param start the start of the ascent
 * @param seed of the noise
 */
public record InferenceConfig(
    int steps,
    double learningRate,
    double decay,
    int samples,
    int scoringSamples,
    Start start,
    long seed) {
  /** The start of the ascent. */
  public enum Start {
    /** The encoder's output. */
    ENCODER,
    /** The prior: mean 0, log variance 0. */
    PRIOR
  }

  /** Checks ranges. {@inheritDoc} */
  public InferenceConfig {
    atLeastOne("steps", steps);
    atLeastOne("samples", samples);
    atLeastOne("scoringSamples", scoringSamples);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learningRate: expected a number above 0, given " + learningRate);
    }
    if (!(decay > 0 && decay <= 1)) {
      throw new IllegalArgumentException("decay: expected above 0 to 1, given " + decay);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, given " + value);
    }
  }

  /**
   * From the encoder's output, 100 steps of 4 samples, the learning rate falling from 0.1 to 0.001,
   * scored by 100 samples.
   *
   * @return the defaults
   */
  public static InferenceConfig defaults() {
    return new InferenceConfig(100, 0.1, 0.01, 4, 100, Start.ENCODER, 0);
  }

  /**
   * The learning rate of a step.
   *
   * @param step from 0
   * @return the rate
   */
  double rateAt(int step) {
    return steps == 1 ? learningRate : learningRate * Elementary.pow(decay, step / (steps - 1.0));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.LearningRate;
import java.util.List;

/**
 * The configuration of a second stage's training.
 *
 * @param hidden units of the encoder's hidden layers; the decoder has them in the opposite order
 * @param training of the second stage, on codes of the first
 */
public record TwoStageConfig(List<Integer> hidden, TrainConfig training) {
  /** Copies the list. {@inheritDoc} */
  public TwoStageConfig {
    hidden = List.copyOf(hidden);
  }

  /**
   * Two layers of 256 units, batches of 128, Adam at 1e-3 falling to 0 along half a cosine.
   *
   * @param epochs passes over the codes
   * @param seed of weights, order and noise
   * @return the configuration
   */
  public static TwoStageConfig of(int epochs, long seed) {
    return new TwoStageConfig(
        List.of(256, 256),
        TrainConfig.builder()
            .epochs(epochs)
            .schedule(new LearningRate(LearningRate.Shape.COSINE, 0, 1, 0))
            .seed(seed)
            .build());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code vae.json}.
 *
 * @param model the model
 * @param training the configuration of the run; null if it is not known
 * @param data the source of the data; null if it is not known
 * @param prints the fingerprints of the data; null if they are not known
 */
public record RunFile(
    VaeSpec model,
    @Nullable TrainConfig training,
    @Nullable DataSource data,
    @Nullable DataPrints prints) {
  /**
   * A run without fingerprints.
   *
   * @param model the model
   * @param training the configuration of the run; null if it is not known
   * @param data the source of the data; null if it is not known
   */
  public RunFile(VaeSpec model, @Nullable TrainConfig training, @Nullable DataSource data) {
    this(model, training, data, null);
  }
}

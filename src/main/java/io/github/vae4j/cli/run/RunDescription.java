// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.DataPrints;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainState;

/**
 * Everything that a run's files say of it, apart from its state.
 *
 * @param model the model
 * @param training its training
 * @param source the names of the data
 * @param prints the fingerprints of the data
 */
public record RunDescription(
    VaeSpec model, TrainConfig training, DataSource source, DataPrints prints) {
  RunFile file() {
    return new RunFile(model, training, source, prints);
  }

  Checkpoint checkpoint(TrainState state) {
    return new Checkpoint(model, training, source, prints, state);
  }
}

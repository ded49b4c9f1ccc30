// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.DataPrints;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.schema.Features;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.train.TrainConfig;
import org.jspecify.annotations.Nullable;

/** The split of a run's training table, recognised by its content in a file of any name. */
public final class RunSplit {
  private RunSplit() {}

  /**
   * Splits rows as the run did, if they are those that it was trained on.
   *
   * @param rows all rows of a table, without noise; they must stay open
   * @param features of the model's schema
   * @param run the run; null if it is not known
   * @param arena closes the parts
   * @return the training rows and those that were held out, if there were some; null if the run had
   *     other rows, or does not have their fingerprint
   */
  public static @Nullable TrainData of(
      DataSet rows, Features features, @Nullable RunFile run, Arena arena) {
    DataSource source = run == null ? null : run.data();
    DataPrints prints = run == null ? null : run.prints();
    TrainConfig training = run == null ? null : run.training();
    if (source == null || prints == null || training == null) {
      return null;
    }
    double heldOut = source.test() == null ? source.validationFraction() : 0;
    if (heldOut > 0 && rows.rows() < 2) {
      return null;
    }
    TrainData parts = TrainData.split(rows, heldOut, training.seed(), arena);
    if ((long) parts.train().rows() * source.passesOrOne() != prints.train().rows()) {
      return null;
    }
    // The run's fingerprint is that of rows with noise and hidden cells.
    DataSet changed =
        arena.own(TrainData.changed(parts.train(), source, features, training.seed()));
    return Fingerprint.of(changed).values().equals(prints.train().values()) ? parts : null;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.CheckpointException;
import io.github.vae4j.checkpoint.DataPrints;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state with which a resumed run goes on, on the data that are there now.
 *
 * @param state the state
 * @param changed whether the checkpoint is to be written anew
 * @param remarks for the user
 */
public record Continuation(TrainState state, boolean changed, List<String> remarks) {
  /** The option that lets a run go on with other data. */
  public static final String ACCEPT = "--accept-changed-data";

  /**
   * Compares a run's data with those of its checkpoint.
   *
   * @param folder of the run
   * @param checkpoint of the run
   * @param now the run as it goes on
   * @param rows the number of training rows
   * @param accept whether the data may have changed
   * @return the continuation
   * @throws VaeException if the data have changed and may not
   */
  public static Continuation of(
      Path folder, Checkpoint checkpoint, RunDescription now, int rows, boolean accept) {
    List<String> remarks = new ArrayList<>();
    TrainState state = checkpoint.state();
    @Nullable DataPrints before = checkpoint.prints();
    List<String> differences = List.of();
    if (before == null) {
      remarks.add(
          "the checkpoint is of an earlier vae4j, without a fingerprint of the data: whether they"
              + " have changed is not known");
    } else {
      differences = before.differences(now.prints());
    }
    if (!differences.isEmpty()) {
      String text = "the data have changed since: " + String.join("; ", differences);
      if (!accept) {
        throw new VaeException(
            "cannot resume "
                + folder
                + ": "
                + text
                + "; give it its data again, start a new run in another folder, or go on with "
                + ACCEPT);
      }
      remarks.add(text);
    }
    boolean otherRows =
        before == null ? !fits(state, rows, now.training()) : !same(before, now.prints());
    boolean restarts = accept && otherRows && state.clock().position() > 0;
    if (restarts) {
      state = state.restartEpoch();
      remarks.add("epoch " + (state.clock().epoch() + 1) + " starts again, with the data of now");
    }
    boolean patience = checkpoint.training().patience() == 0 && now.training().patience() > 0;
    if (!differences.isEmpty() || patience) {
      state = state.withoutBest();
    }
    check(folder, state, rows, now.training());
    boolean settings = !checkpoint.training().equals(now.training());
    return new Continuation(state, settings || !differences.isEmpty() || restarts, remarks);
  }

  private static boolean same(DataPrints before, DataPrints now) {
    return before.train().equals(now.train());
  }

  private static boolean fits(TrainState state, int rows, TrainConfig training) {
    try {
      state.requirePosition(rows, training.batch());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void check(Path folder, TrainState state, int rows, TrainConfig training) {
    try {
      state.requirePosition(rows, training.batch());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          folder.resolve(RunFolder.CHECKPOINT),
          e.getMessage() + "; if the data have changed, go on with " + ACCEPT,
          e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.OpenRun;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.nio.file.Files;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Saves a run before its first step, after each epoch, and from time to time within one. After an
 * epoch it saves metrics, checkpoint and model, in this order: a run that is resumed from its
 * checkpoint has all metrics, and saves the model that a kill kept it from saving. With {@code
 * patience}, the model is the best so far.
 */
final class RunRecorder implements TrainListener {
  private final Supplier<OpenRun> open;
  private final RunDescription about;
  private final CheckpointPace pace;
  private final TrainListener next;
  private @Nullable OpenRun opened;
  private volatile TrainState.@Nullable Clock saved;
  private int epochsInMetrics;
  private double bestElbo = Double.NaN;

  /**
   * A recorder.
   *
   * @param open opens the folder
   * @param about the run's model, training and data
   * @param pace of the checkpoints within an epoch
   * @param next receives all calls, after the run is saved
   */
  RunRecorder(
      Supplier<OpenRun> open, RunDescription about, CheckpointPace pace, TrainListener next) {
    this.open = open;
    this.about = about;
    this.pace = pace;
    this.next = next;
  }

  /** The open folder. */
  OpenRun run() {
    return Objects.requireNonNull(opened, "not started");
  }

  /** Opens the folder and saves a new run before its first step, so that it can be resumed. */
  void start(TrainState state) {
    opened = open.get();
    saveCheckpoint(state);
    VaeJson.write(run().folder().file(RunFolder.SPECIFICATION), about.file());
  }

  /**
   * Opens the folder and brings the files of a resumed run to its checkpoint, which a killed
   * process may have left behind or ahead.
   *
   * @param state that the run goes on with
   * @param changed whether its settings or its data are not those of the checkpoint
   */
  void resume(TrainState state, boolean changed) {
    opened = open.get();
    TrainState.Clock clock = state.clock();
    run().folder().dropMetricsAfter(clock.epoch());
    if (changed) {
      saveCheckpoint(state);
    }
    VaeJson.write(run().folder().file(RunFolder.SPECIFICATION), about.file());
    saved = clock;
    epochsInMetrics = clock.epoch();
    bestElbo = state.bestElbo();
    if (clock.epoch() > 0 && clock.position() == 0 && isBest(state)) {
      saveModel(state);
    }
  }

  /** Whether the model of a state between two epochs is the one to keep. */
  private boolean isBest(TrainState state) {
    return about.training().patience() == 0 || state.epochsSinceBest() == 0;
  }

  @Override
  public void onProgress(Progress progress) {
    next.onProgress(progress);
  }

  @Override
  public void betweenSteps(Supplier<TrainState> state) {
    if (pace.due()) {
      saveCheckpoint(state);
    }
  }

  @Override
  public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
    TrainState now = state.get();
    run().folder().appendMetrics(metrics);
    epochsInMetrics = metrics.epoch();
    bestElbo = now.bestElbo();
    saveCheckpoint(now);
    if (isBest(now)) {
      saveModel(now);
    }
    next.onEpoch(metrics, () -> now);
  }

  /** Saves a run that has ended. */
  void finish(TrainState state, Trainer.End end) {
    boolean stopped = end == Trainer.End.STOPPED;
    if (stopped && !isSaved(state.clock())) {
      saveCheckpoint(state);
    }
    boolean last = stopped && about.training().patience() == 0;
    if (last || !Files.exists(run().folder().file(RunFolder.MODEL))) {
      saveModel(state);
    }
  }

  /**
   * Saves a run that an exception ends, if its state is whole and has all its metrics.
   *
   * @param trainer of the run
   * @param failure receives the failures of saving
   */
  void rescue(Trainer trainer, RuntimeException failure) {
    try {
      TrainState state = trainer.state();
      if (state.clock().epoch() == epochsInMetrics && !isSaved(state.clock())) {
        saveCheckpoint(state);
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private boolean isSaved(TrainState.Clock clock) {
    TrainState.Clock last = saved;
    return last != null && last.step() == clock.step() && last.epoch() == clock.epoch();
  }

  /** The position of the newest checkpoint; null before the first. */
  TrainState.@Nullable Clock saved() {
    return saved;
  }

  /** The best test ELBO of the epochs so far. */
  double bestElbo() {
    return bestElbo;
  }

  private void saveCheckpoint(TrainState state) {
    saveCheckpoint(() -> state);
  }

  private void saveCheckpoint(Supplier<TrainState> state) {
    pace.save(
        () -> {
          TrainState now = state.get();
          about.checkpoint(now).save(run().folder().path());
          // Also if what follows fails, unless the run that was there is still in its place.
          saved = now.clock();
          if (now.clock().step() > 0) {
            run().keep();
          }
        });
  }

  private void saveModel(TrainState state) {
    ModelFile.save(run().folder().file(RunFolder.MODEL), about.model(), state.weights());
  }
}

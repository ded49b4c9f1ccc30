// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.nio.file.Files;
import java.util.function.Supplier;

/**
 * Saves a run after each epoch: metrics, model and checkpoint, in this order, so that a run that is
 * resumed from its checkpoint has all metrics. With {@code patience}, the model is the best so far.
 */
final class RunRecorder implements TrainListener {
  private final RunFolder folder;
  private final VaeSpec model;
  private final TrainConfig training;
  private final DataSource data;
  private final TrainListener next;

  /**
   * A recorder.
   *
   * @param folder of the run
   * @param model the model
   * @param training the configuration of the run
   * @param data the source of the training data
   * @param next receives all calls, after the run is saved
   */
  RunRecorder(
      RunFolder folder, VaeSpec model, TrainConfig training, DataSource data, TrainListener next) {
    this.folder = folder;
    this.model = model;
    this.training = training;
    this.data = data;
    this.next = next;
  }

  @Override
  public void onProgress(Progress progress) {
    next.onProgress(progress);
  }

  @Override
  public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
    TrainState now = state.get();
    folder.appendMetrics(metrics);
    if (training.patience() == 0 || now.epochsSinceBest() == 0) {
      saveModel(now);
    }
    saveCheckpoint(now);
    next.onEpoch(metrics, () -> now);
  }

  /** Saves a run that was stopped within an epoch. */
  void finish(TrainState state, Trainer.End end) {
    boolean stopped = end == Trainer.End.STOPPED;
    if ((stopped && training.patience() == 0) || !Files.exists(folder.file(RunFolder.MODEL))) {
      saveModel(state);
    }
    if (stopped) {
      saveCheckpoint(state);
    }
  }

  private void saveCheckpoint(TrainState state) {
    new Checkpoint(model, training, data, state).save(folder.path());
  }

  private void saveModel(TrainState state) {
    ModelFile.save(folder.file(RunFolder.MODEL), model, state.weights());
  }
}

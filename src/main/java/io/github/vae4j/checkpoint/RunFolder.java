// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.train.EpochMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder of a run: the names of its files, and the operations on them.
 *
 * @param path of the folder
 */
public record RunFolder(Path path) {
  /** The trained model. */
  public static final String MODEL = "model.safetensors";

  /** The specification of the run: model, training, data. */
  public static final String SPECIFICATION = "vae.json";

  /** The state of the run, for resuming. */
  public static final String CHECKPOINT = "checkpoint.safetensors";

  /** The preceding checkpoint. */
  public static final String PREVIOUS_CHECKPOINT = "checkpoint.previous.safetensors";

  /** One JSON object per epoch. */
  public static final String METRICS = "metrics.jsonl";

  /** The curves of the metrics. */
  public static final String TRAINING_PICTURE = "training.png";

  /** Samples after the epochs, from the same z. */
  public static final String TRAINING_ANIMATION = "training.gif";

  /** Test rows and their reconstructions. */
  public static final String RECONSTRUCTIONS_PICTURE = "reconstructions.png";

  /** Draws from the model. */
  public static final String SAMPLES_PICTURE = "samples.png";

  /** The anomaly scores of held-out rows, of a model of tables. */
  public static final String CALIBRATION = "calibration.json";

  /** The distributions of the training data's columns, of a model of tables. */
  public static final String REFERENCE = "reference.json";

  /** A Gaussian mixture fitted to the model's codes. */
  public static final String MIXTURE = "sampler.gmm.safetensors";

  /** A second VAE, of the model's codes. */
  public static final String TWO_STAGE = "sampler.two-stage.safetensors";

  /** The names of all files that a run writes. */
  public static final List<String> FILES =
      List.of(
          MODEL,
          SPECIFICATION,
          CHECKPOINT,
          PREVIOUS_CHECKPOINT,
          METRICS,
          TRAINING_PICTURE,
          TRAINING_ANIMATION,
          RECONSTRUCTIONS_PICTURE,
          SAMPLES_PICTURE,
          CALIBRATION,
          REFERENCE,
          MIXTURE,
          TWO_STAGE);

  /** The refusal of a folder that holds files of a run. */
  VaeException taken(List<String> present) {
    String files = " (" + String.join(", ", present) + ")";
    return new VaeException(
        hasCheckpoint()
            ? path
                + " holds another run"
                + files
                + "; continue it with OpenRun.resume, replace it with OpenRun.create(overwrite), or choose another"
                + " folder"
            : path
                + " holds files of another run, without a checkpoint"
                + files
                + "; replace them with OpenRun.create(overwrite), or choose another folder");
  }

  VaeException notResumable() {
    List<String> present = present();
    String found;
    if (!Files.exists(path)) {
      found = "there is no such folder";
    } else if (!Files.isDirectory(path)) {
      found = "it is not a folder";
    } else if (present.isEmpty()) {
      found = "it holds no run";
    } else {
      found = "it holds only " + String.join(", ", present);
    }
    return new VaeException(
        "cannot resume "
            + path
            + ": there is no "
            + CHECKPOINT
            + " ("
            + found
            + "); start a run without OpenRun.resume"
            + (present.isEmpty() ? "" : ", with OpenRun.create(overwrite) or in another folder"));
  }

  boolean hasCheckpoint() {
    return Files.exists(file(CHECKPOINT)) || Files.exists(file(PREVIOUS_CHECKPOINT));
  }

  List<String> present() {
    return FILES.stream().filter(name -> Files.exists(file(name))).toList();
  }

  /**
   * The path of a file.
   *
   * @param name one of the names of this class
   * @return the path
   */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Appends an epoch to metrics.jsonl and forces it to the disk. To be called before the epoch's
   * checkpoint is saved, so that a resumed run has all lines up to its checkpoint.
   *
   * @param metrics of the epoch
   * @throws VaeException if they cannot be written
   */
  public void appendMetrics(EpochMetrics metrics) {
    MetricsLines.append(file(METRICS), metrics);
  }

  /**
   * Removes the lines of epochs after a checkpoint from metrics.jsonl, because these epochs run
   * again; its other lines do not change.
   *
   * @param epoch the number of complete epochs of the checkpoint
   * @throws CheckpointException if a line is damaged
   * @throws VaeException if the file cannot be written
   */
  public void dropMetricsAfter(int epoch) {
    MetricsLines.truncate(file(METRICS), epoch);
  }

  /**
   * The epochs of the complete lines of metrics.jsonl.
   *
   * @return oldest first; empty if there is no file
   * @throws CheckpointException if a line is damaged
   */
  public List<EpochMetrics> readMetrics() {
    return MetricsLines.read(file(METRICS));
  }
}

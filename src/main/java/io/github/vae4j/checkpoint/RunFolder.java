// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.files.Reasons;
import io.github.vae4j.train.EpochMetrics;
import java.io.IOException;
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

  /** Test rows and their reconstructions. */
  public static final String RECONSTRUCTIONS_PICTURE = "reconstructions.png";

  /** Draws from the model. */
  public static final String SAMPLES_PICTURE = "samples.png";

  /** A Gaussian mixture fitted to the model's codes. */
  public static final String MIXTURE = "sampler.gmm.safetensors";

  /** A second VAE, of the model's codes. */
  public static final String TWO_STAGE = "sampler.two-stage.safetensors";

  private static final List<String> FILES =
      List.of(
          MODEL,
          SPECIFICATION,
          CHECKPOINT,
          PREVIOUS_CHECKPOINT,
          METRICS,
          TRAINING_PICTURE,
          RECONSTRUCTIONS_PICTURE,
          SAMPLES_PICTURE,
          MIXTURE,
          TWO_STAGE);

  /**
   * Prepares a folder for a run: creates it, or checks that an existing run may be continued or
   * replaced.
   *
   * @param path the folder
   * @param resume whether to continue the run in it, which needs a checkpoint
   * @param overwrite whether to delete the run in it: the files of a run, and no others
   * @return the folder
   * @throws VaeException if there is another run, or nothing to resume, or the folder cannot be
   *     used
   */
  public static RunFolder prepare(Path path, boolean resume, boolean overwrite) {
    if (resume && overwrite) {
      throw new VaeException("--resume continues a run and --overwrite deletes it: choose one");
    }
    RunFolder folder = new RunFolder(path);
    try {
      if (resume) {
        folder.checkResumable();
      } else {
        Files.createDirectories(path);
      }
      List<String> present = folder.present();
      if (!resume && !overwrite && !present.isEmpty()) {
        throw new VaeException(
            path
                + " holds another run ("
                + String.join(", ", present)
                + "); continue it with --resume, replace it with --overwrite, or choose another"
                + " folder");
      }
      for (String name : FILES) {
        AtomicFiles.deleteLeftovers(folder.file(name));
        if (overwrite) {
          Files.deleteIfExists(folder.file(name));
        }
      }
    } catch (IOException e) {
      throw new VaeException("cannot use " + path + " as a run folder: " + reason(path, e), e);
    }
    return folder;
  }

  private static String reason(Path path, IOException e) {
    return Files.exists(path) && !Files.isDirectory(path) ? "it is not a folder" : Reasons.of(e);
  }

  private void checkResumable() {
    List<String> present = present();
    if (present.contains(CHECKPOINT) || present.contains(PREVIOUS_CHECKPOINT)) {
      return;
    }
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
    throw new VaeException(
        "cannot resume " + path + ": there is no " + CHECKPOINT + " (" + found + ")");
  }

  private List<String> present() {
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
   * Restores the newest checkpoint. The lines of later epochs in metrics.jsonl are removed, because
   * these epochs run again; its other lines do not change.
   *
   * @return the checkpoint
   * @throws CheckpointException if it is damaged; the message gives the command that restores the
   *     previous one
   */
  public Checkpoint resume() {
    Checkpoint checkpoint = Checkpoint.load(path);
    MetricsLines.truncate(file(METRICS), checkpoint.state().clock().epoch());
    return checkpoint;
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

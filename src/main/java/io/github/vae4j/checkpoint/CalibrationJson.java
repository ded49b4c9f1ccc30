// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.json.JsonArray;
import io.github.vae4j.json.JsonObject;
import java.nio.file.Path;

/**
 * {@code calibration.json}: the anomaly scores of held-out rows, beside the model. It has a hash of
 * the model's weights: other weights give other scores, so that a calibration of other weights is
 * refused.
 */
public final class CalibrationJson {
  /** The version of the format that this class writes, and the only one that it reads. */
  public static final int FORMAT = 1;

  private CalibrationJson() {}

  /**
   * Writes a calibration atomically.
   *
   * @param file to write
   * @param calibration the content
   * @param weights of the model
   * @throws io.github.vae4j.VaeException if it cannot be written
   */
  public static void write(Path file, Calibration calibration, float[] weights) {
    JsonObject root = FittedJson.root(FORMAT, weights);
    root.put("samples", calibration.samples());
    root.put("seed", calibration.seed());
    JsonArray scores = root.putArray("scores");
    calibration.scores().forEach(scores::add);
    calibration.columns().forEach(root.putArray("columns")::add);
    AtomicFiles.writeText(file, root + "\n");
  }

  /**
   * Reads a calibration.
   *
   * @param file the file
   * @param weights of the model
   * @return the content
   * @throws CheckpointException if it cannot be read, has an impossible value, or is one of other
   *     weights
   */
  public static Calibration read(Path file, float[] weights) {
    JsonFields root =
        FittedJson.read(
            file, "calibration", FORMAT, weights, "samples", "seed", "scores", "columns");
    try {
      return new Calibration(
          root.integer("samples", 1),
          root.longInteger("seed"),
          root.numbers("scores"),
          root.numbers("columns"));
    } catch (IllegalArgumentException e) {
      throw root.error(String.valueOf(e.getMessage()));
    }
  }
}

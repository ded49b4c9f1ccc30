// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.json.JsonArray;
import io.github.vae4j.json.JsonObject;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.Reference.Marginal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code reference.json}: the distributions of the training data's columns, beside the model. As
 * {@code calibration.json} it belongs to the weights of one model.
 */
public final class ReferenceJson {
  /** The version of the format that this class writes, and the only one that it reads. */
  public static final int FORMAT = 1;

  private ReferenceJson() {}

  /**
   * Writes a reference atomically.
   *
   * @param file to write
   * @param reference the content
   * @param weights of the model
   * @throws io.github.vae4j.VaeException if it cannot be written
   */
  public static void write(Path file, Reference reference, float[] weights) {
    JsonObject root = FittedJson.root(FORMAT, weights);
    root.put("rows", reference.rows());
    JsonArray columns = root.putArray("columns");
    for (Marginal column : reference.columns()) {
      JsonObject node = columns.addObject();
      node.put("column", column.column());
      node.put("missing", column.missing());
      node.put("sampled", column.sampled());
      column.quantiles().forEach(node.putArray("quantiles")::add);
      column.levels().forEach(node.putArray("levels")::add);
    }
    AtomicFiles.writeText(file, root + "\n");
  }

  /**
   * Reads a reference.
   *
   * @param file the file
   * @param weights of the model
   * @return the content
   * @throws CheckpointException if it cannot be read, has an impossible value, or is one of other
   *     weights
   */
  public static Reference read(Path file, float[] weights) {
    JsonFields root = FittedJson.read(file, "reference", FORMAT, weights, "rows", "columns");
    List<Marginal> columns = new ArrayList<>();
    for (JsonFields column : root.objects("columns")) {
      column.allow("column", "missing", "sampled", "quantiles", "levels");
      try {
        columns.add(
            new Marginal(
                column.text("column"),
                column.longInteger("missing"),
                column.longInteger("sampled"),
                column.numbers("quantiles"),
                column.longIntegers("levels")));
      } catch (IllegalArgumentException e) {
        throw column.error(String.valueOf(e.getMessage()));
      }
    }
    try {
      return new Reference(root.longInteger("rows"), columns);
    } catch (IllegalArgumentException e) {
      throw root.error(String.valueOf(e.getMessage()));
    }
  }
}

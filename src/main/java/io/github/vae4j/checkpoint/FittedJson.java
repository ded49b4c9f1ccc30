// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.vae4j.files.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first fields of a JSON file that belongs to the weights of one model: format and hash. */
final class FittedJson {
  private FittedJson() {}

  /** A root with both fields, to which the file's own are added. */
  static ObjectNode root(int format, float[] weights) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("format", format);
    root.put("fittedTo", SamplerFile.fingerprint(weights));
    return root;
  }

  /**
   * Reads a file and checks its format and its weights.
   *
   * @param file the file
   * @param noun the name of the content in a message
   * @param format the only version that is read
   * @param weights of the model
   * @param allowed every field of the root
   * @throws CheckpointException if it cannot be read, or is of another version or other weights
   */
  static JsonFields read(Path file, String noun, int format, float[] weights, String... allowed) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + Reasons.of(e), e);
    }
    JsonFields root = JsonFields.parse(file, "", text);
    int given = root.integer("format", 1);
    if (given != format) {
      throw root.error(
          "format", "expected " + format + ", given " + given + "; a newer vae4j wrote this file");
    }
    root.allow(allowed);
    if (!root.text("fittedTo").equals(SamplerFile.fingerprint(weights))) {
      throw new CheckpointException(
          file, "is the " + noun + " of other weights than those of the model beside it");
    }
    return root;
  }
}

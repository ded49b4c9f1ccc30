// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.json.JsonObject;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The first fields of a JSON file that belongs to the weights of one model: format and hash. */
final class FittedJson {
  private static final String FITTED_TO = "fittedTo";

  private FittedJson() {}

  /** A root with both fields, to which the file's own are added. */
  static JsonObject root(int format, float[] weights) {
    JsonObject root = new JsonObject();
    root.put(JsonFields.FORMAT, format);
    root.put(FITTED_TO, SamplerFile.fingerprint(weights));
    return root;
  }

  /**
   * Reads a file and checks its format and its weights.
   *
   * @param file the file
   * @param noun the name of the content in a message
   * @param format the only version that is read
   * @param weights of the model
   * @param own the other fields of the root
   * @throws CheckpointException if it cannot be read, or is of another version or other weights
   */
  static JsonFields read(Path file, String noun, int format, float[] weights, String... own) {
    JsonFields root = JsonFields.read(file);
    root.requireFormat(format);
    root.allow(
        Stream.concat(Stream.of(JsonFields.FORMAT, FITTED_TO), Stream.of(own))
            .toArray(String[]::new));
    if (!root.text(FITTED_TO).equals(SamplerFile.fingerprint(weights))) {
      throw new CheckpointException(
          file, "is the " + noun + " of other weights than those of the model beside it");
    }
    return root;
  }
}

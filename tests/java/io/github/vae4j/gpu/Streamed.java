// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.vae4j.data.OpenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Trains on streamed rows of a file, and on the same rows in memory: the bits are the same. */
public final class Streamed {
  private Streamed() {}

  /**
   * Trains twice.
   *
   * @param arguments DATA RUN EPOCHS, then options of {@code train}
   * @throws IOException if a model cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    ObjectNode found = Json.object();
    Path resident = train(arguments, "resident", Long.MAX_VALUE, found);
    Path streamed = train(arguments, "streamed", 0, found);
    boolean same = Files.mismatch(resident, streamed) == -1;
    Json.print(found.put("same_bits", same));
    System.exit(same ? 0 : 1);
  }

  private static Path train(String[] arguments, String name, long residentBytes, ObjectNode found) {
    System.setProperty(OpenOptions.RESIDENT_PROPERTY, Long.toString(residentBytes));
    Path run = Path.of(arguments[1] + "-" + name);
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("train", "--data", arguments[0], "--out", run.toString(), "--overwrite"));
    command.addAll(List.of("--epochs", arguments[2], "--backend=cuda"));
    command.addAll(Arrays.asList(arguments).subList(3, arguments.length));
    List<ObjectNode> objects = Command.ok(command).objects();
    ArrayNode speeds = found.putArray(name + "_rows_per_second");
    for (ObjectNode epoch : objects) {
      if (epoch.has("rows_per_second")) {
        speeds.add(Math.round(epoch.get("rows_per_second").asDouble()));
        found.set("steps", epoch.get("step"));
      }
    }
    return run.resolve("model.safetensors");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Programs of a test, whose output goes through a file.
 *
 * @param folder of the test
 */
public record Programs(Path folder) {
  /** More for an hour of changed files (docs/reliability.md). */
  private static final long PATIENCE_MINUTES = Long.getLong("vae4j.patience.minutes", 15);

  /** The file of the last program's output. */
  public Path output() {
    return folder.resolve("output");
  }

  /** Runs a program and returns its output; fails if the program does. */
  public String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path output = output();
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertTrue(ended, () -> command + " did not end");
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), () -> String.join(" ", command) + ":\n" + said);
    return said;
  }
}

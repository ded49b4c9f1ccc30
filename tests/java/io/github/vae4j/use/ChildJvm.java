// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import io.github.vae4j.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program of the tests in a JVM of its own. */
final class ChildJvm {
  private static final int PATIENCE_SECONDS = 300;

  private ChildJvm() {}

  /**
   * The result of a process.
   *
   * @param code the exit code
   * @param out standard output
   * @param err standard error
   */
  record Ended(int code, String out, String err) {}

  static Ended run(Path folder, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    return run(folder, List.of(), Map.of(), List.of("-Xmx256m"), program, arguments);
  }

  /** Runs a program behind a command such as {@code prlimit}, with variables and Java options. */
  static Ended run(
      Path folder,
      List<String> before,
      Map<String, String> variables,
      List<String> options,
      Class<?> program,
      String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(JavaCommand.of(options, program, List.of(arguments)));
    Path out = folder.resolve("stdout.txt");
    Path err = folder.resolve("stderr.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(variables);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + Files.readString(err));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}

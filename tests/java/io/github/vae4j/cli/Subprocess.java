// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The program in a JVM of its own.
 *
 * @param process the JVM
 * @param out the file of standard output
 * @param err the file of standard error
 */
public record Subprocess(Process process, Path out, Path err) {
  private static final int PATIENCE_SECONDS = 300;

  /** Options of Java for a process that lives for a second or two. */
  static final List<String> SHORT =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto");

  /**
   * The result of a process.
   *
   * @param code the exit code
   * @param out standard output
   * @param err standard error
   */
  public record Ended(int code, String out, String err) {}

  public static Subprocess start(
      Path folder, Map<String, String> environment, List<String> javaOptions, String... arguments)
      throws IOException {
    return start(folder, environment, JavaCommand.of(javaOptions, Main.class, List.of(arguments)));
  }

  /** Starts the program for a test that sends it signals; skips the test where that cannot be. */
  static Subprocess signallable(
      Path folder, Map<String, String> environment, List<String> javaOptions, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(HandledSignals.prefix());
    command.addAll(JavaCommand.of(javaOptions, Main.class, List.of(arguments)));
    return start(folder, environment, command);
  }

  /**
   * Starts the program by a line of bash, in which {@code "$@"} is the program with its arguments.
   */
  static Subprocess shell(Path folder, String line, List<String> javaOptions, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", line, "bash"));
    command.addAll(JavaCommand.of(javaOptions, Main.class, List.of(arguments)));
    return start(folder, Map.of(), command);
  }

  private static Subprocess start(
      Path folder, Map<String, String> environment, List<String> command) throws IOException {
    Path out = folder.resolve("stdout.txt");
    Path err = folder.resolve("stderr.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Subprocess(builder.start(), out, err);
  }

  void signal(String name) throws IOException, InterruptedException {
    assertTrue(signalled(name), "kill -" + name);
  }

  /** Sends a signal; returns whether the process was there. */
  boolean signalled(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    return new ProcessBuilder("kill", "-" + name, pid).start().waitFor() == 0;
  }

  public Ended join() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + Files.readString(err));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}

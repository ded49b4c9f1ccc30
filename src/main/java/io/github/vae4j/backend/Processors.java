// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The number of threads that this process should use by default, and the rule that gave it. Java's
 * number of processors is the least of the affinity of the process and the CPU quota of its control
 * group, or the option -XX:ActiveProcessorCount in place of both; OMP_NUM_THREADS may lower it.
 *
 * @param count the threads, 1 or more
 * @param rule the rule that gave the number, for messages
 */
public record Processors(int count, String rule) {
  private static final String OPTION = "-XX:ActiveProcessorCount";

  /** The greatest number of threads that a user may ask for on a small machine. */
  private static final int MANY = 256;

  /** The greatest number of threads of the native library. */
  private static final int MOST = 1024;

  private static final int PER_PROCESSOR = 4;

  /** Where a process finds the options of its JVM. */
  private static final List<String> OPTION_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /**
   * The threads of this process.
   *
   * @return the number and its rule
   */
  public static Processors here() {
    Map<String, String> environment = System.getenv();
    Stream<String> arguments =
        ProcessHandle.current().info().arguments().map(Stream::of).orElse(Stream.empty());
    Stream<String> variables = OPTION_VARIABLES.stream().map(environment::get);
    boolean option =
        Stream.concat(arguments, variables).anyMatch(text -> text != null && text.contains(OPTION));
    return of(
        Runtime.getRuntime().availableProcessors(),
        affinity(Path.of("/proc/self/status")),
        option,
        environment.get("OMP_NUM_THREADS"));
  }

  /**
   * The threads of a process.
   *
   * @param java the processors that Java reports
   * @param affinity the processors that the process may run on; 0 if unknown
   * @param option whether the JVM was given a number of processors
   * @param openMp the value of OMP_NUM_THREADS
   */
  static Processors of(int java, int affinity, boolean option, @Nullable String openMp) {
    int wanted = openMp == null ? 0 : firstNumber(openMp);
    if (wanted > 0 && wanted < java) {
      return new Processors(wanted, "OMP_NUM_THREADS=" + openMp);
    }
    if (option) {
      return new Processors(java, OPTION);
    }
    return new Processors(
        java,
        java < affinity
            ? "the CPU quota of the control group"
            : "the processors that this process may run on");
  }

  /**
   * Checks a number of threads that a user asks for.
   *
   * @param threads the number; 0 for {@link #count}
   * @return the number to use
   * @throws IllegalArgumentException if the number is negative, or far beyond the processors
   */
  public int threads(int threads) {
    int most = Math.min(MOST, Math.max(MANY, PER_PROCESSOR * count));
    if (threads < 0 || threads > most) {
      throw new IllegalArgumentException(
          "threads: expected 0 ("
              + count
              + " here, by "
              + rule
              + ") to "
              + most
              + ", given "
              + threads);
    }
    return threads == 0 ? Math.min(count, most) : threads;
  }

  /** The number at the start of a list such as "4,2"; 0 if there is none. */
  private static int firstNumber(String text) {
    String first = text.split(",", -1)[0].strip();
    return first.matches("[0-9]{1,6}") ? Integer.parseInt(first) : 0;
  }

  /** The number of processors in the list of a status file, such as "0-3,8"; 0 if unknown. */
  static int affinity(Path status) {
    String key = "Cpus_allowed_list:";
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(key))
          .flatMap(line -> Stream.of(line.substring(key.length()).strip().split(",")))
          .mapToInt(Processors::size)
          .sum();
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static int size(String range) {
    String[] ends = range.split("-", 2);
    return Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
  }
}

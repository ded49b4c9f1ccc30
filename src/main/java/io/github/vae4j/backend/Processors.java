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
 * The number of threads that this process should use by default, and the rule that gave it: the
 * least of the affinity of the process, the CPU quota of its control group, the option
 * -XX:ActiveProcessorCount and OMP_NUM_THREADS. Java's own number is the least of the first two, or
 * the option in place of both.
 *
 * @param count the threads, 1 or more
 * @param rule the rule that gave the number, for messages
 */
public record Processors(int count, String rule) {
  private static final String OPTION = "-XX:ActiveProcessorCount";
  private static final String QUOTA = "the CPU quota of the control group";
  private static final String AFFINITY = "the processors that this process may run on";

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
        option ? CpuQuota.here() : 0,
        option,
        environment.get("OMP_NUM_THREADS"));
  }

  /**
   * The threads of a process.
   *
   * @param java the processors that Java reports
   * @param affinity the processors that the process may run on; 0 if unknown
   * @param quota the processors of the control group's quota, if an option hides it from Java; 0 if
   *     there is none
   * @param option whether the JVM was given a number of processors
   * @param openMp the value of OMP_NUM_THREADS
   */
  static Processors of(int java, int affinity, int quota, boolean option, @Nullable String openMp) {
    Processors limit = new Processors(java, option ? OPTION : java < affinity ? QUOTA : AFFINITY);
    if (option && affinity > 0 && affinity < limit.count) {
      limit = new Processors(affinity, AFFINITY);
    }
    if (option && quota > 0 && quota < limit.count) {
      limit = new Processors(quota, QUOTA);
    }
    int wanted = openMp == null ? 0 : firstNumber(openMp);
    return wanted > 0 && wanted < limit.count
        ? new Processors(wanted, "OMP_NUM_THREADS=" + openMp)
        : limit;
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

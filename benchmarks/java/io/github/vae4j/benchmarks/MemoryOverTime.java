// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints the process's resident memory as training steps go by: it must stay flat. */
public final class MemoryOverTime {
  private MemoryOverTime() {}

  /**
   * Runs.
   *
   * @param args the backend and the number of steps; cpu and 100000 where not given
   * @throws IOException if /proc cannot be read
   */
  public static void main(String[] args) throws IOException {
    String backend = args.length > 0 ? args[0] : "cpu";
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int part = Math.max(1, steps / 20);
    try (Runs runs = new Runs(backend, 128)) {
      for (int taken = 0; taken < steps; taken += part) {
        runs.take(part);
        System.out.printf("%d steps, %s%n", taken + part, residentSetSize());
      }
    }
  }

  private static String residentSetSize() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS")) {
        return line.replaceAll("\\s+", " ");
      }
    }
    return "VmRSS is not in /proc/self/status";
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import io.github.vae4j.backend.OpCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The instruction sets of the machine that runs the tests. */
final class Isa {
  /** Cases that are cheap on the reference: the widest shapes run once, on the best loops. */
  static final Predicate<OpCase> SMALL = opCase -> opCase.work() <= 2_000_000;

  private Isa() {}

  static boolean hasAvx2() throws IOException {
    return flags().containsAll(List.of("avx2", "fma", "bmi2", "f16c", "movbe"));
  }

  static boolean hasAvx512() throws IOException {
    return hasAvx2()
        && flags().containsAll(List.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"));
  }

  /** The names this machine has. */
  static List<String> names() throws IOException {
    List<String> names = new ArrayList<>(List.of("baseline"));
    if (hasAvx2()) {
      names.add("avx2");
    }
    if (hasAvx512()) {
      names.add("avx512");
    }
    return names;
  }

  private static Set<String> flags() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("flags")) {
        return Set.copyOf(Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split(" +")));
      }
    }
    return Set.of();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@link Soak} in short; the system properties vae4j.soak.steps and vae4j.soak.models make it long.
 */
final class SoakTest {
  /**
   * The growth from the second of ten points to the last that counts as flat. The heap is resident
   * from the start, and the compiler C2 is off, whose own memory grows by some megabytes at moments
   * that depend on the load of the machine; compiled code and the C library's arenas take 5 MB with
   * models, nearly none with steps. A leak of 1 KiB a step, or of 100 KiB a model, is above it.
   */
  private static final long GROWTH_KILOBYTES = 8 << 10;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"steps, 20000", "models, 200"})
  void memoryIsFlatAndNothingStaysOpen(String kind, int least)
      throws IOException, InterruptedException {
    int count = Integer.getInteger("vae4j.soak." + kind, least);
    ChildJvm.Ended ended =
        ChildJvm.run(
            folder,
            List.of(),
            Map.of(),
            List.of("-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1"),
            Soak.class,
            kind,
            Integer.toString(count));
    assertEquals(0, ended.code(), ended.err());
    List<String> lines = ended.out().lines().toList();
    assertEquals(11, lines.size(), ended.out());
    assertEquals("open 0", lines.get(10));
    long growth = kilobytes(lines.get(9)) - kilobytes(lines.get(1));
    assertTrue(growth < GROWTH_KILOBYTES, ended.out());
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.split(" ", -1)[1]);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorsTest {
  private static final String ALLOWED = "the processors that this process may run on";

  @TempDir Path folder;

  @Test
  void theLeastRules() {
    assertEquals(new Processors(8, ALLOWED), Processors.of(8, 8, false, null));
    assertEquals(new Processors(8, ALLOWED), Processors.of(8, 0, false, "16"));
    assertEquals(
        new Processors(2, "the CPU quota of the control group"), Processors.of(2, 8, false, "4"));
    assertEquals(new Processors(3, "-XX:ActiveProcessorCount"), Processors.of(3, 8, true, null));
    assertEquals(new Processors(1, "OMP_NUM_THREADS=1"), Processors.of(2, 8, false, "1"));
    assertEquals(new Processors(4, "OMP_NUM_THREADS= 4,2"), Processors.of(8, 8, true, " 4,2"));
    for (String none : new String[] {"", "0", "-3", "many", "99999999999"}) {
      assertEquals(new Processors(8, ALLOWED), Processors.of(8, 8, false, none), none);
    }
  }

  @Test
  void affinityIsCounted() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8,10-11\n");
    assertEquals(7, Processors.affinity(status));
    Files.writeString(status, "Cpus_allowed_list:\tnone\n");
    assertEquals(0, Processors.affinity(status));
    assertEquals(0, Processors.affinity(folder.resolve("missing")));
  }

  @Test
  void moreThreadsAreAllowedUpToABound() {
    Processors two = Processors.of(2, 2, false, null);
    assertEquals(2, two.threads(0));
    assertEquals(1, two.threads(1));
    assertEquals(256, two.threads(256));
    assertEquals(512, Processors.of(128, 128, false, null).threads(512));
    assertEquals(
        "threads: expected 0 (2 here, by " + ALLOWED + ") to 256, given 9000",
        assertThrows(IllegalArgumentException.class, () -> two.threads(9000)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> two.threads(257));
    assertThrows(IllegalArgumentException.class, () -> two.threads(-1));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SuiteSummaryTest {
  @TempDir Path folder;

  @Test
  void addsUpReports() throws IOException {
    report("A", 3, 0);
    report("B", 4, 0);
    SuiteSummary summary = SuiteSummary.of("CUDA suite", folder);
    assertEquals("CUDA suite: 7 tests ran, 0 skipped", summary.toString());
    summary.requireComplete();
  }

  @Test
  void aSkippedTestIsAFailure() throws IOException {
    report("A", 3, 1);
    assertThrows(
        IllegalStateException.class, SuiteSummary.of("CUDA suite", folder)::requireComplete);
  }

  @Test
  void nothingIsAFailure() throws IOException {
    assertThrows(
        IllegalStateException.class, SuiteSummary.of("CUDA suite", folder)::requireComplete);
    Path absent = folder.resolve("absent");
    assertThrows(
        IllegalStateException.class, SuiteSummary.of("CUDA suite", absent)::requireComplete);
  }

  private void report(String name, int tests, int skipped) throws IOException {
    Files.writeString(
        folder.resolve("TEST-" + name + ".xml"),
        "<testsuite tests=\"" + tests + "\" errors=\"0\" skipped=\"" + skipped + "\"/>");
  }
}

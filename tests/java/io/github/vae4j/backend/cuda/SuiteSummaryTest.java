// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SuiteSummaryTest {
  private static final Instant START = Instant.parse("2026-11-28T07:00:00Z");

  @TempDir Path folder;

  @Test
  void addsUpReports() throws IOException {
    report("A", 3, 0, START);
    report("B", 4, 0, START.plusSeconds(1));
    SuiteSummary summary = SuiteSummary.of("CUDA suite", folder, START);
    assertEquals("CUDA suite: 7 tests ran, 0 skipped", summary.toString());
    summary.requireComplete();
  }

  @Test
  void reportsOfAnEarlierBuildDoNotCount() throws IOException {
    report("Gone", 8, 1, START.minusMillis(1));
    SuiteSummary nothing = SuiteSummary.of("CUDA suite", folder, START);
    assertEquals("CUDA suite: 0 tests ran, 0 skipped", nothing.toString());
    assertThrows(IllegalStateException.class, nothing::requireComplete);
    report("A", 3, 0, START);
    SuiteSummary summary = SuiteSummary.of("CUDA suite", folder, START);
    assertEquals("CUDA suite: 3 tests ran, 0 skipped", summary.toString());
    summary.requireComplete();
  }

  @Test
  void aSkippedTestIsAFailure() throws IOException {
    report("A", 3, 1, START);
    assertThrows(
        IllegalStateException.class, SuiteSummary.of("CUDA suite", folder, START)::requireComplete);
  }

  @Test
  void nothingIsAFailure() throws IOException {
    assertThrows(
        IllegalStateException.class, SuiteSummary.of("CUDA suite", folder, START)::requireComplete);
    Path absent = folder.resolve("absent");
    assertThrows(
        IllegalStateException.class, SuiteSummary.of("CUDA suite", absent, START)::requireComplete);
  }

  private void report(String name, int tests, int skipped, Instant written) throws IOException {
    Path report = folder.resolve("TEST-" + name + ".xml");
    Files.writeString(
        report, "<testsuite tests=\"" + tests + "\" errors=\"0\" skipped=\"" + skipped + "\"/>");
    Files.setLastModifiedTime(report, FileTime.from(written));
  }
}

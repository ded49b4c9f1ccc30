// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.cli.FaultSweep.Faulty;
import io.github.vae4j.cli.FileFaults.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A system call that fails in a run: the message, the exit code, and the run afterwards. {@code
 * -Dvae4j.faults=all} takes each call of each run, otherwise some of them; the result is printed.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Tag("slow")
class FaultErrorsTest {
  private static final boolean ALL = "all".equals(System.getProperty("vae4j.faults"));
  private static final int STRIDE = 47;
  private static final long FOREVER = 1L << 40;

  /**
   * A fault.
   *
   * @param error the errno
   * @param kinds of the calls that fail
   * @param repeat the number of calls that fail
   * @param reason in the message
   */
  private record Fault(String name, int error, int kinds, long repeat, String reason) {}

  private static final int GROWS = FileFaults.CREATE | FileFaults.WRITE | FileFaults.MKDIR;

  private static final List<Fault> FAULTS =
      List.of(
          new Fault("ENOSPC", 28, GROWS, FOREVER, "No space left on device"),
          new Fault("EDQUOT", 122, GROWS, FOREVER, "Disk quota exceeded"),
          new Fault("EIO", 5, FileFaults.CHANGES | FileFaults.READ, 1, "Input/output error"),
          new Fault(
              "EIO-on", 5, FileFaults.CHANGES | FileFaults.READ, FOREVER, "Input/output error"),
          new Fault("EROFS", 30, FileFaults.CHANGES, FOREVER, "Read-only file system"),
          new Fault(
              "EACCES",
              13,
              FileFaults.CREATE | FileFaults.MKDIR | FileFaults.RENAME | FileFaults.REMOVE,
              FOREVER,
              "permission denied"),
          new Fault(
              "EMFILE", 24, FileFaults.CREATE | FileFaults.READ, FOREVER, "Too many open files"),
          new Fault(
              "EMFILE-once", 24, FileFaults.CREATE | FileFaults.READ, 1, "Too many open files"));

  @TempDir Path folder;

  @Test
  void aCallThatFailsIsAMessageAndLosesNothing() throws Exception {
    Path whole = folder.resolve("whole");
    Cli.ok(FaultSweep.train(folder, whole));
    Path old = folder.resolve("old");
    Cli.ok(FaultSweep.train(folder, old, "--seed=9"));
    FileFaults faults = FileFaults.in(folder);
    Path run = faults.root().resolve("run");
    List<FaultSweep> sweeps = new ArrayList<>();
    int number = 0;
    for (Fault fault : FAULTS) {
      int stride = ALL ? 1 : STRIDE;
      long first = ALL ? 1 : 1 + number % stride;
      Plan plan = Plan.fail(fault.kinds(), fault.error(), first, fault.repeat());
      sweeps.add(
          new FaultSweep(fault.name() + "-new", plan, stride, "", FaultSweep.train(folder, run)));
      sweeps.add(
          new FaultSweep(
              fault.name() + "-over",
              plan,
              stride,
              old.toString(),
              FaultSweep.train(folder, run, "--overwrite")));
      number += 5;
    }
    // Also in a few calls: after the new run counts, and where a FileDescriptor's sync has no
    // reason.
    sweeps.add(
        new FaultSweep(
            "EACCES-over-next",
            Plan.fail(FileFaults.RENAME, 13, 1, FOREVER).on(".next-run"),
            ALL ? 1 : STRIDE,
            old.toString(),
            FaultSweep.train(folder, run, "--overwrite")));
    sweeps.add(
        new FaultSweep(
            "EIO-new-sync",
            Plan.fail(FileFaults.SYNC, 5, 1, 1).on("metrics.jsonl"),
            ALL ? 1 : STRIDE,
            "",
            FaultSweep.train(folder, run)));
    Set<String> fired = new TreeSet<>();
    List<String> failures = new ArrayList<>();
    int succeeded = 0;
    List<Faulty> runs = FaultSweep.all(folder, faults, sweeps);
    for (Faulty faulty : runs) {
      String name = faulty.folder().getFileName().toString();
      Fault fault =
          FAULTS.stream()
              .filter(f -> name.matches(f.name() + "-(new|over)-.*"))
              .findFirst()
              .orElseThrow();
      fired.add(name.replaceAll("-[0-9]+$", ""));
      succeeded += faulty.code() == 0 ? 1 : 0;
      try {
        check(faulty, fault, run);
        goesOn(faulty, whole, old);
      } catch (AssertionError | RuntimeException e) {
        failures.add(faulty.about() + e);
      }
    }
    System.out.printf(
        "%d runs with failing calls: %d end with one message and exit code 1, %d are complete, with"
            + " a warning where a picture is missing; each goes on to the bits of one without a"
            + " fault, or is the run that was there before%n",
        runs.size(), runs.size() - succeeded, succeeded);
    assertEquals(List.of(), failures);
    assertEquals(sweeps.size(), fired.size(), "sweeps with a fault: " + fired);
  }

  private static void check(Faulty faulty, Fault fault, Path run) throws IOException {
    assertFalse(faulty.err().contains("Exception"), faulty.about());
    assertFalse(faulty.err().contains("--debug"), faulty.about());
    if (faulty.code() == 0) {
      assertTrue(faulty.out().contains("\ndone: "), faulty.about());
      for (String picture :
          List.of(
              RunFolder.TRAINING_PICTURE,
              RunFolder.TRAINING_ANIMATION,
              RunFolder.RECONSTRUCTIONS_PICTURE,
              RunFolder.SAMPLES_PICTURE)) {
        String start = "vae4j: warning: cannot write " + run.resolve(picture) + ": ";
        List<String> warnings = faulty.err().lines().filter(w -> w.startsWith(start)).toList();
        boolean inPlace = warnings.isEmpty() || warnings.get(0).contains("it is in its place");
        assertEquals(Files.exists(faulty.folder().resolve(picture)), inPlace, faulty.about());
        assertTrue(warnings.stream().allMatch(w -> w.contains(fault.reason())), faulty.about());
      }
      return;
    }
    assertEquals(1, faulty.code(), faulty.about());
    List<String> errors =
        faulty.err().lines().filter(line -> line.startsWith("vae4j: error: ")).toList();
    assertEquals(1, errors.size(), faulty.about());
    assertTrue(errors.get(0).contains(run.toString()), faulty.about());
    assertTrue(errors.get(0).contains(fault.reason()), faulty.about());
  }

  /** The next start in the folder, without a fault. */
  private void goesOn(Faulty faulty, Path whole, Path old) throws IOException {
    Path run = faulty.folder();
    boolean replaces = run.getFileName().toString().contains("-over-");
    RunChecks.readable(run);
    List<String> resume = List.of("train", "--out=" + run, "--resume", "--backend=reference");
    if (!replaces && !RunChecks.resumable(run)) {
      Cli.ok(FaultSweep.train(folder, run));
      RunChecks.same(whole, run);
      return;
    }
    Cli answer = Cli.run(resume.toArray(String[]::new));
    assertEquals(0, answer.code(), faulty.about() + answer.err());
    boolean kept = replaces && RunChecks.oldOrSame(old, whole, run);
    if (!replaces) {
      RunChecks.same(whole, run);
    }
    if (faulty.err().contains("the run that was there is as it was")) {
      assertTrue(kept, faulty.about());
    }
  }
}

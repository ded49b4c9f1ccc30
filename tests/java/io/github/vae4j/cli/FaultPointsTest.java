// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.cli.FileFaults.Action;
import io.github.vae4j.cli.FileFaults.Plan;
import io.github.vae4j.files.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a run at each system call that changes a file: before it, after half of a write, and after
 * it. Copies of the folder at each call are what a killed process leaves; processes that are really
 * killed there show that. {@code -Dvae4j.faults=all} resumes each copy and kills a process at each
 * call, otherwise at some; the result is printed.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Tag("slow")
class FaultPointsTest {
  private static final boolean ALL = "all".equals(System.getProperty("vae4j.faults"));
  private static final int RESUMED = ALL ? 1 : 53;
  private static final int RECOVERED = ALL ? 1 : 15;
  private static final int KILLED = ALL ? 1 : 130;
  private static final String BEFORE = "-before-";
  private static final String HALF = "-half-";

  @TempDir Path folder;
  private FileFaults faults;
  private Path whole;
  private Path old;
  private int copies;
  private int resumed;
  private int oldRunsKept;

  private static List<String> resume(Path run) {
    return List.of(
        "train",
        "--out=" + run,
        "--resume",
        "--epochs=" + FaultSweep.EPOCHS,
        "--backend=reference");
  }

  @BeforeEach
  void prepare() throws Exception {
    faults = FileFaults.in(folder);
    whole = folder.resolve("whole");
    Cli.ok(FaultSweep.train(folder, whole));
    old = folder.resolve("old");
    Cli.ok(FaultSweep.train(folder, old, "--seed=9"));
  }

  private FaultSweep copies(String name, @Nullable Path prepared, List<String> command)
      throws IOException {
    Path to = Files.createDirectories(folder.resolve("copies").resolve(name));
    return new FaultSweep(
        name, Plan.copy(to), 1, prepared == null ? "" : prepared.toString(), command);
  }

  /** The copies of a sweep, in the order of the calls. */
  private List<Path> copies(String name) throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("copies").resolve(name))) {
      return all.sorted().map(copy -> copy.resolve("run")).toList();
    }
  }

  /** What a kill leaves can be read, and the next start ends in a whole run. */
  private void goesOn(Path run, boolean replaces) throws IOException {
    resumed++;
    Cli.ok(RunChecks.resumable(run) || replaces ? resume(run) : FaultSweep.train(folder, run));
    if (replaces) {
      oldRunsKept += RunChecks.oldOrSame(old, whole, run) ? 1 : 0;
    } else {
      RunChecks.same(whole, run);
    }
  }

  private void check(String name, int stride, int first, boolean replaces) throws IOException {
    List<Path> all = copies(name);
    assertTrue(all.size() > first, name + ": none of " + all.size() + " copies is resumed");
    for (int i = 0; i < all.size(); i++) {
      copies++;
      try {
        RunChecks.readable(all.get(i));
        if (i % stride == first % stride) {
          goesOn(all.get(i), replaces);
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(name + ", " + all.get(i), e);
      }
    }
  }

  private static boolean cutOff(Path run) {
    return Files.exists(run.resolve(".old-run")) || Files.exists(run.resolve(".next-run"));
  }

  @Test
  void aRunThatIsKilledAtACallGoesOn() throws Exception {
    Path run = faults.root().resolve("run");
    Path half = folder.resolve("half");
    List<String> first = FaultSweep.train(folder, half);
    first.set(first.indexOf("--epochs=" + FaultSweep.EPOCHS), "--epochs=1");
    Cli.ok(first);
    FaultSweep.all(
        folder,
        faults,
        List.of(
            copies("new", null, FaultSweep.train(folder, run)),
            copies("over", old, FaultSweep.train(folder, run, "--overwrite")),
            copies("resumed", half, resume(run))));
    // A second kill, in the start that ends a replacement which was cut off.
    List<Path> cutOff = copies("over").stream().filter(FaultPointsTest::cutOff).toList();
    List<FaultSweep> second = new ArrayList<>();
    for (int i = 0; i < cutOff.size(); i += RECOVERED) {
      second.add(copies("recovered-" + i, cutOff.get(i), resume(run)));
    }
    assertTrue(second.size() > 1, "copies within the replacement");
    FaultSweep.all(folder, faults, second);
    check("new", RESUMED, 1, false);
    check("over", RESUMED, 2, true);
    check("resumed", RESUMED, 3, false);
    for (FaultSweep sweep : second) {
      check(sweep.name(), RESUMED, 4, true);
    }
    System.out.printf(
        "%d copies of a run's folder at its calls: all files can be read; %d were resumed, to the"
            + " bits of a run that was not killed or, %d times, with the old run whole%n",
        copies, resumed, oldRunsKept);
  }

  /** The files of a run by the names that are the same in all runs, with their sizes. */
  private static Map<String, Integer> shape(Path run) throws IOException {
    Map<String, Integer> shape = new TreeMap<>();
    for (Map.Entry<String, String> file : Trees.of(run).entrySet()) {
      String name = file.getKey().replaceAll("\\.[0-9a-f-]{36}\\.tmp$", ".tmp");
      // Times are in the metrics and the chart, the process in the lock.
      boolean varies = name.matches(".*(metrics.jsonl|training.png.*|\\.lock)");
      shape.put(name, varies ? -1 : file.getValue().length());
    }
    return shape;
  }

  @Test
  void aProcessThatIsKilledLeavesThatCopy() throws Exception {
    Path run = faults.root().resolve("run");
    List<String> command = FaultSweep.train(folder, run, "--overwrite");
    FaultSweep.all(folder, faults, List.of(copies("over", old, command)));
    List<Path> before =
        copies("over").stream().filter(copy -> copy.toString().contains(BEFORE)).toList();
    int kills = 0;
    for (int i = 0; i < before.size() - 1; i += ALL ? 1 : KILLED) {
      Path half = Path.of(before.get(i).toString().replace(BEFORE, HALF));
      List<Action> actions = new ArrayList<>(List.of(Action.KILL_BEFORE, Action.KILL_AFTER));
      if (Files.exists(half)) {
        actions.add(Action.KILL_HALF);
      }
      for (Action action : ALL ? actions : actions.subList(actions.size() - 1, actions.size())) {
        FaultSweep.copy(old, run);
        faults.plan(Plan.kill(action, i + 1));
        Subprocess process =
            Subprocess.start(
                folder, faults.environment(), Subprocess.SHORT, command.toArray(String[]::new));
        String about = action + " " + before.get(i);
        assertEquals(128 + 9, process.join().code(), about);
        faults.plan(Plan.NOTHING);
        kills++;
        Path expected =
            switch (action) {
              case KILL_BEFORE -> before.get(i);
              case KILL_AFTER -> before.get(i + 1);
              default -> half;
            };
        assertEquals(shape(expected), shape(run), about);
        RunChecks.readable(run);
        goesOn(run, true);
        Files.move(run, folder.resolve("killed" + kills));
      }
    }
    assertTrue(kills > 1, "processes killed: " + kills);
    System.out.printf(
        "%d processes killed at calls, each resumed to the bits, %d times the old run%n",
        kills, oldRunsKept);
  }
}

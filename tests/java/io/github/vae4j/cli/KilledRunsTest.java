// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills runs by SIGKILL at random moments, resumes them, and compares each with a run that was
 * never killed. {@code -Dvae4j.kills=1000} sets the number of kills, {@code -Dvae4j.kills.seed=7}
 * the moments; the result is printed.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class KilledRunsTest {
  private static final int KILLS = Integer.getInteger("vae4j.kills", 4);
  private static final long SEED = Long.getLong("vae4j.kills.seed", 0);
  private static final int MOST_KILLS_OF_A_CHAIN = 6;

  /** Of three runs, one replaces another. */
  private static final int REPLACED = 3;

  /** A long campaign prints its figures after so many kills. */
  private static final int SAID_AFTER = 100;

  /** Runs that end before they are killed, for each kill. */
  private static final int MOST_TRIES = 10;

  private static final int KILLED = 128 + 9;

  @TempDir Path folder;
  private ShortRuns runs = new ShortRuns(Path.of(""), new Random());
  private int kills;
  private int killedInStart;
  private int killedInEpoch;
  private int leftTemporary;
  private int oldRunsKept;

  @BeforeEach
  void seed() {
    runs = new ShortRuns(folder, new Random(SEED));
  }

  /** Starts a process and kills it in its run; returns whether it ended first. */
  private boolean killed(Path run, List<String> arguments, int most) throws Exception {
    Subprocess process = runs.start(arguments);
    runs.await(process, run, most);
    int code = process.process().destroyForcibly().waitFor();
    if (code != KILLED) {
      assertEquals(0, code, Files.readString(process.err()));
      return false;
    }
    kills++;
    killedInStart += ShortRuns.trains(process) ? 0 : 1;
    RunChecks.Found found = RunChecks.readable(run);
    leftTemporary += found.temporary();
    killedInEpoch += found.withinEpoch() ? 1 : 0;
    return true;
  }

  /** Kills a run some times, and lets it end. */
  private void chain(Path run, List<String> kind, Path whole, int most) throws Exception {
    for (int i = 0; i < most; i++) {
      if (!killed(run, runs.next(run, kind), i == 0 ? ShortRuns.EPOCHS : 1)) {
        break;
      }
    }
    Cli.ok(runs.next(run, kind));
    RunChecks.same(whole, run);
  }

  /** Kills the replacement of an old run, which must be whole or replaced by one to resume. */
  private int replacement(Path run, List<String> kind, Path whole, Path other) throws Exception {
    FaultSweep.copy(other, run);
    List<String> overwrite = new ArrayList<>(runs.train(run, kind));
    overwrite.add("--overwrite");
    if (!killed(run, overwrite, ShortRuns.EPOCHS)) {
      RunChecks.same(whole, run);
      return 0;
    }
    // The next start ends a replacement that was cut off; an old run then has nothing to train.
    Cli.ok(ShortRuns.resume(run, kind));
    oldRunsKept += RunChecks.oldOrSame(other, whole, run) ? 1 : 0;
    return 1;
  }

  @Test
  void theResultIsThatOfARunThatWasNeverKilled() throws Exception {
    int number = 0;
    int replacements = 0;
    int said = 0;
    for (; kills < KILLS || replacements == 0; number++) {
      assertTrue(number <= MOST_TRIES * KILLS, "runs end before they are killed");
      int which = number % ShortRuns.KINDS.size();
      List<String> kind = ShortRuns.KINDS.get(which);
      Path whole = runs.whole("whole" + which, kind);
      Path run = folder.resolve("run" + number);
      if (number % REPLACED == 1) {
        Path other = runs.whole("other" + which, kind, "--seed=9");
        replacements += replacement(run, kind, whole, other);
      } else {
        int most = 1 + runs.random().nextInt(Math.min(MOST_KILLS_OF_A_CHAIN, KILLS));
        chain(run, kind, whole, most);
      }
      if (kills / SAID_AFTER > said) {
        said = kills / SAID_AFTER;
        say(number + 1, replacements);
      }
    }
    say(number, replacements);
  }

  private void say(int ended, int replacements) {
    System.out.printf(
        "%d kills in %d runs, %d of them replacements: each run ended with the bits of one that was"
            + " not killed, each epoch has one line of metrics, no file is left; %d kills were"
            + " before the first step, %d checkpoints within an epoch, %d temporary files were left"
            + " and removed, %d replaced runs were kept whole%n",
        kills, ended, replacements, killedInStart, killedInEpoch, leftTemporary, oldRunsKept);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends SIGINT and SIGTERM to runs at random moments, to a third of them a second signal, too; then
 * each run goes on to the bits of one without a signal. {@code -Dvae4j.signals=200} sets the number
 * of runs for each signal, {@code -Dvae4j.signals.seed=7} the moments; the result is printed.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class SignalledRunsTest {
  private static final int SIGNALS = Integer.getInteger("vae4j.signals", 1);
  private static final long SEED = Long.getLong("vae4j.signals.seed", 0);
  private static final List<String> NAMES = List.of("INT", "TERM");
  private static final int LONGEST_MILLIS = 20;
  private static final int SECOND = 3;

  @TempDir Path folder;
  private final Map<String, Integer> ends = new TreeMap<>();

  private static int code(String signal) {
    return signal.equals("INT") ? 130 : 143;
  }

  /** Checks how a process has ended, and returns it in words. */
  private static String end(Subprocess.Ended ended, int first, int second, Path run) {
    String about = ended.code() + ": " + ended.err() + ended.out();
    assertFalse(ended.err().contains("Exception"), about);
    if (ended.out().contains("\ndone: ")) {
      assertTrue(List.of(0, first, second).contains(ended.code()), about);
      return "complete";
    }
    if (ended.err().contains("vae4j: ended at once, ")) {
      boolean complete = ended.err().contains("vae4j: the run is complete and saved; ");
      String loss = complete ? "without all pictures" : "without saving; lost: ";
      assertTrue(ended.err().contains("vae4j: ended at once, " + loss), about);
      // Signals at almost the same time have threads of their own, and any order.
      assertTrue(List.of(first, second).contains(ended.code()), about);
      return "ended by the second";
    }
    if (ended.err().contains("vae4j: stops after this step, and saves; ")) {
      assertTrue(ended.err().contains(" and saved; go on with: ./vae4j train --out "), about);
      assertTrue(List.of(first, second).contains(ended.code()), about);
      assertTrue(RunChecks.resumable(run), about);
      return "saved";
    }
    // Handlers are set when the run has its first checkpoint.
    assertTrue(List.of(first, second).contains(ended.code()), about);
    return "ended in its start";
  }

  private void signalled(ShortRuns runs, String signal, int number) throws Exception {
    int which = runs.random().nextInt(ShortRuns.KINDS.size());
    List<String> kind = ShortRuns.KINDS.get(which);
    Path whole = runs.whole("whole" + which, kind);
    Path run = folder.resolve(signal + number);
    Subprocess process = runs.signallable(runs.train(run, kind));
    runs.await(process, run, ShortRuns.EPOCHS);
    // The process may have ended in the meantime.
    process.signalled(signal);
    String second = signal;
    if (runs.random().nextInt(SECOND) == 0) {
      second = runs.random().nextBoolean() ? "INT" : "TERM";
      Thread.sleep(runs.random().nextInt(LONGEST_MILLIS));
      process.signalled(second);
    }
    String end = end(process.join(), code(signal), code(second), run);
    ends.merge(end, 1, Integer::sum);
    RunChecks.readable(run);
    Cli.ok(runs.next(run, kind));
    RunChecks.same(whole, run);
  }

  @Test
  void theResultIsThatOfARunWithoutASignal() throws Exception {
    ShortRuns runs = new ShortRuns(folder, new Random(SEED));
    for (int i = 0; i < SIGNALS; i++) {
      for (String signal : NAMES) {
        signalled(runs, signal, i);
      }
    }
    System.out.printf(
        "%d runs with SIGINT and as many with SIGTERM, each resumed to the bits of a run without:"
            + " %s%n",
        SIGNALS, ends);
  }
}

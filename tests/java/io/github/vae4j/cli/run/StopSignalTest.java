// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.cli.HandledSignals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class StopSignalTest {
  private static final int PATIENCE_SECONDS = 60;

  /** Is in a step that does not end. */
  public static final class Busy {
    private Busy() {}

    /** Prints a line when signals are handled; the argument is the name of a thing to do. */
    public static void main(String[] args) throws InterruptedException {
      try (StopSignal stop = new StopSignal()) {
        stop.arm(System.out::println, () -> "steps 5 to 7");
        if (args[0].equals("draws")) {
          stop.complete();
        }
        System.out.println("armed");
        if (args[0].equals("prints")) {
          stop.printing(Busy::sleep);
        }
        if (args[0].equals("polls")) {
          while (!stop.getAsBoolean()) {
            Thread.sleep(10);
          }
          System.out.println("stopped");
          System.exit(stop.exitCode());
        }
        sleep();
      }
    }

    private static void sleep() {
      try {
        Thread.sleep(600_000);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Process busy(String how, String... java) throws IOException {
    List<String> command = new ArrayList<>(HandledSignals.prefix());
    command.addAll(JavaCommand.of(List.of(java), Busy.class, List.of(how)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertEquals("armed", process.inputReader().readLine());
    return process;
  }

  private static void signal(Process process, String name) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  private static final String FIRST =
      "stops after this step, and saves; a second signal ends at once and loses steps 5 to 7";

  @Test
  void aSecondSignalEndsAtOnceAndSaysWhatIsLost() throws Exception {
    for (String[] names :
        new String[][] {{"INT", "INT", "130"}, {"TERM", "INT", "130"}, {"INT", "TERM", "143"}}) {
      Process process = busy("sleeps");
      signal(process, names[0]);
      assertEquals(FIRST, process.inputReader().readLine());
      signal(process, names[1]);
      assertEquals(
          "ended at once, without saving; lost: steps 5 to 7", process.inputReader().readLine());
      assertEquals(Integer.parseInt(names[2]), process.waitFor());
    }
  }

  @Test
  void aCompleteRunHasNothingToLose() throws Exception {
    Process process = busy("draws");
    signal(process, "INT");
    assertEquals(
        "the run is complete and saved; a second signal ends it at once, without its pictures",
        process.inputReader().readLine());
    signal(process, "INT");
    assertEquals("ended at once, without all pictures", process.inputReader().readLine());
    assertEquals(130, process.waitFor());
  }

  @Test
  void oneSignalStopsARunThatPolls() throws Exception {
    Process process = busy("polls");
    signal(process, "TERM");
    assertEquals(FIRST, process.inputReader().readLine());
    assertEquals("stopped", process.inputReader().readLine());
    assertEquals(143, process.waitFor());
  }

  @Test
  void oneSignalEndsARunWhoseOutputIsNotRead() throws Exception {
    Process process = busy("prints");
    signal(process, "INT");
    assertEquals(FIRST, process.inputReader().readLine());
    assertEquals(
        "ended, as nobody reads its output, without saving; lost: steps 5 to 7",
        process.inputReader().readLine());
    assertEquals(130, process.waitFor());
  }

  @Test
  void withoutSignalsOfTheJvmASignalEndsAtOnce() throws Exception {
    Process process = busy("sleeps", "-Xrs");
    signal(process, "TERM");
    assertNull(process.inputReader().readLine());
    assertEquals(143, process.waitFor());
  }

  /** Sends SIGTERM to this process and waits until one of the lists receives it. */
  private static void terminateSelf(BlockingQueue<Integer> receiver) throws Exception {
    String pid = Long.toString(ProcessHandle.current().pid());
    assertEquals(0, new ProcessBuilder("kill", "-TERM", pid).start().waitFor());
    assertEquals(HandledSignals.TERMINATE, receiver.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void handlersAreThoseOfBeforeAtTheEnd() throws Exception {
    assumeFalse(HandledSignals.ignored(HandledSignals.TERMINATE));
    BlockingQueue<Integer> outer = new LinkedBlockingQueue<>();
    BlockingQueue<Integer> inner = new LinkedBlockingQueue<>();
    try (Signals before = Signals.handle(List.of("TERM", "NONE"), outer::add)) {
      assertNotNull(before);
      try (Signals signals = Signals.handle(List.of("TERM"), inner::add)) {
        assertNotNull(signals);
        terminateSelf(inner);
        assertEquals(0, outer.size());
      }
      terminateSelf(outer);
      StopSignal stop = new StopSignal();
      stop.arm(text -> {}, () -> "");
      stop.close();
      terminateSelf(outer);
      assertFalse(stop.getAsBoolean());
      assertEquals(130, stop.exitCode());
    }
    assertEquals(0, inner.size());
    assertNull(Signals.handle(List.of("NONE"), outer::add), "no such signal");
  }
}

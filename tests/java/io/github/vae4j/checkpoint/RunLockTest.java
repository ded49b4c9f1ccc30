// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  private static final long ME = ProcessHandle.current().pid();

  @TempDir Path folder;

  private Path file() {
    return folder.resolve(".lock");
  }

  /** Locks the folder of its argument and waits to be killed. */
  public static final class Holder {
    private Holder() {}

    /** Prints a line when the lock is taken, or the refusal. */
    public static void main(String[] args) throws InterruptedException {
      try (RunLock lock = RunLock.of(Path.of(args[0]))) {
        System.out.println("locked" + (lock.remark() == null ? "" : lock.remark()));
        Thread.sleep(600_000);
      } catch (VaeException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private Process holder() throws IOException {
    return new ProcessBuilder(JavaCommand.of(List.of(), Holder.class, List.of(folder.toString())))
        .redirectErrorStream(true)
        .start();
  }

  private static String line(Process process) throws IOException {
    return String.valueOf(process.inputReader().readLine());
  }

  @Test
  void anotherProcessIsNamedAndAKilledOneDoesNotMatter() throws Exception {
    Process first = holder();
    try {
      assertEquals("locked", line(first));
      VaeException refused =
          Thrown.says(
              VaeException.class,
              () -> RunLock.of(folder),
              folder + " is in use by process " + first.pid() + " on ",
              "wait until it has ended, or choose another folder");
      RunOwner self = RunOwner.self();
      assertTrue(
          String.valueOf(refused.getMessage()).contains(" on " + self.host() + ", started "));
    } finally {
      first.destroyForcibly().waitFor();
    }
    assertTrue(Files.exists(file()), "a killed owner leaves its file");
    try (RunLock lock = RunLock.of(folder)) {
      assertNull(lock.remark());
      Process second = holder();
      assertTrue(line(second).startsWith(folder + " is in use by process " + ME + " on "));
      assertEquals(0, second.waitFor());
    }
    assertFalse(Files.exists(file()), "an owner that ends removes its file");
  }

  @Test
  void anotherRunOfThisProcessIsNamedAndDoesNotEndTheLock() throws Exception {
    try (RunLock lock = RunLock.of(folder)) {
      assertNull(lock.remark());
      Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
      for (Path same : List.of(folder, link, folder.resolve("."))) {
        Thrown.says(
            VaeException.class,
            () -> RunLock.of(same),
            same + " is in use by another run of this process (" + ME + ")");
      }
      // Closing a channel of the file would have released the lock of the whole process.
      Process other = holder();
      assertTrue(line(other).contains(" is in use by process " + ME + " on "));
      assertEquals(0, other.waitFor());
    }
    RunLock.of(folder).close();
  }

  @Test
  void oneOfManyThreadsHasItAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      tasks.add(
          () -> {
            try (RunLock lock = RunLock.of(folder)) {
              assertNull(lock.remark());
              assertEquals(1, inside.incrementAndGet());
              taken.incrementAndGet();
              Thread.sleep(1);
              inside.decrementAndGet();
              return true;
            } catch (VaeException e) {
              return String.valueOf(e.getMessage()).contains("in use");
            }
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<Boolean> done : threads.invokeAll(tasks)) {
        assertTrue(done.get());
      }
    } finally {
      threads.shutdown();
    }
    assertTrue(taken.get() > 0);
    assertFalse(Files.exists(file()));
  }

  @Test
  void theLeftFileOfAnotherMachineIsTakenWithARemark() throws IOException {
    Files.writeString(file(), "process 7 on elsewhere, started 2026-01-01T00:00:00Z\n");
    try (RunLock lock = RunLock.of(folder)) {
      assertEquals(
          "warning: "
              + file().toRealPath()
              + " was left by process 7 on elsewhere, started 2026-01-01T00:00:00Z; on a network"
              + " folder without locks that run may still go on: then stop one of the two",
          lock.remark());
    }
  }

  private RunLock withoutLocks() {
    return RunLock.of(
        folder,
        channel -> {
          throw new IOException("No locks available");
        });
  }

  @Test
  void withoutLocksTheFileDecides() throws IOException {
    RunOwner self = RunOwner.self();
    withoutLocks().close();
    Files.writeString(file(), "garbage");
    withoutLocks().close();
    Files.writeString(file(), self + "\n");
    Thrown.says(VaeException.class, this::withoutLocks, folder + " is in use by process " + ME);
    Files.writeString(
        file(), new RunOwner(ME, self.host(), Instant.parse("2001-01-01T00:00:00Z")) + "\n");
    withoutLocks().close();
    Files.writeString(file(), new RunOwner(1L << 40, self.host(), self.since()) + "\n");
    withoutLocks().close();
    Files.writeString(file(), "process 7 on elsewhere, started 2026-01-01T00:00:00Z\n");
    Thrown.says(
        VaeException.class,
        this::withoutLocks,
        "is in use by process 7 on elsewhere",
        "its file system has no locks",
        "delete " + file().toRealPath());
    assertTrue(Files.exists(file()), "a refused run leaves the file");
  }

  @Test
  void anOwnerIsALineOfText() {
    RunOwner owner = RunOwner.self();
    assertEquals(owner, RunOwner.parse(owner + "\n"));
    assertTrue(owner.alive() && owner.onThisHost());
    for (String text :
        List.of(
            "",
            "x",
            "process -1 on a, started 2026-01-01T00:00:00Z",
            "process 1 on a, started x")) {
      assertNull(RunOwner.parse(text), text);
    }
    assertNotNull(RunOwner.parse("process 1 on a, started 2026-01-01T00:00:00Z"));
  }

  @Test
  void aFolderThatCannotBeLockedIsNamed() throws IOException {
    Files.createDirectory(file());
    Thrown.says(
        VaeException.class,
        () -> RunLock.of(folder),
        "cannot lock " + file() + ": it is not a file");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.checkpoint.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of the system and of Java: open files, stack, heap, and memory outside the heap. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Tag("slow")
class SystemLimitsTest {
  private static final int LEAST_FILES = 22;
  private static final int MOST_FILES = 256;

  @TempDir Path folder;

  @BeforeEach
  void needsPrlimit() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit of util-linux");
  }

  private ShortRuns runs() {
    return new ShortRuns(folder, new Random(1));
  }

  private Subprocess.Ended limited(String limit, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(Subprocess.SHORT);
    all.addAll(options);
    return Subprocess.shell(
            folder,
            limit.isEmpty() ? "exec \"$@\"" : "exec prlimit " + limit + " \"$@\"",
            all,
            arguments.toArray(String[]::new))
        .join();
  }

  /** Arguments with another value of an option. */
  private static List<String> changed(List<String> arguments, String option, String value) {
    return arguments.stream()
        .map(word -> word.startsWith(option + "=") ? option + "=" + value : word)
        .toList();
  }

  private static List<String> cpu(List<String> arguments) {
    return changed(arguments, "--backend", "cpu");
  }

  /** Once the classes of the program, and those of its messages, did not load. */
  @Test
  void tooFewOpenFilesAreAMessageBeforeARunBegins() throws Exception {
    Path run = folder.resolve("run");
    List<String> train = runs().train(run, ShortRuns.KINDS.get(0));
    for (int files = LEAST_FILES; files <= MOST_FILES; files += 6) {
      Subprocess.Ended ended = limited("--nofile=" + files + ":" + files, List.of(), train);
      if (ended.code() == 0) {
        assertTrue(files > LEAST_FILES, "the least limit is not enough");
        Path whole = runs().whole("whole", ShortRuns.KINDS.get(0));
        RunChecks.same(whole, run);
        return;
      }
      assertEquals(1, ended.code(), ended.err());
      assertFalse(Files.exists(run), ended.err());
      boolean began = !ended.err().contains("Error: ") && !ended.err().contains("Exception in");
      if (began) {
        assertTrue(ended.err().startsWith("vae4j: error: "), ended.err());
        assertTrue(ended.err().contains("ulimit -n 1024"), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
      }
    }
    throw new AssertionError("no limit is enough");
  }

  /** Once the run ended in a NoClassDefFoundError, and did not say where it goes on. */
  @Test
  void openFilesThatEndInARunLoseNothing() throws Exception {
    List<String> kind = ShortRuns.KINDS.get(3);
    Path run = folder.resolve("run");
    List<String> train = changed(runs().train(run, kind), "--epochs", "1000000");
    Subprocess process = runs().start(train);
    while (process.process().isAlive() && !Files.readString(process.out()).contains("epoch 1/")) {
      Thread.sleep(5);
    }
    String pid = Long.toString(process.process().pid());
    long open;
    try (Stream<Path> files = Files.list(Path.of("/proc", pid, "fd"))) {
      open = files.count();
    }
    // A file of this size may have any number below it, so that no further one has one.
    String limit = "--nofile=" + (open - 1) + ":" + (open - 1);
    assertEquals(0, new ProcessBuilder("prlimit", "--pid", pid, limit).start().waitFor());
    Subprocess.Ended ended = process.join();
    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().contains("vae4j: ended early; saved in epoch "), ended.err());
    assertTrue(ended.err().contains("vae4j: error: cannot write " + run), ended.err());
    assertTrue(ended.err().contains(": Too many open files"), ended.err());
    assertTrue(ended.err().contains("ulimit -n 1024"), ended.err());
    assertFalse(ended.err().contains("Exception"), ended.err());
    String until = Integer.toString(new RunFolder(run).readMetrics().size() + 1);
    Cli.ok(Cli.with(ShortRuns.resume(run, kind), "--epochs=" + until));
    Path whole = folder.resolve("whole");
    Cli.ok(changed(runs().train(whole, kind), "--epochs", until).toArray(String[]::new));
    RunChecks.same(whole, run);
  }

  /**
   * Once the initialisers of oneDNN ended the JVM without a word, from -Xss520k down, and JavaCPP
   * refused a few bytes where the process had more than four times the heap.
   */
  @ParameterizedTest
  @ValueSource(strings = {"-Xss256k", "-Xmx14m"})
  void aSmallStackOrHeapIsEnough(String option) throws Exception {
    Path run = folder.resolve("run");
    List<String> train = cpu(runs().train(run, ShortRuns.KINDS.get(0)));
    Subprocess.Ended ended = limited("", List.of(option), train);
    assertEquals(0, ended.code(), ended.err());
  }

  @Test
  void memoryOutsideTheHeapThatEndsIsAMessageWithItsOption() throws Exception {
    Path run = folder.resolve("run");
    List<String> train = cpu(runs().train(run, ShortRuns.KINDS.get(0)));
    for (String size : List.of("1k", "64k")) {
      Subprocess.Ended ended = limited("", List.of("-XX:MaxDirectMemorySize=" + size), train);
      assertEquals(1, ended.code(), ended.err());
      assertTrue(ended.err().contains("vae4j: error: out of memory (Cannot reserve "), ended.err());
      assertTrue(ended.err().contains("-XX:MaxDirectMemorySize=8g"), ended.err());
    }
    Cli.ok(cpu(runs().next(run, ShortRuns.KINDS.get(0))));
  }
}

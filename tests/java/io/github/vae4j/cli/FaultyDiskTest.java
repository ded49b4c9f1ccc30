// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.files.Trees;
import io.github.vae4j.train.EpochMetrics;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs on a disk that fails. A limit on the size of files stands for a full disk: a write beyond it
 * fails in the middle.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class FaultyDiskTest {
  private static final int LIMIT_KIB = 64;

  @TempDir Path folder;

  private List<String> train(Path out, String... more) throws IOException {
    Path data = folder.resolve("data.csv");
    if (Files.notExists(data)) {
      StringBuilder text = new StringBuilder("a,b,c\n");
      for (int i = 0; i < 20; i++) {
        text.append(i % 7).append(',').append(i % 3 - 1).append(',').append(i / 35.0).append('\n');
      }
      Files.writeString(data, text);
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--schema=none",
                "--data=" + data,
                "--out=" + out,
                "--latent=2",
                "--batch=8"));
    arguments.add("--backend=reference");
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static String[] words(List<String> arguments) {
    return arguments.toArray(String[]::new);
  }

  private Subprocess limited(List<String> arguments) throws IOException {
    return Subprocess.shell(
        folder,
        "ulimit -f " + LIMIT_KIB + " && exec \"$@\"",
        List.of("-XX:-UsePerfData", "-Djava.awt.headless=true"),
        words(arguments));
  }

  private static List<Integer> epochs(Path run) {
    return new RunFolder(run).readMetrics().stream().map(EpochMetrics::epoch).toList();
  }

  @Test
  void aFirstCheckpointThatDoesNotFitLeavesTheOldRunOrNothing() throws Exception {
    Path run = folder.resolve("run");
    Cli.ok(words(train(run, "--hidden=4", "--epochs=2")));
    Map<String, String> before = Trees.of(run);
    Subprocess.Ended ended =
        limited(train(run, "--hidden=400", "--epochs=2", "--overwrite")).join();
    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().contains("checkpoint.safetensors: "), ended.err());
    assertTrue(ended.err().contains("vae4j: error: cannot write "), ended.err());
    assertEquals(before, Trees.of(run));
    Cli.ok("train", "--out=" + run, "--resume", "--epochs=3", "--backend=reference");
    assertEquals(List.of(1, 2, 3), epochs(run));

    Path fresh = folder.resolve("fresh");
    assertEquals(1, limited(train(fresh, "--hidden=400")).join().code());
    assertFalse(Files.exists(fresh), "no folder that is neither resumed nor started");
  }

  @Test
  void aDiskThatIsFullInTheMiddleOfALineOfMetricsLosesNothing() throws Exception {
    Path run = folder.resolve("run");
    Subprocess.Ended ended = limited(train(run, "--hidden=4", "--epochs=1000")).join();
    assertEquals(1, ended.code(), ended.err());
    assertTrue(
        ended.err().contains("vae4j: error: cannot write " + run.resolve("metrics.jsonl") + ": "),
        ended.err());
    assertTrue(ended.err().contains("go on with: ./vae4j train --out " + run), ended.err());
    String text = Files.readString(run.resolve("metrics.jsonl"));
    assertEquals(LIMIT_KIB * 1024, text.length());
    assertFalse(text.endsWith("\n"), "the last line is cut");
    int done = epochs(run).size();
    int until = done + 2;
    Cli.ok("train", "--out=" + run, "--resume", "--epochs=" + until, "--backend=reference");
    assertEquals(IntStream.rangeClosed(1, until).boxed().toList(), epochs(run));
    Path alone = folder.resolve("alone");
    Cli.ok(words(train(alone, "--hidden=4", "--epochs=" + until)));
    assertArrayEquals(
        Files.readAllBytes(alone.resolve("model.safetensors")),
        Files.readAllBytes(run.resolve("model.safetensors")));
  }

  /** Deletes a folder into which another process writes. */
  private static void delete(Path run) throws IOException {
    while (Files.exists(run)) {
      List<Path> all;
      try (Stream<Path> files = Files.list(run)) {
        all = files.toList();
      }
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
      try {
        Files.delete(run);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        // The run wrote a file in the meantime.
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aFolderThatIsDeletedEndsTheRunByName() throws Exception {
    Path run = folder.resolve("run");
    Subprocess process =
        Subprocess.start(
            folder, Map.of(), List.of(), words(train(run, "--hidden=4", "--epochs=1000000")));
    while (!Files.exists(run.resolve("model.safetensors")) && process.process().isAlive()) {
      Thread.sleep(20);
    }
    delete(run);
    Subprocess.Ended ended = process.join();
    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().contains("vae4j: error: cannot write " + run), ended.err());
    assertFalse(ended.err().contains("Exception"), ended.err());
    assertFalse(Files.exists(run));
  }
}

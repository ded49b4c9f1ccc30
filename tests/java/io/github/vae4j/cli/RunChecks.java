// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.train.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files of a run that was cut off, and of one that goes on after it. */
final class RunChecks {
  private static final List<String> STATE =
      List.of(RunFolder.MODEL, RunFolder.CHECKPOINT, RunFolder.METRICS);

  private RunChecks() {}

  /**
   * Files that were found.
   *
   * @param temporary the number of temporary ones
   * @param withinEpoch whether the newest checkpoint is of a step within an epoch
   */
  record Found(int temporary, boolean withinEpoch) {}

  /** The files of a run by their relative paths, hidden ones too. */
  static Map<String, byte[]> files(Path run) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if (Files.exists(run)) {
      try (Stream<Path> all = Files.walk(run)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(run.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  static boolean resumable(Path run) {
    return Files.exists(run.resolve(RunFolder.CHECKPOINT))
        || Files.exists(run.resolve(RunFolder.PREVIOUS_CHECKPOINT));
  }

  /** All files can be read, and whole epochs have a line each, also those of a replacement. */
  static Found readable(Path run) throws IOException {
    int temporary = 0;
    boolean within = false;
    for (String place : List.of("", ".new-run", ".next-run", ".old-run")) {
      Path folder = run.resolve(place);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      RunFolder files = new RunFolder(folder);
      List<EpochMetrics> lines = files.readMetrics();
      assertEquals(
          IntStream.rangeClosed(1, lines.size()).boxed().toList(),
          lines.stream().map(EpochMetrics::epoch).toList());
      if (Files.exists(files.file(RunFolder.MODEL))) {
        ModelFile.load(files.file(RunFolder.MODEL));
      }
      if (Files.exists(files.file(RunFolder.SPECIFICATION))) {
        VaeJson.read(files.file(RunFolder.SPECIFICATION));
      }
      for (String name : List.of(RunFolder.PREVIOUS_CHECKPOINT, RunFolder.CHECKPOINT)) {
        if (Files.exists(files.file(name))) {
          Checkpoint checkpoint = Checkpoint.read(files.file(name));
          within = checkpoint.state().clock().position() > 0;
          // A run that is moved or deleted has files in two folders.
          boolean apart =
              !place.isEmpty()
                  || Files.isDirectory(run.resolve(".old-run"))
                  || Files.isDirectory(run.resolve(".next-run"));
          assertTrue(apart || lines.size() >= checkpoint.state().clock().epoch(), name);
        }
      }
    }
    for (String name : files(run).keySet()) {
      temporary += name.endsWith(".tmp") ? 1 : 0;
    }
    return new Found(temporary, within);
  }

  /** A run that ended is that of another folder, to the bit but for its times. */
  static void same(Path whole, Path run) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(whole.resolve(RunFolder.MODEL)),
        Files.readAllBytes(run.resolve(RunFolder.MODEL)));
    assertEquals(Cli.specification(whole), Cli.specification(run));
    List<EpochMetrics> expected = new RunFolder(whole).readMetrics();
    List<EpochMetrics> lines = new RunFolder(run).readMetrics();
    assertEquals(expected.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(expected.get(i).epoch(), lines.get(i).epoch());
      assertEquals(expected.get(i).step(), lines.get(i).step());
      assertEquals(expected.get(i).trainElbo(), lines.get(i).trainElbo());
      assertEquals(expected.get(i).testElbo(), lines.get(i).testElbo());
      assertEquals(expected.get(i).gradientNorm(), lines.get(i).gradientNorm());
    }
    nothingHidden(run);
  }

  static void nothingHidden(Path run) throws IOException {
    List<String> left;
    try (Stream<Path> all = Files.walk(run)) {
      left =
          all.map(file -> run.relativize(file).toString())
              .filter(name -> name.startsWith(".") || name.contains("/."))
              .toList();
    }
    assertEquals(List.of(), left, "no hidden file is left");
  }

  static boolean sameModel(Map<String, byte[]> a, Map<String, byte[]> b) {
    return Arrays.equals(a.get(RunFolder.MODEL), b.get(RunFolder.MODEL));
  }

  /** A run that was to be replaced has all its files, and its state has the same bytes. */
  static void old(Map<String, byte[]> old, Map<String, byte[]> now) {
    assertEquals(old.keySet(), now.keySet());
    for (String name : STATE) {
      assertArrayEquals(old.get(name), now.get(name), name);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.files.Trees;
import io.github.vae4j.train.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** The relative paths of a run's files and folders, hidden ones too. */
  private static List<String> names(Path run) throws IOException {
    if (Files.notExists(run)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(run)) {
      return all.map(file -> run.relativize(file).toString()).toList();
    }
  }

  static boolean resumable(Path run) {
    return Files.exists(run.resolve(RunFolder.CHECKPOINT))
        || Files.exists(run.resolve(RunFolder.PREVIOUS_CHECKPOINT));
  }

  /** All files can be read, and whole epochs have a line each, also those of a replacement. */
  static Found readable(Path run) throws IOException {
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
    long temporary = names(run).stream().filter(name -> name.endsWith(".tmp")).count();
    return new Found((int) temporary, within);
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

  private static void nothingHidden(Path run) throws IOException {
    List<String> left =
        names(run).stream().filter(name -> name.startsWith(".") || name.contains("/.")).toList();
    assertEquals(List.of(), left, "no hidden file is left");
  }

  /**
   * A replacement that was cut off, and then ended: the old run with all its files, whose state has
   * the same bytes, or a run that is that of another folder.
   *
   * @return whether it is the old run
   */
  static boolean oldOrSame(Path old, Path whole, Path run) throws IOException {
    Map<String, String> before = Trees.of(old);
    Map<String, String> now = Trees.of(run);
    boolean kept = Objects.equals(before.get(RunFolder.MODEL), now.get(RunFolder.MODEL));
    if (kept) {
      assertEquals(before.keySet(), now.keySet());
      for (String name : STATE) {
        assertEquals(before.get(name), now.get(name), name);
      }
      nothingHidden(run);
    } else {
      same(whole, run);
    }
    return kept;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.files.Trees;
import io.github.vae4j.train.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenRunTest {
  private static final List<String> OLD_FILES =
      List.of(
          "model.safetensors",
          "vae.json",
          "checkpoint.safetensors",
          "checkpoint.previous.safetensors",
          "metrics.jsonl",
          "training.png",
          "reconstructions.png",
          "samples.png",
          "sampler.gmm.safetensors");

  private static final List<String> NEW_FILES =
      List.of("vae.json", "checkpoint.safetensors", "metrics.jsonl");

  @TempDir Path parent;

  static void saveCheckpoint(Path run, int epoch) {
    float[] parameters = Specs.parameters(Specs.SMALL, epoch);
    TrainState state =
        new TrainState(
            parameters,
            parameters,
            parameters,
            null,
            new double[3],
            new TrainState.Clock(469L * epoch, epoch, 0, new double[4]),
            -100,
            0,
            Map.of());
    new Checkpoint(Specs.SMALL, Specs.CONFIG, Specs.DATA, state).save(run);
  }

  private static void write(Path folder, List<String> names, String text) throws IOException {
    Files.createDirectories(folder);
    for (String name : names) {
      Files.writeString(folder.resolve(name), text);
    }
  }

  private static Map<String, String> texts(List<String> names, String text) {
    Map<String, String> texts = new TreeMap<>(Map.of("notes.txt", "mine"));
    names.forEach(name -> texts.put(name, text));
    return texts;
  }

  private Path oldRun() throws IOException {
    Path path = Files.createTempDirectory(parent, "old");
    write(path, OLD_FILES, "old");
    Files.writeString(path.resolve("notes.txt"), "mine");
    return path;
  }

  @Test
  void aNewFolderIsMadeAndAnEmptyOneIsRemovedAgain() throws IOException {
    Path path = parent.resolve("runs").resolve("mnist");
    try (OpenRun run = OpenRun.create(path, false)) {
      assertEquals(path.resolve("model.safetensors"), run.folder().file(RunFolder.MODEL));
      assertEquals(List.of(".lock"), List.copyOf(Trees.of(path).keySet()));
    }
    assertFalse(Files.exists(path));
    try (OpenRun run = OpenRun.create(path, true)) {
      assertFalse(run.replaces());
      Files.writeString(run.folder().file(RunFolder.METRICS), "x");
    }
    assertEquals(Map.of("metrics.jsonl", "x"), Trees.of(path));
    Path own = Files.createDirectory(parent.resolve("own"));
    OpenRun.create(own, false).close();
    assertTrue(Files.isDirectory(own), "a folder that was there stays");
  }

  @Test
  void anotherRunIsNotTouchedUnasked() throws IOException {
    for (String name : List.of("vae.json", "metrics.jsonl", "samples.png")) {
      Path path = Files.createDirectory(parent.resolve("with-" + name));
      Files.writeString(path.resolve(name), "x");
      String message =
          Thrown.says(
                  VaeException.class,
                  () -> OpenRun.create(path, false),
                  path + " holds files of another run, without a checkpoint (" + name + ")",
                  "replace them with OpenRun.create(overwrite)")
              .getMessage();
      assertFalse(String.valueOf(message).contains("OpenRun.resume"), message);
      assertEquals(Map.of(name, "x"), Trees.of(path));
    }
    Path path = oldRun();
    Thrown.says(
        VaeException.class,
        () -> OpenRun.create(path, false),
        path + " holds another run (model.safetensors, vae.json",
        "continue it with OpenRun.resume, replace it with OpenRun.create(overwrite)");
    assertEquals(texts(OLD_FILES, "old"), Trees.of(path));
  }

  @Test
  void theOldRunIsWholeUntilTheNewOneIsKept() throws IOException {
    Path path = oldRun();
    Files.writeString(path.resolve(".model.safetensors.0123.tmp"), "x");
    try (OpenRun run = OpenRun.create(path, true)) {
      assertTrue(run.replaces());
      assertNotEquals(path, run.folder().path());
      write(run.folder().path(), NEW_FILES, "new");
      for (String name : OLD_FILES) {
        assertEquals("old", Files.readString(path.resolve(name)));
      }
    }
    assertEquals(texts(OLD_FILES, "old"), Trees.of(path));
    try (OpenRun run = OpenRun.create(path, true)) {
      write(run.folder().path(), NEW_FILES, "new");
      run.keep();
      assertFalse(run.replaces());
      assertEquals(path, run.folder().path());
      run.keep();
    }
    assertEquals(texts(NEW_FILES, "new"), Trees.of(path));
  }

  /** The folder after the first steps of a replacement that a kill ended. */
  private Path killed(int steps) throws IOException {
    Path path = oldRun();
    Path newer = path.resolve(".new-run");
    Path old = path.resolve(".old-run");
    Path next = path.resolve(".next-run");
    write(newer, NEW_FILES, "new");
    List<Step> all = new ArrayList<>();
    all.add(() -> Files.createDirectory(old));
    for (String name : RunFolder.FILES) {
      if (OLD_FILES.contains(name)) {
        all.add(() -> Files.move(path.resolve(name), old.resolve(name)));
      }
    }
    all.add(() -> Files.move(newer, next));
    for (String name : RunFolder.FILES) {
      if (NEW_FILES.contains(name)) {
        all.add(() -> Files.move(next.resolve(name), path.resolve(name)));
      }
    }
    for (String name : OLD_FILES) {
      all.add(() -> Files.delete(old.resolve(name)));
    }
    all.add(() -> Files.delete(old));
    all.add(() -> Files.delete(next));
    for (Step step : all.subList(0, steps)) {
      step.run();
    }
    return path;
  }

  private interface Step {
    void run() throws IOException;
  }

  @Test
  void aKillAtEachStepOfTheReplacementLeavesOneWholeRun() throws IOException {
    int out = 1 + OLD_FILES.size();
    int all = out + 1 + NEW_FILES.size() + OLD_FILES.size() + 2;
    for (int steps = 0; steps <= all; steps++) {
      Path path = killed(steps);
      try (OpenRun run = OpenRun.resume(path)) {
        assertEquals(path, run.folder().path());
      }
      assertEquals(
          steps <= out ? texts(OLD_FILES, "old") : texts(NEW_FILES, "new"),
          Trees.of(path),
          "after " + steps + " steps");
    }
  }

  @Test
  void aReplacementThatFailsLeavesTheOldRun() throws IOException {
    Path path = oldRun();
    try (OpenRun run = OpenRun.create(path, true)) {
      write(run.folder().path(), NEW_FILES, "new");
      // The name of the next folder is taken by a file, which fails the rename that counts.
      Files.writeString(path.resolve(".next-run"), "in the way");
      Thrown.says(VaeException.class, run::keep, "cannot replace the run in " + path);
      assertTrue(run.replaces());
      Files.delete(path.resolve(".next-run"));
    }
    assertEquals(texts(OLD_FILES, "old"), Trees.of(path));
  }

  @Test
  void resumingNeedsACheckpoint() throws IOException {
    Path path = parent.resolve("run");
    Thrown.says(
        VaeException.class,
        () -> OpenRun.resume(path),
        "cannot resume " + path + ": there is no checkpoint.safetensors (there is no such folder)",
        "start a run without OpenRun.resume");
    assertFalse(Files.exists(path), "nothing was made");
    Files.createDirectory(path);
    Thrown.says(VaeException.class, () -> OpenRun.resume(path), "(it holds no run)");
    Files.writeString(path.resolve("vae.json"), "{}");
    Thrown.says(
        VaeException.class,
        () -> OpenRun.resume(path),
        "(it holds only vae.json); start a run without OpenRun.resume, with OpenRun.create(overwrite) or in another");
    saveCheckpoint(path, 1);
    OpenRun.resume(path).close();
    Files.move(
        path.resolve("checkpoint.safetensors"),
        path.resolve("checkpoint.previous.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    OpenRun.resume(path).close();
    assertEquals(1, Checkpoint.load(path).state().clock().epoch());
  }

  @Test
  void placesThatCannotBeRunFoldersAreNamed() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "x");
    Thrown.says(
        VaeException.class,
        () -> OpenRun.create(file, false),
        "cannot use " + file + " as a run folder: it is not a folder");
    Thrown.says(VaeException.class, () -> OpenRun.resume(file), "(it is not a folder)");
    Thrown.says(
        VaeException.class,
        () -> OpenRun.create(file.resolve("below"), false),
        "cannot use " + file.resolve("below"));
    Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("nowhere"));
    Thrown.says(
        VaeException.class,
        () -> OpenRun.create(link, false),
        "cannot use " + link + " as a run folder: it is a link to a place that does not exist");
    Thrown.says(
        VaeException.class,
        () -> OpenRun.create(Path.of(""), true),
        "the name of this one is empty");
  }
}

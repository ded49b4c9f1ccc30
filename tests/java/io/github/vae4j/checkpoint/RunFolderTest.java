// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vae4j.VaeException;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path parent;

  private static EpochMetrics metrics(int epoch) {
    return new EpochMetrics(
        epoch,
        469L * epoch,
        -110.5 / epoch,
        -85.1,
        25.4,
        -110.5 / epoch,
        0,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        45_000.25,
        1.0 / 3,
        1e-3,
        1,
        5.5,
        0);
  }

  private static void saveCheckpoint(RunFolder run, int epoch) {
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
    new Checkpoint(Specs.SMALL, Specs.CONFIG, Specs.DATA, state).save(run.path());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aNumberThatAnEarlierVersionDidNotKnowIsNaN() throws IOException {
    RunFolder run = RunFolder.prepare(parent.resolve("run"), false, false);
    run.appendMetrics(metrics(1));
    Path file = run.file("metrics.jsonl");
    Files.writeString(file, Files.readString(file).replace("\"train_penalty\":0.0,", ""));
    assertTrue(Double.isNaN(run.readMetrics().get(0).trainPenalty()));
    assertEquals(-110.5, run.readMetrics().get(0).trainBound());
  }

  @Test
  void aNewFolderIsMade() throws IOException {
    Path path = parent.resolve("runs").resolve("mnist");
    RunFolder run = RunFolder.prepare(path, false, false);
    assertTrue(Files.isDirectory(path));
    assertEquals(path.resolve("model.safetensors"), run.file(RunFolder.MODEL));
    assertEquals(List.of(), names(path));
    RunFolder.prepare(path, false, false);
  }

  @Test
  void anotherRunIsNotTouchedUnasked() throws IOException {
    for (String name : List.of("vae.json", "metrics.jsonl", "samples.png")) {
      Path path = Files.createDirectory(parent.resolve("with-" + name));
      Files.writeString(path.resolve(name), "x");
      Bits.thrown(
          VaeException.class,
          () -> RunFolder.prepare(path, false, false),
          path + " holds another run (" + name + ")",
          "--resume",
          "--overwrite");
      assertEquals("x", Files.readString(path.resolve(name)));
    }
  }

  @Test
  void overwritingDeletesARunsFilesAndNoOthers() throws IOException {
    RunFolder run = RunFolder.prepare(parent.resolve("run"), false, false);
    saveCheckpoint(run, 1);
    saveCheckpoint(run, 2);
    run.appendMetrics(metrics(1));
    for (String name :
        List.of(
            "model.safetensors",
            "vae.json",
            "training.png",
            "reconstructions.png",
            "samples.png",
            ".model.safetensors.0123.tmp",
            "notes.txt")) {
      Files.writeString(run.file(name), "x");
    }
    RunFolder.prepare(run.path(), false, true);
    assertEquals(List.of("notes.txt"), names(run.path()));
    RunFolder.prepare(parent.resolve("new"), false, true);
    assertEquals(List.of(), names(parent.resolve("new")));
  }

  @Test
  void resumingNeedsACheckpoint() throws IOException {
    Path path = parent.resolve("run");
    Bits.thrown(
        VaeException.class,
        () -> RunFolder.prepare(path, true, false),
        "cannot resume " + path + ": there is no checkpoint.safetensors (there is no such folder)");
    assertFalse(Files.exists(path), "nothing was made");
    Files.createDirectory(path);
    Bits.thrown(
        VaeException.class, () -> RunFolder.prepare(path, true, false), "(it holds no run)");
    Files.writeString(path.resolve("vae.json"), "{}");
    Bits.thrown(
        VaeException.class, () -> RunFolder.prepare(path, true, false), "(it holds only vae.json)");
    saveCheckpoint(new RunFolder(path), 1);
    RunFolder.prepare(path, true, false);
    Files.move(
        path.resolve("checkpoint.safetensors"), path.resolve("checkpoint.previous.safetensors"));
    assertEquals(1, RunFolder.prepare(path, true, false).resume().state().clock().epoch());
  }

  @Test
  void placesThatCannotBeRunFoldersAreNamed() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "x");
    Bits.thrown(
        VaeException.class,
        () -> RunFolder.prepare(file, false, false),
        "cannot use " + file + " as a run folder: it is not a folder");
    Bits.thrown(
        VaeException.class, () -> RunFolder.prepare(file, true, false), "(it is not a folder)");
    Bits.thrown(
        VaeException.class,
        () -> RunFolder.prepare(file.resolve("below"), false, false),
        "cannot use " + file.resolve("below"));
    Bits.thrown(
        VaeException.class,
        () -> RunFolder.prepare(parent, true, true),
        "--resume continues a run and --overwrite deletes it: choose one");
  }

  @Test
  void metricsAreLinesOfJson() throws IOException {
    RunFolder run = RunFolder.prepare(parent.resolve("run"), false, false);
    assertEquals(List.of(), run.readMetrics());
    run.appendMetrics(metrics(1));
    run.appendMetrics(metrics(2));
    List<String> lines = Files.readAllLines(run.file("metrics.jsonl"));
    assertEquals(2, lines.size());
    assertEquals(
        "{\"epoch\":1,\"step\":469,\"train_elbo\":-110.5,\"train_reconstruction\":-85.1,"
            + "\"train_kl\":25.4,\"train_bound\":-110.5,\"train_penalty\":0.0,\"test_elbo\":null,\"test_reconstruction\":null,\"test_kl\":null,"
            + "\"rows_per_second\":45000.25,\"seconds\":0.3333333333333333,"
            + "\"learning_rate\":0.001,\"beta\":1.0,\"gradient_norm\":5.5,\"skipped_steps\":0}",
        lines.get(0));
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    List<String> keys = new ArrayList<>();
    second.fieldNames().forEachRemaining(keys::add);
    assertTrue(
        keys.containsAll(
            List.of(
                "epoch",
                "train_elbo",
                "test_elbo",
                "test_reconstruction",
                "test_kl",
                "rows_per_second",
                "seconds")));
    assertEquals(List.of(metrics(1), metrics(2)), run.readMetrics());
  }

  @Test
  void aResumedRunsMetricsAreThoseOfOneThatWasNotStopped() throws IOException {
    RunFolder whole = RunFolder.prepare(parent.resolve("whole"), false, false);
    for (int epoch = 1; epoch <= 4; epoch++) {
      whole.appendMetrics(metrics(epoch));
    }
    RunFolder stopped = RunFolder.prepare(parent.resolve("stopped"), false, false);
    stopped.appendMetrics(metrics(1));
    stopped.appendMetrics(metrics(2));
    saveCheckpoint(stopped, 2);
    stopped.appendMetrics(metrics(3));
    // Killed in the middle of a line.
    Files.writeString(
        stopped.file("metrics.jsonl"),
        Files.readString(stopped.file("metrics.jsonl")) + "{\"epoch\":4,\"st");
    assertEquals(List.of(metrics(1), metrics(2), metrics(3)), stopped.readMetrics());

    RunFolder resumed = RunFolder.prepare(stopped.path(), true, false);
    assertEquals(2, resumed.resume().state().clock().epoch());
    resumed.appendMetrics(metrics(3));
    resumed.appendMetrics(metrics(4));
    assertEquals(
        Files.readString(whole.file("metrics.jsonl")),
        Files.readString(resumed.file("metrics.jsonl")));
  }

  @Test
  void damagedMetricsAreNamedByLine() throws IOException {
    RunFolder run = RunFolder.prepare(parent.resolve("run"), false, false);
    run.appendMetrics(metrics(1));
    Path file = run.file("metrics.jsonl");
    String good = Files.readString(file);
    Files.writeString(file, good + "{\"epoch\":2,}\n");
    Bits.thrown(
        CheckpointException.class, run::readMetrics, file + ": line 2: character ", "invalid JSON");
    Files.writeString(file, good + good.replace("\"epoch\":1", "\"epoch\":\"one\""));
    Bits.thrown(
        CheckpointException.class,
        run::readMetrics,
        file + ": line 2: epoch: expected a whole number, given \"one\"");
    Files.writeString(file, good.replace("\"beta\"", "\"gamma\""));
    Bits.thrown(CheckpointException.class, run::readMetrics, file + ": line 1: gamma: unknown key");
  }

  @Test
  void metricsThatCannotBeWrittenAreNamed() {
    RunFolder nowhere = new RunFolder(parent.resolve("nowhere"));
    Bits.thrown(
        VaeException.class,
        () -> nowhere.appendMetrics(metrics(1)),
        "cannot write " + nowhere.file("metrics.jsonl"));
  }

  @Test
  void notFiniteNumbersAreNull() throws IOException {
    RunFolder run = RunFolder.prepare(parent.resolve("run"), false, false);
    EpochMetrics odd =
        new EpochMetrics(
            1,
            1,
            Double.NEGATIVE_INFINITY,
            0,
            Double.POSITIVE_INFINITY,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0);
    run.appendMetrics(odd);
    EpochMetrics read = run.readMetrics().get(0);
    assertTrue(Double.isNaN(read.trainElbo()));
    assertTrue(Double.isNaN(read.trainKl()));
    assertTrue(Files.readString(run.file("metrics.jsonl")).contains("\"train_elbo\":null"));
  }
}

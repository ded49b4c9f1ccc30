// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.train.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void aNumberThatAnEarlierVersionDidNotKnowIsNaN() throws IOException {
    RunFolder run = new RunFolder(Files.createDirectory(parent.resolve("run")));
    run.appendMetrics(metrics(1));
    Path file = run.file("metrics.jsonl");
    Files.writeString(file, Files.readString(file).replace("\"train_penalty\":0.0,", ""));
    assertTrue(Double.isNaN(run.readMetrics().get(0).trainPenalty()));
    assertEquals(-110.5, run.readMetrics().get(0).trainBound());
  }

  @Test
  void metricsAreLinesOfJson() throws IOException {
    RunFolder run = new RunFolder(Files.createDirectory(parent.resolve("run")));
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
    RunFolder whole = new RunFolder(Files.createDirectory(parent.resolve("whole")));
    for (int epoch = 1; epoch <= 4; epoch++) {
      whole.appendMetrics(metrics(epoch));
    }
    RunFolder stopped = new RunFolder(Files.createDirectory(parent.resolve("stopped")));
    stopped.appendMetrics(metrics(1));
    stopped.appendMetrics(metrics(2));
    stopped.appendMetrics(metrics(3));
    // Killed in the middle of a line.
    Files.writeString(
        stopped.file("metrics.jsonl"),
        Files.readString(stopped.file("metrics.jsonl")) + "{\"epoch\":4,\"st");
    assertEquals(List.of(metrics(1), metrics(2), metrics(3)), stopped.readMetrics());

    RunFolder resumed = new RunFolder(stopped.path());
    resumed.dropMetricsAfter(2);
    resumed.appendMetrics(metrics(3));
    resumed.appendMetrics(metrics(4));
    assertEquals(
        Files.readString(whole.file("metrics.jsonl")),
        Files.readString(resumed.file("metrics.jsonl")));
  }

  @Test
  void damagedMetricsAreNamedByLine() throws IOException {
    RunFolder run = new RunFolder(Files.createDirectory(parent.resolve("run")));
    run.appendMetrics(metrics(1));
    Path file = run.file("metrics.jsonl");
    String good = Files.readString(file);
    Files.writeString(file, good + "{\"epoch\":2,}\n");
    Thrown.says(
        CheckpointException.class, run::readMetrics, file + ": line 2: character ", "invalid JSON");
    Files.writeString(file, good + good.replace("\"epoch\":1", "\"epoch\":\"one\""));
    Thrown.says(
        CheckpointException.class,
        run::readMetrics,
        file + ": line 2: epoch: expected a whole number, given \"one\"");
    Files.writeString(file, good.replace("\"beta\"", "\"gamma\""));
    Thrown.says(CheckpointException.class, run::readMetrics, file + ": line 1: gamma: unknown key");
  }

  @Test
  void metricsThatCannotBeWrittenAreNamed() {
    RunFolder nowhere = new RunFolder(parent.resolve("nowhere"));
    Thrown.says(
        VaeException.class,
        () -> nowhere.appendMetrics(metrics(1)),
        "cannot write " + nowhere.file("metrics.jsonl"));
  }

  @Test
  void notFiniteNumbersAreNull() throws IOException {
    RunFolder run = new RunFolder(Files.createDirectory(parent.resolve("run")));
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

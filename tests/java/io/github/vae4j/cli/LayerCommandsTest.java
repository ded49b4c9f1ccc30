// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.train.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command on a model with dropout and normalisations. */
final class LayerCommandsTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir private Path folder;

  private String data() throws IOException {
    return Cli.binaryRows(folder);
  }

  @Test
  void allCommandsWork() throws IOException {
    Path run = folder.resolve("run");
    String rows = data();
    Cli.ok(
        "train",
        "--schema=none",
        rows,
        "--out=" + run,
        "--epochs=1",
        "--hidden=64,norm,32,dropout:0.1",
        "--latent=3",
        REFERENCE);
    Cli.ok("train", rows, "--out=" + run, "--resume", "--epochs=2", REFERENCE);
    String model = "--model=" + run;
    String out = "--out=" + folder.resolve("out.csv");
    Cli.ok("evaluate", model, rows, "--iw-samples=20", REFERENCE);
    Cli.ok("score", model, rows, out, REFERENCE);
    Cli.ok("encode", model, rows, out, REFERENCE);
    Cli.ok("reconstruct", model, rows, out, REFERENCE);
    Cli.ok("sample", model, "-n", "7", out, REFERENCE);
    assertEquals(8, Files.readAllLines(folder.resolve("out.csv")).size());

    String shown = Cli.ok("inspect", model).out();
    String net = "4-64+batch-norm-32+dropout:0.1-3-32+dropout:0.1-64+batch-norm-4 relu";
    assertTrue(shown.contains(net), shown);
    assertTrue(shown.lines().anyMatch(line -> line.matches("encoder.1 +batch-norm +64 +64 +128")));
    assertTrue(shown.lines().anyMatch(line -> line.matches("encoder.3 +dropout:0.1 +32 +32 +0")));
    JsonNode json = Cli.ok("inspect", model, "--json").objects().get(0);
    long sum = 0;
    for (JsonNode layer : json.get("layers")) {
      sum += layer.get("parameters").asLong();
    }
    long encoder = 4 * 64 + 64 + 2 * 64 + 64 * 32 + 32 + 32 * 6 + 6;
    long decoder = 3 * 32 + 32 + 32 * 64 + 64 + 2 * 64 + 64 * 4 + 4;
    assertEquals(encoder + decoder, json.get("parameters").asLong());
    assertEquals(encoder + decoder, sum, "the rows add up");
    assertEquals("batch-norm", json.get("layers").get(1).get("activation").asText());
  }

  /** The saved model is the average of the weights with the run's own running moments. */
  @Test
  void anAverageIsSavedWithItsState() throws IOException {
    Path run = folder.resolve("run");
    String rows = data();
    String[] train = {
      "train",
      "--schema=none",
      rows,
      "--out=" + run,
      "--epochs=2",
      "--hidden=6,norm",
      "--ema=0.9",
      "--batch=13"
    };
    Cli.ok(
        Stream.concat(Stream.of(train), Stream.of("--latent=2", REFERENCE)).toArray(String[]::new));
    float[] saved = ModelFile.load(run).parameters();
    TrainState state = Checkpoint.load(run).state();
    assertArrayEquals(state.weights(), saved);
    assertNotEquals(state.parameters()[0], saved[0]);
    int stateAt = Objects.requireNonNull(state.average()).length;
    assertTrue(stateAt < saved.length);
    assertEquals(state.parameters()[stateAt], saved[stateAt]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0|dense layer: expected 1 unit or more, given 0",
        "abc|layer: expected a number of units as in 400, norm (or batch-norm), layer-norm,"
            + " group-norm:GROUPS or dropout:RATE",
        "``|layer: expected a number of units",
        "400,,200|layer: expected a number of units",
        "400,dropout:1|dropout: expected a rate of 0 or more and below 1, given 1.0",
        "norm:2|layer: expected a number of units"
      })
  void wrongLayersAreRefused(String hidden, String fault) throws IOException {
    Cli.fails(
        2,
        List.of(
            "--hidden",
            "expected layers as in 400,200, 400,norm,dropout:0.1 or conv:32x4s2,relu,256, or none,"
                + " given \""
                + hidden
                + "\": "
                + fault),
        "train",
        "--schema=none",
        data(),
        "--out=" + folder.resolve("x"),
        "--hidden=" + hidden);
  }

  @Test
  void whatDoesNotGoTogetherIsSaid() throws IOException {
    Cli.fails(
        2,
        List.of("--hidden: expected no batch-norm with prior vamp:2", "use layer-norm"),
        "train",
        "--schema=none",
        data(),
        "--out=" + folder.resolve("x"),
        "--hidden=8,norm",
        "--prior=vamp:2",
        REFERENCE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Augment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** --flip and --shift. */
final class AugmentCommandTest {
  @TempDir private Path folder = Path.of("");
  private String data = "";

  @BeforeEach
  void write() throws IOException {
    data = Cli.imageRows(folder);
  }

  private static void train(Path run, String... more) {
    List<String> arguments =
        List.of("train", "--out=" + run, "--hidden=4", "--latent=2", "--backend=reference");
    Cli.ok(Cli.with(arguments, more));
  }

  private Path trained(String name, String... more) {
    Path run = folder.resolve(name);
    train(run, Cli.with(List.of(data, "--epochs=2", "--validation=0.25"), more));
    return run;
  }

  private static @Nullable Augment augment(Path run) throws IOException {
    TrainConfig config = VaeJson.read(run.resolve("vae.json")).training();
    return Objects.requireNonNull(config).augment();
  }

  private static JsonNode lastEpoch(Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    return Cli.object(lines.get(lines.size() - 1));
  }

  @Test
  void evaluationRepeatsTheLastEpochWithoutMirrorsAndShifts() throws IOException {
    Path run = trained("run", "--flip", "--shift=3");
    Path plain = trained("plain");
    assertEquals(new Augment(true, 3), augment(run));
    assertFalse(Files.readString(plain.resolve("vae.json")).contains("augment"));
    JsonNode epoch = lastEpoch(run);
    JsonNode bound =
        Cli.ok("evaluate", "--model=" + run, "--json", "--backend=reference").objects().get(0);
    assertEquals(epoch.get("test_elbo").doubleValue(), bound.get("elbo").doubleValue());
    assertNotEquals(
        lastEpoch(plain).get("train_elbo").doubleValue(), epoch.get("train_elbo").doubleValue());
  }

  @Test
  void theSettingsStayUntilAnOptionChangesThem() throws IOException {
    Path run = trained("run", "--flip", "--shift=3");
    train(run, "--resume", "--epochs=3");
    assertEquals(new Augment(true, 3), augment(run));
    Cli.fails(
        2,
        List.of("augment.flip is true, given false; augment.shift is 3, given 2"),
        "train",
        "--out=" + run,
        "--resume",
        "--epochs=4",
        "--no-flip",
        "--shift=2");
    String config = "--config=" + run.resolve("vae.json");
    assertEquals(new Augment(true, 3), augment(trained("same", config)));
    assertEquals(new Augment(false, 3), augment(trained("shifted", config, "--no-flip")));
    assertEquals(new Augment(true, 0), augment(trained("mirrored", config, "--shift=0")));
    Path plain = trained("plain", config, "--no-flip", "--shift=0");
    assertEquals(null, augment(plain));
    Cli.fails(
        2,
        List.of("augment is none, given flip"),
        "train",
        "--out=" + plain,
        "--resume",
        "--epochs=4",
        "--flip");
  }

  @Test
  void whatHasNoImagesIsRefused() throws IOException {
    String rows = Cli.binaryRows(folder);
    String out = "--out=" + folder.resolve("refused");
    for (String schema : List.of("--schema=none", "--strict")) {
      Cli.fails(2, List.of("--flip: expected images, given"), "train", rows, out, schema, "--flip");
      Cli.fails(
          2, List.of("--shift: expected images, given"), "train", rows, out, schema, "--shift=1");
    }
    Cli.fails(
        2,
        List.of("--shift: expected 0 to 7, less than the smaller side of images of 8 x 8 pixels"),
        "train",
        data,
        out,
        "--shift=8");
    assertFalse(Files.exists(folder.resolve("refused")));
    Path run = trained("run");
    for (String command : List.of("evaluate", "reconstruct", "encode")) {
      assertTrue(Cli.run(command, "--model=" + run, "--flip").err().contains("--flip"), command);
    }
  }
}

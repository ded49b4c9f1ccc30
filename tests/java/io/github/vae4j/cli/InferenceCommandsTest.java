// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.Npy;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for optimised posteriors and fitted samplers. */
class InferenceCommandsTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir static Path folder;
  private static Path run = Path.of("");

  @BeforeAll
  static void train() throws IOException {
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int i = 0; i < 60; i++) {
      text.append(i % 5 - 2).append(',').append(i % 5 * 0.5).append(',').append(i % 2).append('\n');
    }
    Files.writeString(folder.resolve("rows.csv"), text);
    run = train("run");
  }

  private static Path train(String name, String... more) {
    Path out = folder.resolve(name);
    List<String> arguments =
        List.of(
            "train",
            "--schema=none",
            "--data=" + folder.resolve("rows.csv"),
            "--out=" + out,
            "--validation=0.25",
            "--epochs=2",
            "--hidden=6",
            "--latent=2",
            "--batch=16",
            REFERENCE);
    Cli.ok(Cli.with(arguments, more));
    return out;
  }

  private static String model(Path path) {
    return "--model=" + path;
  }

  private static String out(String name) {
    return "--out=" + folder.resolve(name);
  }

  private static JsonNode json(String... arguments) {
    return Cli.ok(arguments).objects().get(0);
  }

  @Test
  void evaluatePrintsTheGap() {
    JsonNode with =
        json("evaluate", model(run), "--gap", "--inference-steps=30", "--json", REFERENCE);
    assertTrue(with.get("amortization_gap").asDouble() > 0, with.toString());
    assertEquals(
        with.get("elbo").asDouble(),
        with.get("optimized_elbo").asDouble() - with.get("amortization_gap").asDouble(),
        1.0);
    JsonNode without = json("evaluate", model(run), "--json", REFERENCE);
    assertFalse(without.has("amortization_gap"));
    String text = Cli.ok("evaluate", model(run), "--gap", "--inference-steps=5", REFERENCE).out();
    assertTrue(text.contains("amortisation gap "), text);
  }

  @Test
  void scoreAddsAColumnForTheRegretAndOnlyWhereItIsAskedFor() throws IOException {
    String[] plain = {"score", model(run), out("plain.csv"), REFERENCE};
    Cli.ok(plain);
    JsonNode json =
        json(
            "score",
            model(run),
            out("regret.csv"),
            "--regret",
            "--inference-steps=20",
            "--inference-lr=0.05",
            "--inference-samples=2",
            "--lowest=3",
            "--json",
            REFERENCE);
    List<String> without = Files.readAllLines(folder.resolve("plain.csv"));
    List<String> with = Files.readAllLines(folder.resolve("regret.csv"));
    assertEquals("row,label,elbo,reconstruction,kl", without.get(0));
    assertEquals("row,label,elbo,reconstruction,kl,regret", with.get(0));
    assertEquals(without.size(), with.size());
    double sum = 0;
    for (int i = 1; i < with.size(); i++) {
      int comma = with.get(i).lastIndexOf(',');
      assertEquals(without.get(i), with.get(i).substring(0, comma));
      sum += Double.parseDouble(with.get(i).substring(comma + 1));
    }
    assertEquals(json.get("regret").asDouble(), sum / (with.size() - 1), 1e-9);
    assertEquals(3, json.get("highest_regret").size());
    double first = json.get("highest_regret").get(0).get("regret").asDouble();
    assertTrue(first >= json.get("highest_regret").get(1).get("regret").asDouble());
    String text = Cli.ok("score", model(run), "--regret", "--limit=4", REFERENCE).out();
    assertTrue(text.contains("mean likelihood regret "), text);
  }

  @Test
  void encodeWritesOptimisedCodes() {
    Cli.ok("encode", model(run), "--logvar", out("fast.npy"), REFERENCE);
    Cli better =
        Cli.ok(
            "encode",
            model(run),
            "--logvar",
            "--optimize",
            "--inference-start=prior",
            "--seed=2",
            out("better.npy"),
            REFERENCE);
    assertTrue(better.err().contains("mean ELBO "), better.err());
    Matrix fast = Npy.read(folder.resolve("fast.npy"));
    Matrix slow = Npy.read(folder.resolve("better.npy"));
    assertEquals(fast.rows(), slow.rows());
    assertEquals(4, slow.columns());
    assertFalse(Arrays.equals(fast.values(), slow.values()));
  }

  @Test
  void wrongOptionsOfTheOptimisationAreNamed() {
    Cli.fails(
        2,
        List.of("--inference-steps: needs --regret, which was not given"),
        "score",
        model(run),
        "--inference-steps=3",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--inference-lr", "needs --gap"),
        "evaluate",
        model(run),
        "--inference-lr=3",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--inference-start", "needs --optimize"),
        "encode",
        model(run),
        "--inference-start=prior",
        out("x.npy"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("--inference-start", "expected encoder, prior", "posterior"),
        "encode",
        model(run),
        "--optimize",
        "--inference-start=posterior",
        out("x.npy"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("--inference-steps: expected 1 or more, given 0"),
        "evaluate",
        model(run),
        "--gap",
        "--inference-steps=0",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--inference-lr: expected a number above 0, given -1.0"),
        "evaluate",
        model(run),
        "--gap",
        "--inference-lr=-1",
        REFERENCE);
  }

  @Test
  void aFittedMixtureIsSampled() {
    Cli.fails(
        1,
        List.of(
            "--sampler two-stage",
            "nothing was fitted",
            "sampler.two-stage.safetensors",
            "./vae4j fit-sampler --model " + run + " --sampler two-stage"),
        "sample",
        model(run),
        "--sampler=two-stage",
        out("x.npy"),
        REFERENCE);
    JsonNode fit =
        json(
            "fit-sampler",
            model(run),
            "--sampler=gmm",
            "--components=2",
            "--covariance=diagonal",
            "--draws=3",
            "--json",
            REFERENCE);
    assertEquals("gmm", fit.get("sampler").asText());
    assertEquals(3 * 45, fit.get("codes").asInt(), "the rows it was trained on");
    assertEquals(2, fit.get("components").asInt());
    double gain =
        fit.get("log_density").asDouble() - fit.get("log_density_of_standard_normal").asDouble();
    assertTrue(gain > 0, fit.toString());
    Cli.ok("sample", model(run), "--sampler=gmm", "-n", "5", out("gmm.npy"), REFERENCE);
    Cli.ok("sample", model(run), "--sampler=gmm", "-n", "5", out("gmm2.npy"), REFERENCE);
    Cli.ok("sample", model(run), "--sampler=prior", "-n", "5", out("prior.npy"), REFERENCE);
    Cli.ok("sample", model(run), "-n", "5", out("default.npy"), REFERENCE);
    float[] samples = Npy.read(folder.resolve("gmm.npy")).values();
    assertArrayEquals(samples, Npy.read(folder.resolve("gmm2.npy")).values());
    float[] prior = Npy.read(folder.resolve("prior.npy")).values();
    assertFalse(Arrays.equals(samples, prior));
    assertArrayEquals(prior, Npy.read(folder.resolve("default.npy")).values());
  }

  @Test
  void aFittedSecondStageIsSampledUntilTheModelChanges() {
    Path other = train("other");
    JsonNode fit =
        json(
            "fit-sampler",
            model(other),
            "--sampler=two-stage",
            "--epochs=2",
            "--hidden=5",
            "--json",
            REFERENCE);
    assertEquals(2, fit.get("epochs").asInt());
    Cli.ok(
        "sample",
        model(other),
        "--sampler=two-stage",
        "-n",
        "5",
        "--draw",
        out("two.npy"),
        REFERENCE);
    assertEquals(5, Npy.read(folder.resolve("two.npy")).rows());
    Cli.ok("train", "--out=" + other, "--resume", "--epochs=3", REFERENCE);
    Cli.fails(
        1,
        List.of("fitted to other weights", "./vae4j fit-sampler --model " + other),
        "sample",
        model(other),
        "--sampler=two-stage",
        out("x.npy"),
        REFERENCE);
    train("other", "--overwrite");
    assertFalse(Files.exists(other.resolve("sampler.two-stage.safetensors")));
  }

  @Test
  void wrongOptionsOfSamplersAreNamed() {
    Cli.fails(
        2,
        List.of("--sampler: expected prior, gmm or two-stage, given \"vamp\""),
        "sample",
        model(run),
        "--sampler=vamp",
        out("x.npy"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("--sampler", "expected gmm, two-stage", "prior"),
        "fit-sampler",
        model(run),
        "--sampler=prior",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--epochs: is not for --sampler gmm"),
        "fit-sampler",
        model(run),
        "--sampler=gmm",
        "--epochs=3",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--components: is not for --sampler two-stage"),
        "fit-sampler",
        model(run),
        "--sampler=two-stage",
        "--components=3",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--components: expected 1 or more, given 0"),
        "fit-sampler",
        model(run),
        "--sampler=gmm",
        "--components=0",
        REFERENCE);
    Cli.fails(
        2,
        List.of("components: expected at most the number of codes, 4, given 10"),
        "fit-sampler",
        model(run),
        "--sampler=gmm",
        "--limit=4",
        REFERENCE);
    Cli.fails(2, List.of("--sampler"), "fit-sampler", model(run), REFERENCE);
  }
}

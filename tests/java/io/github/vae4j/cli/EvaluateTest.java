// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.metrics.Onnx;
import io.github.vae4j.model.VaeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The further output of evaluate, for a small model of MNIST with its initial weights. */
class EvaluateTest {
  private static final String REFERENCE = "--backend=reference";
  private static final String DATA = "--data=mnist:test";
  private static final String LIMIT = "--limit=30";

  @TempDir static Path folder;
  private static String model = "";

  @BeforeAll
  static void saveAModel() {
    Path file = folder.resolve("model.safetensors");
    VaeSpec spec =
        VaeSpec.builder(784).hidden(6).latent(3).image(new ImageShape(28, 28, 1)).build();
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.REFERENCE, 1, Precision.FP32), 1)) {
      vae.save(file);
    }
    model = "--model=" + file;
  }

  /** Two factors of 40 rows: one of levels, one real. */
  private static String factors(int rows) throws IOException {
    StringBuilder text = new StringBuilder("level,size\n");
    for (int i = 0; i < rows; i++) {
      text.append(i % 3).append(',').append(i * 0.37 % 1).append('\n');
    }
    Path file = folder.resolve("factors.csv");
    Files.writeString(file, text);
    return "--factors=" + file;
  }

  private static void numbers(JsonNode node, String... keys) {
    for (String key : keys) {
      assertTrue(node.path(key).isNumber(), key + " in " + node);
    }
  }

  @Test
  void everythingThatIsAskedForIsAnswered() throws IOException {
    String[] arguments = {
      "evaluate",
      model,
      DATA,
      LIMIT,
      REFERENCE,
      "--ais=2",
      "--ais-temperatures=3",
      "--ais-leapfrogs=1",
      "--mi=40",
      "--sharpness",
      factors(40)
    };
    String text = Cli.ok(arguments).out();
    for (String word :
        List.of(
            "log p(x), AIS",
            "2 chains",
            "3 temperatures",
            "I(x; z)",
            "of at most 3.401",
            "KL(q(z) || p(z))",
            "total correlation",
            "sharpness",
            "MIG",
            "SAP",
            "2 factors")) {
      assertTrue(text.contains(word), word + " in " + text);
    }
    String[] asJson = Arrays.copyOf(arguments, arguments.length + 1);
    asJson[arguments.length] = "--json";
    JsonNode all = Cli.ok(asJson).objects().get(0);
    numbers(
        all.path("annealed"),
        "mean",
        "standard_error",
        "chain_error",
        "effective_chains",
        "acceptance");
    numbers(all.path("information"), "mutual_information", "aggregate_kl", "total_correlation");
    numbers(all.path("sharpness"), "data", "reconstructions", "samples");
    numbers(
        all.path("disentanglement"),
        "mig",
        "sap",
        "disentanglement",
        "completeness",
        "informativeness");
    JsonNode information = all.path("information");
    assertEquals(
        information.path("kl").asDouble(),
        information.path("mutual_information").asDouble()
            + information.path("aggregate_kl").asDouble(),
        1e-9);
    assertEquals(30, all.path("rows").asInt());
  }

  @Test
  void whatIsNotAskedForIsNotThere() {
    JsonNode bound = Cli.ok("evaluate", model, DATA, LIMIT, REFERENCE, "--json").objects().get(0);
    for (String key :
        List.of("annealed", "information", "sharpness", "frechet", "disentanglement")) {
      assertFalse(bound.has(key), key);
    }
  }

  /** A network that gives 4 x 4 pixels back: 48 features, for which 30 images are too few. */
  @Test
  void aNetworkGivesDistances() throws IOException {
    Path file = folder.resolve("pixels.onnx");
    Files.write(file, Onnx.network("Flatten", -1, 3, 4, 4));
    String network = "--inception=" + file;
    Cli answer = Cli.ok("evaluate", model, DATA, LIMIT, REFERENCE, network, "--json");
    JsonNode distances = answer.objects().get(0).path("frechet");
    assertEquals(48, distances.path("features").asInt());
    assertTrue(
        distances.path("samples").asDouble() > distances.path("reconstructions").asDouble() / 2);
    assertTrue(distances.path("reconstructions").asDouble() > 0.1);
    String remark =
        " images cannot fill a covariance of 48 features: the Frechet distances are too low to"
            + " compare with others; give more rows\n";
    assertTrue(answer.err().contains("vae4j: 30" + remark), answer.err());
    Cli asMany = Cli.ok("evaluate", model, DATA, "--limit=48", REFERENCE, network);
    assertTrue(asMany.out().contains("Frechet distance reconstructions"), asMany.out());
    assertTrue(asMany.out().contains("(48 images, 48 features)"), asMany.out());
    assertTrue(asMany.err().contains("vae4j: 48" + remark), asMany.err());
    Cli enough = Cli.ok("evaluate", model, DATA, "--limit=49", REFERENCE, network);
    assertFalse(enough.err().contains("cannot fill"), enough.err());
  }

  @Test
  void labelsCanBeTheFactor() {
    JsonNode all =
        Cli.ok("evaluate", model, DATA, "--limit=60", REFERENCE, "--factors=labels", "--json")
            .objects()
            .get(0);
    assertEquals(1, all.path("disentanglement").path("factors").asInt());
    assertTrue(all.path("disentanglement").path("disentanglement").isNull());
  }

  @Test
  void wrongUseIsNamedBeforeAnythingIsComputed() throws IOException {
    fails(List.of("--ais", "given -1"), "--ais=-1");
    fails(List.of("--ais-temperatures", "given 0"), "--ais=1", "--ais-temperatures=0");
    fails(List.of("--ais-leapfrogs", "given 0"), "--ais=1", "--ais-leapfrogs=0");
    fails(List.of("--ais-temperatures is for --ais"), "--ais-temperatures=5");
    fails(List.of("--ais-leapfrogs is for --ais"), "--ais-leapfrogs=5");
    fails(List.of("--mi", "given -2"), "--mi=-2");
    fails(List.of("--factors", "expected 30 rows", "given 7"), factors(7));
    Cli.fails(
        2,
        List.of("--factors", "expected 10000 rows", "given 40"),
        "evaluate",
        model,
        DATA,
        REFERENCE,
        factors(40));
    Cli.fails(
        1,
        List.of("none.onnx", "no such file"),
        "evaluate",
        model,
        DATA,
        LIMIT,
        REFERENCE,
        "--inception=" + folder.resolve("none.onnx"));
  }

  private static void fails(List<String> parts, String... more) {
    Cli.fails(2, parts, Cli.with(List.of("evaluate", model, DATA, LIMIT, REFERENCE), more));
  }

  @Test
  void rowsThatAreNoImagesHaveNoSharpness() throws IOException {
    Path file = folder.resolve("rows.safetensors");
    VaeSpec spec = VaeSpec.builder(2).hidden().latent(1).build();
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.REFERENCE, 1, Precision.FP32), 1)) {
      vae.save(file);
    }
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "a,b\n0,1\n1,0\n");
    for (String flag : List.of("--sharpness", "--inception=any.onnx")) {
      Cli.fails(
          2,
          List.of(flag.split("=", -1)[0], "model of images"),
          "evaluate",
          "--model=" + file,
          "--data=" + rows,
          REFERENCE,
          flag);
    }
  }
}

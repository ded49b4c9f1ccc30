// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.Npy;
import io.github.vae4j.tensor.Matrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command on a small trained model: one of images, and one of numbers. */
class CommandsTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir static Path folder;
  private static Path numbers = Path.of("");
  private static Path images = Path.of("");

  @BeforeAll
  static void trainBoth() throws IOException {
    Path csv = folder.resolve("rows.csv");
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int i = 0; i < 60; i++) {
      text.append(i % 5 - 2).append(',').append(i % 5 * 0.5).append(',').append(i % 2).append('\n');
    }
    Files.writeString(csv, text);
    numbers = folder.resolve("numbers");
    Cli.ok(
        "train",
        "--schema=none",
        "--data=" + csv,
        "--out=" + numbers,
        "--validation=0.25",
        "--epochs=2",
        "--hidden=6,5",
        "--activation=tanh",
        "--latent=3",
        "--batch=16",
        REFERENCE);

    images = folder.resolve("images");
    Cli.ok(
        "train",
        "--schema=none",
        "--data=" + imageFile("train", 40),
        "--test-data=" + imageFile("test", 12),
        "--out=" + images,
        "--epochs=1",
        "--hidden=8",
        "--latent=2",
        "--batch=16",
        "--binarize=fixed",
        "--seed=5",
        REFERENCE);
  }

  /** An array (n, 4, 5) of unsigned bytes. */
  private static Path imageFile(String name, int rows) throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 4, 5), }";
    byte[] head = "%-117s\n".formatted(header.formatted(rows)).getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) head.length, 0});
    out.write(head);
    for (int i = 0; i < rows * 20; i++) {
      out.write(i * 31 % 256);
    }
    Path file = folder.resolve(name + ".npy");
    Files.write(file, out.toByteArray());
    return file;
  }

  private static JsonNode json(String... arguments) {
    List<JsonNode> objects = Cli.ok(arguments).objects();
    assertEquals(1, objects.size());
    return objects.get(0);
  }

  private static String model(Path run) {
    return "--model=" + run;
  }

  private static String out(String name) {
    return "--out=" + folder.resolve(name);
  }

  private static JsonNode lastMetrics(Path run) throws IOException {
    String lines = Files.readString(run.resolve("metrics.jsonl"));
    List<JsonNode> all = new Cli(0, lines, "").objects();
    return all.get(all.size() - 1);
  }

  @Test
  void trainLeavesWhatItPromises() throws IOException {
    for (String name :
        List.of(
            "model.safetensors",
            "vae.json",
            "metrics.jsonl",
            "training.png",
            "checkpoint.safetensors")) {
      assertTrue(Files.size(numbers.resolve(name)) > 0, name);
      assertTrue(Files.size(images.resolve(name)) > 0, name);
    }
    assertFalse(Files.exists(numbers.resolve("samples.png")));
    // 10 cells of 5 x 4 pixels, each enlarged 11 times, with gaps of 2.
    assertEquals(572, ImageIO.read(images.resolve("samples.png").toFile()).getWidth());
    assertTrue(ImageIO.read(images.resolve("samples.png").toFile()).getHeight() > 10 * 46 + 2);
    assertTrue(
        ImageIO.read(images.resolve("reconstructions.png").toFile()).getHeight() > 3 * 46 + 2);
    JsonNode epoch = lastMetrics(numbers);
    for (String key :
        List.of(
            "epoch",
            "train_elbo",
            "test_elbo",
            "test_reconstruction",
            "test_kl",
            "rows_per_second",
            "seconds")) {
      assertTrue(epoch.get(key).isNumber(), key);
    }
  }

  @Test
  void evaluateRepeatsTheLastEpoch() throws IOException {
    for (Path run : List.of(numbers, images)) {
      JsonNode bound = json("evaluate", model(run), "--json", REFERENCE);
      JsonNode epoch = lastMetrics(run);
      assertEquals(epoch.get("test_elbo").asDouble(), bound.get("elbo").asDouble(), 0);
      assertEquals(epoch.get("test_kl").asDouble(), bound.get("kl").asDouble(), 0);
      assertEquals(
          bound.get("joint").asDouble() + bound.get("entropy").asDouble(),
          bound.get("reconstruction").asDouble() - bound.get("kl").asDouble(),
          1e-9);
    }
    String text = Cli.ok("evaluate", model(numbers), "--iw-samples=20", REFERENCE).out();
    for (String word :
        List.of("15 rows", "ELBO", "reconstruction", "KL", "joint", "entropy", "log p(x)")) {
      assertTrue(text.contains(word), text);
    }
    JsonNode exact =
        json("evaluate", model(numbers), "--iw-samples=200", "--samples=50", "--json", REFERENCE);
    assertTrue(
        exact.get("log_likelihood").asDouble() > exact.get("elbo").asDouble(), exact.toString());
    assertEquals(3, exact.get("kl_per_dimension").size());
  }

  @Test
  void encodeThenDecodeIsReconstruct() {
    String data = "--data=" + folder.resolve("rows.csv");
    Cli.ok("encode", model(numbers), data, out("codes.npy"), REFERENCE);
    Cli.ok(
        "decode",
        model(numbers),
        "--codes=" + folder.resolve("codes.npy"),
        out("decoded.npy"),
        REFERENCE);
    Cli.ok("reconstruct", model(numbers), data, out("reconstructed.npy"), REFERENCE);
    Matrix codes = Npy.read(folder.resolve("codes.npy"));
    assertEquals(60, codes.rows());
    assertEquals(3, codes.columns());
    Matrix decoded = Npy.read(folder.resolve("decoded.npy"));
    assertEquals(3, decoded.columns());
    assertArrayEquals(Npy.read(folder.resolve("reconstructed.npy")).values(), decoded.values());
  }

  @Test
  void csvOfCodesHasNamesAndDecodes() throws IOException {
    Cli.ok("encode", model(numbers), "--limit=4", "--logvar", out("new/codes.csv"), REFERENCE);
    List<String> lines = Files.readAllLines(folder.resolve("new/codes.csv"));
    assertEquals("mean0,mean1,mean2,logvar0,logvar1,logvar2", lines.get(0));
    assertEquals(5, lines.size());
    String both = "--codes=" + folder.resolve("new/codes.csv");
    Cli.ok("decode", model(numbers), both, out("means.csv"), REFERENCE);
    Cli.ok("encode", model(numbers), "--limit=4", out("codes4.csv"), REFERENCE);
    JsonNode done =
        json(
            "decode",
            model(numbers),
            "--codes=" + folder.resolve("codes4.csv"),
            out("decoded4.csv"),
            "--json",
            REFERENCE);
    assertEquals(4, done.get("rows").asInt());
    List<String> decoded = Files.readAllLines(folder.resolve("decoded4.csv"));
    assertEquals("x0,x1,x2", decoded.get(0));
    assertEquals(decoded, Files.readAllLines(folder.resolve("means.csv")));
  }

  @Test
  void samplesDependOnTheSeedAlone() {
    for (String name : List.of("s1", "s2")) {
      Cli.ok("sample", model(numbers), "-n", "5", "--seed=3", out(name + ".npy"), REFERENCE);
    }
    Cli.ok("sample", model(numbers), "-n", "5", "--seed=4", out("s3.npy"), REFERENCE);
    Cli.ok("sample", model(numbers), "-n", "5", "--seed=3", "--draw", out("s4.npy"), REFERENCE);
    float[] first = Npy.read(folder.resolve("s1.npy")).values();
    assertEquals(15, first.length);
    assertArrayEquals(first, Npy.read(folder.resolve("s2.npy")).values());
    assertFalse(Arrays.equals(first, Npy.read(folder.resolve("s3.npy")).values()));
    assertFalse(Arrays.equals(first, Npy.read(folder.resolve("s4.npy")).values()));
    Cli.ok("sample", model(numbers), "-n", "2", "--temperature=0", out("s5.npy"), REFERENCE);
    Matrix cold = Npy.read(folder.resolve("s5.npy"));
    assertArrayEquals(cold.row(0), cold.row(1));
  }

  @Test
  void picturesHaveTheGridThatWasAskedFor() throws IOException {
    Cli.ok("sample", model(images), "-n", "7", "--columns=3", out("grid.png"), REFERENCE);
    assertEquals(3 * 57 + 2, width("grid.png"));
    Cli.ok("reconstruct", model(images), "--limit=5", "--columns=2", out("r.png"), REFERENCE);
    assertTrue(width("r.png") > 4 * 57 + 2, "labels fit");
    Cli.ok("traverse", model(images), "--steps=4", out("map.png"), REFERENCE);
    assertTrue(width("map.png") > 4 * 57 + 2, "labels of lines");
    JsonNode lines =
        json(
            "traverse",
            model(images),
            "--dimensions=1",
            "--row=2",
            "--steps=5",
            out("lines.png"),
            "--json",
            REFERENCE);
    assertTrue(width("lines.png") > 5 * 57 + 2, "labels of lines");
    assertEquals(5, lines.get("rows").asInt());
    Cli.ok("decode", model(images), "--codes=" + twoCodes(), out("d.png"), REFERENCE);
    assertEquals(2 * 57 + 2, width("d.png"));
  }

  private static Path twoCodes() {
    Path file = folder.resolve("two.npy");
    Npy.write(file, new Matrix(2, 2, new float[] {0, 1, 2, 3}));
    return file;
  }

  private static int width(String name) throws IOException {
    return ImageIO.read(folder.resolve(name).toFile()).getWidth();
  }

  @Test
  void traverseOrdersDimensionsByTheirKl() {
    JsonNode bound = json("evaluate", model(numbers), "--json", REFERENCE);
    JsonNode lines =
        json(
            "traverse",
            model(numbers),
            "--steps=3",
            "--count=2",
            out("t.csv"),
            "--json",
            REFERENCE);
    assertEquals(6, lines.get("rows").asInt());
    double first =
        bound.get("kl_per_dimension").get(lines.get("dimensions").get(0).asInt()).asDouble();
    double second =
        bound.get("kl_per_dimension").get(lines.get("dimensions").get(1).asInt()).asDouble();
    assertTrue(first >= second);
    for (JsonNode kl : bound.get("kl_per_dimension")) {
      assertTrue(first >= kl.asDouble());
    }
  }

  @Test
  void scoreWritesARowEach() throws IOException {
    JsonNode summary =
        json("score", model(numbers), out("scores.csv"), "--lowest=2", "--json", REFERENCE);
    List<String> lines = Files.readAllLines(folder.resolve("scores.csv"));
    assertEquals("row,label,elbo,reconstruction,kl", lines.get(0));
    assertEquals(16, lines.size());
    double sum = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (String line : lines.subList(1, 16)) {
      String[] cells = line.split(",", -1);
      assertEquals("", cells[1]);
      double elbo = Double.parseDouble(cells[2]);
      assertEquals(Double.parseDouble(cells[3]) - Double.parseDouble(cells[4]), elbo, 1e-5);
      sum += elbo;
      lowest = Math.min(lowest, elbo);
    }
    assertEquals(sum / 15, summary.get("elbo").asDouble(), 1e-9);
    assertEquals(lowest, summary.get("lowest").get(0).get("elbo").asDouble(), 0);
    assertEquals(2, summary.get("lowest").size());
    assertEquals(lowest, summary.get("quantiles").get("0%").asDouble(), 0);
    String text = Cli.ok("score", model(numbers), REFERENCE).out();
    assertTrue(text.contains("mean ELBO") && text.contains("lowest"), text);
  }

  @Test
  void inspectCountsParameters() {
    JsonNode model = json("inspect", model(numbers), "--json");
    // 3-6-5-6, 3-5-6-6: weights and biases of each layer.
    int expected = 3 * 6 + 6 + 6 * 5 + 5 + 5 * 6 + 6 + 3 * 5 + 5 + 5 * 6 + 6 + 6 * 6 + 6;
    assertEquals(expected, model.get("parameters").asInt());
    assertEquals(6, model.get("layers").size());
    assertEquals("tanh", model.get("layers").get(0).get("activation").asText());
    assertTrue(model.get("files").get("model.safetensors").asLong() > 4L * expected);
    String text = Cli.ok("inspect", model(images), "--batch=1024").out();
    assertTrue(text.contains("20-8-2-8-20 relu, bernoulli"), text);
    assertTrue(text.contains("a training step of 1,024 rows holds about "), text);
    String file = "--model=" + numbers.resolve("model.safetensors");
    assertEquals(expected, json("inspect", file, "--json").get("parameters").asInt());
  }

  @Test
  void doctorNamesEveryBackend() {
    JsonNode doctor = json("doctor", "--json");
    assertEquals(3, doctor.get("backends").size());
    for (JsonNode backend : doctor.get("backends")) {
      assertFalse(backend.get("description").asText().isBlank());
    }
    assertTrue(doctor.get("backends").get(2).get("available").asBoolean());
    assertTrue(Cli.ok("doctor").out().contains("reference  works: "));
  }

  @Test
  void benchMeasures() {
    JsonNode bench =
        json(
            "bench",
            "--features=10",
            "--hidden=4",
            "--latent=2",
            "--batch=4",
            "--objective=iwae",
            "--samples=5",
            "--product=64",
            "--steps=3",
            "--rounds=1",
            "--json");
    assertTrue(bench.get("rows_per_second").asDouble() > 0);
    assertTrue(bench.get("peak_gflops").asDouble() > 0);
    double stepMicros = bench.get("step_us").asDouble();
    assertEquals(4e6 / bench.get("rows_per_second").asDouble(), stepMicros, 1e-6 * stepMicros);
    assertTrue(bench.get("host_us_per_step").asDouble() > 0);
    assertEquals("iwae", bench.get("objective").asText());
    assertEquals(5, bench.get("samples").asInt());
  }

  @Test
  void wrongOutputsAreRefusedBeforeAnythingIsComputed() {
    Cli.fails(
        2,
        List.of("not images", ".npy or .csv"),
        "sample",
        model(numbers),
        out("x.png"),
        REFERENCE);
    Cli.fails(2, List.of(".png, .npy, .csv or .parquet"), "sample", model(numbers), out("x.jpg"));
    Cli.fails(2, List.of("codes are numbers"), "encode", model(numbers), out("x.png"), REFERENCE);
    Cli.fails(2, List.of("ends in .csv"), "score", model(numbers), out("x.npy"), REFERENCE);
    Cli.fails(
        2,
        List.of("--columns: expected 1"),
        "sample",
        model(images),
        "--columns=0",
        out("x.png"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("n: expected 1 or more"),
        "sample",
        model(images),
        "-n",
        "0",
        out("x.png"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("temperature"),
        "sample",
        model(images),
        "--temperature=-1",
        out("x.png"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("--dimensions: expected 0 to 1, given 2"),
        "traverse",
        model(images),
        "--dimensions=2",
        out("x.png"),
        REFERENCE);
    Cli.fails(
        2,
        List.of("--row: expected 0 to 11, given 12"),
        "traverse",
        model(images),
        "--row=12",
        out("x.png"),
        REFERENCE);
    Cli.fails(
        2, List.of("--steps"), "traverse", model(images), "--steps=1", out("x.png"), REFERENCE);
    Cli.fails(
        2, List.of("--range"), "traverse", model(images), "--range=0", out("x.png"), REFERENCE);
    Cli.fails(
        2, List.of("--count"), "traverse", model(numbers), "--count=0", out("x.csv"), REFERENCE);
    Cli.fails(2, List.of("--iw-samples"), "evaluate", model(images), "--iw-samples=-1", REFERENCE);
    Cli.fails(2, List.of("samples"), "evaluate", model(images), "--samples=0", REFERENCE);
    Cli.fails(2, List.of("--binarize"), "evaluate", model(images), "--binarize=dynamic", REFERENCE);
    Cli.fails(2, List.of("--limit"), "evaluate", model(images), "--limit=0", REFERENCE);
    Cli.fails(2, List.of("--lowest"), "score", model(images), "--lowest=-1", REFERENCE);
    Cli.fails(2, List.of("--rounds"), "bench", "--rounds=0", REFERENCE);
    Cli.fails(2, List.of("--product"), "bench", "--product=0", REFERENCE);
  }

  @Test
  void dataOfAnotherWidthNamesBothWidths() {
    Cli.fails(
        1,
        List.of("rows of 20 values", "made for 3"),
        "evaluate",
        model(numbers),
        "--data=" + folder.resolve("test.npy"),
        REFERENCE);
  }

  @Test
  void dataOutsideTheSupportNamesRowAndColumn() {
    Path run = folder.resolve("support");
    Cli.fails(
        1,
        List.of("line 2, column 1 (a)", "bernoulli"),
        "train",
        "--data=" + folder.resolve("rows.csv"),
        "--likelihood=bernoulli",
        "--out=" + run,
        REFERENCE);
    assertFalse(Files.exists(run));
  }
}

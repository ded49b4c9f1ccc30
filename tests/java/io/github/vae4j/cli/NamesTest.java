// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.Bytes;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns and classes by name, in every command; and the remarks on how data were read. */
class NamesTest {
  private static final String REFERENCE = "--backend=reference";
  private static final BackendOptions PLAIN =
      new BackendOptions(BackendOptions.Kind.REFERENCE, 0, Precision.FP32);

  @TempDir Path folder;
  private String model = "";

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** Rows with very different columns, in an order of the columns. */
  private static String table(String order) {
    StringBuilder text = new StringBuilder(String.join(",", order.split("")) + "\n");
    for (int i = 0; i < 12; i++) {
      for (int at = 0; at < order.length(); at++) {
        String value =
            switch (order.charAt(at)) {
              case 'a' -> i % 2 + ".25";
              case 'b' -> 50 + i + ".5";
              case 'c' -> -i * 3 + ".75";
              default -> "7";
            };
        text.append(at == 0 ? "" : ",").append(value);
      }
      text.append('\n');
    }
    return text.toString();
  }

  @BeforeEach
  void train() throws IOException {
    model = folder.resolve("run").toString();
    Cli.ok(
        "train",
        "--schema=none",
        "--data=" + file("abc.csv", table("abc")),
        "--test-data=" + file("cab.csv", table("cab")),
        "--out=" + model,
        "--hidden=4",
        "--latent=1",
        "--epochs=2",
        REFERENCE);
  }

  private double score(String data, String place) {
    Cli answer = Cli.ok("score", "--model=" + place, "--data=" + data, "--json", REFERENCE);
    return answer.objects().get(0).get("elbo").doubleValue();
  }

  @Test
  void anotherOrderIsTheSameData() throws IOException {
    double expected = score(folder.resolve("abc.csv").toString(), model);
    assertEquals(expected, score(file("bca.csv", table("bca")), model));
    // The file of the model alone has the names too.
    Path alone = Files.createDirectory(folder.resolve("alone")).resolve("model.safetensors");
    Files.copy(Path.of(model, "model.safetensors"), alone);
    assertEquals(expected, score(folder.resolve("bca.csv").toString(), alone.toString()));
    String data = "--data=" + folder.resolve("bca.csv");
    for (String command : List.of("encode", "reconstruct")) {
      String source = "--model=" + model;
      String first = "--out=" + folder.resolve("1.csv");
      Cli.ok(command, source, "--data=" + folder.resolve("abc.csv"), first, REFERENCE);
      Cli.ok(command, source, data, "--out=" + folder.resolve("2.csv"), REFERENCE);
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("1.csv")), Files.readAllBytes(folder.resolve("2.csv")));
    }
    Cli.ok("fit-sampler", "--model=" + model, "--sampler=gmm", "--components=1", data, REFERENCE);
    // The test data of training had another order too: a new evaluation of both is the same.
    JsonNode test = Cli.ok("evaluate", "--model=" + model, "--json", REFERENCE).objects().get(0);
    JsonNode same =
        Cli.ok("evaluate", "--model=" + model, data, "--json", REFERENCE).objects().get(0);
    assertEquals(same.get("elbo").doubleValue(), test.get("elbo").doubleValue());
  }

  @Test
  void furtherAndMissingColumns() throws IOException {
    String source = "--model=" + model;
    Cli answer = Cli.ok("score", source, "--data=" + file("x.csv", table("xcba")), REFERENCE);
    assertTrue(answer.err().contains("vae4j: "), answer.err());
    assertTrue(answer.err().contains("leaves out column x"), answer.err());
    Cli.fails(
        1,
        List.of("has no column \"b\"", "trained with"),
        "score",
        source,
        "--data=" + file("y.csv", table("acx")),
        REFERENCE);
    Cli.fails(
        1,
        List.of("has no column \"b\""),
        "train",
        "--schema=none",
        "--data=" + folder.resolve("abc.csv"),
        "--test-data=" + folder.resolve("y.csv"),
        "--out=" + folder.resolve("other"),
        REFERENCE);
    assertFalse(Files.exists(folder.resolve("other")));
  }

  @Test
  void resumeFindsColumnsByName() throws IOException {
    file("abc.csv", table("acxb"));
    Cli answer = Cli.ok("train", "--out=" + model, "--resume", "--epochs=3", REFERENCE);
    assertTrue(answer.err().contains("leaves out column x"), answer.err());
    file("abc.csv", table("acx"));
    Cli.fails(
        1,
        List.of("no column \"b\""),
        "train",
        "--out=" + model,
        "--resume",
        "--epochs=4",
        REFERENCE);
  }

  @Test
  void inspectListsNames() {
    Cli text = Cli.ok("inspect", "--model=" + model);
    assertTrue(text.out().contains("columns a, b, c"), text.out());
    JsonNode json = Cli.ok("inspect", "--model=" + model, "--json").objects().get(0);
    assertEquals("[\"a\",\"b\",\"c\"]", json.get("columns").toString());
  }

  @Test
  void programsAreProtectedToo() throws IOException {
    VaeSpec spec = VaeSpec.builder(3).hidden(2).latent(1).build();
    TrainConfig config = TrainConfig.builder().epochs(1).build();
    Path saved = folder.resolve("m.safetensors");
    try (DataSet rows = DataSets.open(file("r.csv", "a,b,c\n0,1,0\n1,0,1\n"));
        DataSet other = DataSets.open(file("o.csv", "a,c,b\n0,1,0\n1,0,1\n"));
        Vae vae = Vae.create(spec, PLAIN, 0)) {
      vae.train(rows, null, config, TrainListener.NONE);
      assertEquals(List.of("a", "b", "c"), vae.spec().names().columns());
      vae.save(saved);
      for (Vae each : List.of(vae, Vae.load(saved, PLAIN))) {
        Assertions.assertThrows(DataException.class, () -> each.evaluate(other));
        Assertions.assertThrows(DataException.class, () -> each.encode(other));
        Assertions.assertThrows(
            DataException.class, () -> each.train(other, null, config, TrainListener.NONE));
        each.evaluate(each.spec().names().match(other));
        if (each != vae) {
          each.close();
        }
      }
    }
  }

  private void picture(String name, int grey) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 4; i++) {
      image.getRaster().setSample(i % 2, i / 2, 0, grey);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void classesByName() throws IOException {
    for (int i = 0; i < 20; i++) {
      picture("p/1/" + i + ".png", 250);
      picture("p/2/" + i + ".png", 5);
      picture("p/10/" + i + ".png", 125);
    }
    picture("p/.ipynb_checkpoints/x.png", 9);
    file("p/notes.txt", "");
    String run = folder.resolve("pictures").toString();
    Cli trained =
        Cli.ok(
            "train",
            "--schema=none",
            "--data=" + folder.resolve("p") + "/",
            "--out=" + run,
            "--condition=labels",
            "--hidden=8",
            "--latent=1",
            "--epochs=60",
            "--lr=0.02",
            REFERENCE);
    assertTrue(trained.out().contains("labels  0 = 1, 1 = 2, 2 = 10"), trained.out());
    assertTrue(trained.err().contains("passes over 1 files of another kind"), trained.err());
    String out = "--out=" + folder.resolve("s.csv");
    Cli.ok("sample", "--model=" + run, "--label=1,2,10", "-n=3", out, REFERENCE);
    try (DataSet drawn = DataSets.open(folder.resolve("s.csv").toString())) {
      float[] values = DataSets.values(drawn, 0, 3).values();
      assertEquals(250 / 255.0, values[0], 0.15);
      assertEquals(5 / 255.0, values[4], 0.15);
      assertEquals(125 / 255.0, values[8], 0.15);
    }
    Cli.fails(
        2,
        List.of("--label: expected one of 1, 2, 10, or a number, given \"cat\""),
        "sample",
        "--model=" + run,
        "--label=cat",
        out,
        REFERENCE);
    assertTrue(Cli.ok("inspect", "--model=" + run).out().contains("0 = 1, 1 = 2, 2 = 10"));
    // Folders of other data are found by name: 10 is the last class here too.
    picture("q/10/x.png", 125);
    Cli.ok(
        "score",
        "--model=" + run,
        "--data=" + folder.resolve("q"),
        "--out=" + folder.resolve("q.csv"),
        REFERENCE);
    assertTrue(Files.readAllLines(folder.resolve("q.csv")).get(1).startsWith("0,2,"));
    picture("q/cat/x.png", 125);
    Cli other = Cli.run("score", "--model=" + run, "--data=" + folder.resolve("q"), REFERENCE);
    assertEquals(1, other.code());
    assertTrue(other.err().contains("row 1 has label 3 (cat)"), other.err());
    assertTrue(other.err().contains("it knows 1, 2, 10"), other.err());
  }

  private void refused(List<String> parts, String data, String... more) {
    List<String> train =
        List.of(
            "train",
            "--schema=none",
            "--data=" + data,
            "--out=" + folder.resolve("none"),
            "--latent=1",
            REFERENCE);
    Cli.fails(1, parts, Cli.with(train, more));
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void valuesThatCannotBeBinarized() throws IOException {
    String good = file("g.csv", "a,b\n0,1\n0.5,1\n");
    String bad = file("bad.csv", "a,b\n0,1\n\n1,110\n");
    List<String> parts = List.of("bad.csv: line 4, column 2 (b) is 110", "scale the data");
    for (String how : List.of("fixed", "dynamic")) {
      refused(parts, bad, "--binarize=" + how, "--likelihood=gaussian");
      refused(parts, bad, "--binarize=" + how);
      refused(parts, good, "--test-data=" + bad, "--binarize=" + how);
    }
  }

  @Test
  void aColumnWithoutAValue() throws IOException {
    refused(
        List.of("column 2 (b) has no value in any row", "leave it out"),
        file("e.csv", "a,b\n0,\n1,NA\n"),
        "--missing");
  }

  @Test
  void bytesOfAModelOfCounts() throws IOException {
    Path counts = folder.resolve("counts.npy");
    Bytes.npy("|u1", false, "(4, 2)").u8(3, 0, 7, 1, 2, 2, 0, 9).write(counts);
    String data = "--data=" + counts;
    String out = "--out=" + folder.resolve("counts");
    Cli answer =
        Cli.ok(
            "train",
            data,
            out,
            "--latent=1",
            "--hidden=2",
            "--epochs=1",
            "--likelihood=poisson",
            REFERENCE);
    assertFalse(answer.err().contains("255"), answer.err());
    Cli.ok("score", "--model=" + folder.resolve("counts"), data, REFERENCE);
    Cli grey =
        Cli.ok(
            "train",
            "--schema=none",
            data,
            "--out=" + folder.resolve("grey"),
            "--latent=1",
            "--hidden=2",
            "--epochs=1",
            "--bytes=grey",
            REFERENCE);
    assertEquals(0, grey.err().split("divided by 255", -1).length - 1, grey.err());
  }

  @Test
  void rowsOfScoreAreThoseOfTheFile() throws IOException {
    String data = file("h.csv", "a\n1\n\n0\n5\n");
    String run = folder.resolve("h").toString();
    Cli.ok(
        "train",
        "--data=" + data,
        "--missing",
        "--validation=0.5",
        "--out=" + run,
        "--latent=1",
        "--hidden=2",
        "--epochs=1",
        "--likelihood=gaussian",
        REFERENCE);
    Cli.ok(
        "score",
        "--model=" + run,
        "--data=" + data,
        "--out=" + folder.resolve("all.csv"),
        REFERENCE);
    assertEquals(5, Files.readAllLines(folder.resolve("all.csv")).size());
    Cli.ok("score", "--model=" + run, "--out=" + folder.resolve("held.csv"), REFERENCE);
    try (DataSet all = DataSets.open(data, OpenOptions.defaults().withMissing(true))) {
      DataSet held = DataSets.split(all, 0.5, 0).validation();
      List<String> lines = Files.readAllLines(folder.resolve("held.csv"));
      assertEquals(3, lines.size());
      for (int row = 0; row < 2; row++) {
        assertTrue(lines.get(row + 1).startsWith(held.origin(row) + ","), lines.get(row + 1));
      }
    }
  }
}

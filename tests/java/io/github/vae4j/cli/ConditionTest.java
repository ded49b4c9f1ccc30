// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Npy;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of conditions, missing values and weights. */
class ConditionTest {
  private static final String REFERENCE = "--backend=reference";

  /** Two classes apart, an age, a weight and a hole in every fifth row. */
  private static final int ROWS = 60;

  @TempDir Path folder;

  private Path table() throws IOException {
    StringBuilder text = new StringBuilder("a,b,class,age,w\n");
    for (int row = 0; row < ROWS; row++) {
      int label = row % 2;
      double wave = Math.sin(7 * row) / 10;
      String a = row % 5 == 4 ? "NA" : Double.toString((label == 0 ? -2 : 2) + wave);
      text.append(a).append(',').append(label == 0 ? 1 : -1).append(',').append(label);
      text.append(',').append(row % 7).append(',').append(row % 3).append('\n');
    }
    return Files.writeString(folder.resolve("t.csv"), text);
  }

  private String[] train(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data=" + table(), "--out=" + folder.resolve(name)));
    arguments.addAll(List.of("--hidden=8", "--latent=1", "--batch=16", "--lr=0.03"));
    arguments.addAll(List.of("--likelihood=gaussian:sigma=0.3", "--missing", REFERENCE));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private Matrix rows(String name) {
    try (DataSet set = DataSets.open(folder.resolve(name).toString())) {
      return DataSets.values(set, 0, set.rows());
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void labels() throws IOException {
    String[] command =
        train(
            "run",
            "--condition=labels",
            "--label-column=class",
            "--weights=column:w",
            "--validation=0.2",
            "--epochs=40");
    Cli answer = Cli.ok(command);
    assertTrue(answer.out().contains("some may be missing, weighted"), answer.out());
    assertTrue(answer.out().contains("conditional on 2 labels"), answer.out());
    String model = "--model=" + path("run");
    Cli.ok("sample", model, "-n=6", "--label=1,0", "--out=" + path("s.csv"), REFERENCE);
    Matrix drawn = rows("s.csv");
    for (int row = 0; row < 6; row++) {
      assertEquals(row % 2 == 0 ? 2 : -2, drawn.at(row, 0), 0.8, "row " + row);
    }
    JsonNode held = Cli.ok("evaluate", model, "--json", REFERENCE).objects().get(0);
    assertEquals(12, held.get("rows").intValue());
    assertTrue(held.get("weighted").booleanValue());
    String data = "--data=" + table();
    JsonNode all = Cli.ok("evaluate", model, data, "--json", REFERENCE).objects().get(0);
    assertEquals(ROWS, all.get("rows").intValue());
    Cli.ok("score", model, data, "--out=" + path("scores.csv"), REFERENCE);
    assertEquals(ROWS + 1, Files.readAllLines(folder.resolve("scores.csv")).size());
    Cli.ok("reconstruct", model, data, "--out=" + path("r.csv"), REFERENCE);
    // Row 4 lacks its first value, which its label determines.
    assertEquals(-2, rows("r.csv").at(4, 0), 0.8);
    Cli.ok("encode", model, data, "--out=" + path("codes.npy"), REFERENCE);
    Cli.ok(
        "decode",
        model,
        "--codes=" + path("codes.npy"),
        "--label=0",
        "--out=" + path("d.csv"),
        REFERENCE);
    assertEquals(-2, rows("d.csv").at(1, 0), 0.8);
    Cli.ok("traverse", model, "--dimensions=0", "--label=1", "--out=" + path("w.csv"), REFERENCE);
    Cli inspected = Cli.ok("inspect", model);
    assertTrue(inspected.out().contains("conditional on 2 labels"), inspected.out());
    refusals(model);
  }

  private void refusals(String model) throws IOException {
    String out = "--out=" + path("x.csv");
    Cli.fails(2, List.of("labels 0 to 1", "--label 0,1"), "sample", model, out, REFERENCE);
    Cli.fails(
        2, List.of("expected 0 to 1", "given 7"), "sample", model, "--label=7", out, REFERENCE);
    Cli.fails(
        2,
        List.of("--covariates", "conditional on labels"),
        "sample",
        model,
        "--covariates=1",
        out,
        REFERENCE);
    Path bare = Files.writeString(folder.resolve("bare.csv"), "a,b,age\n1,2,3\n");
    Cli.fails(
        1,
        List.of("no column \"class\" for the labels"),
        "evaluate",
        model,
        "--data=" + bare,
        REFERENCE);
    Path other = Files.writeString(folder.resolve("o.csv"), "a,b,age,class\n1,2,3,1\n1,2,3,2\n");
    Cli.fails(
        1, List.of("line 3 has label 2", "0 to 1"), "score", model, "--data=" + other, REFERENCE);
    Cli.fails(
        2,
        List.of("conditional on 2 labels", "another --condition"),
        "train",
        "--out=" + path("run"),
        "--resume",
        "--condition=columns:age",
        REFERENCE);
    Cli.ok("train", "--out=" + path("run"), "--resume", "--epochs=41", REFERENCE);
  }

  @Test
  void covariates() throws IOException {
    Cli.ok(train("run", "--condition=columns:class,age", "--epochs=40"));
    String model = "--model=" + path("run");
    String out = "--out=" + path("s.csv");
    Cli.ok("sample", model, "-n=2", "--covariates=1,3", out, REFERENCE);
    assertEquals(2, rows("s.csv").at(0, 0), 0.9);
    Cli.fails(
        2,
        List.of("--covariates", "2 columns", "given 1"),
        "sample",
        model,
        "--covariates=1",
        out,
        REFERENCE);
    Cli.fails(
        2,
        List.of("--label", "conditional on columns"),
        "sample",
        model,
        "--label=1",
        out,
        REFERENCE);
  }

  @Test
  void aModelWithoutAConditionTakesNone() throws IOException {
    Cli.ok(train("run", "--epochs=1"));
    Cli.fails(
        2,
        List.of("--label", "not conditional"),
        "sample",
        "--model=" + path("run"),
        "--label=1",
        "--out=" + path("s.csv"),
        REFERENCE);
    // Rows to be scored need no weights.
    Path fresh = Files.writeString(folder.resolve("n.csv"), "a,b,class,age,w\n,1,0,1,1\n");
    Cli.ok("score", "--model=" + path("run"), "--data=" + fresh, REFERENCE);
  }

  @Test
  void filesOfWeightsAndOfAMask() throws IOException {
    float[] weights = new float[ROWS];
    float[] mask = new float[ROWS * 2];
    float[] x = new float[ROWS * 2];
    for (int i = 0; i < mask.length; i++) {
      weights[i / 2] = i / 2 % 3;
      mask[i] = i % 4 == 1 ? 0 : 1;
      x[i] = i % 3;
    }
    Npy.write(folder.resolve("x.npy"), new Matrix(ROWS, 2, x));
    Npy.write(folder.resolve("w.npy"), new Matrix(ROWS, 1, weights));
    Npy.write(folder.resolve("mask.npy"), new Matrix(ROWS, 2, mask));
    String[] command = {
      "train",
      "--data=" + path("x.npy"),
      "--weights=" + path("w.npy"),
      "--mask=" + path("mask.npy"),
      "--validation=0.25",
      "--out=" + path("run"),
      "--likelihood=poisson",
      "--hidden=4",
      "--epochs=2",
      REFERENCE
    };
    Cli.ok(command);
    JsonNode held =
        Cli.ok("evaluate", "--model=" + path("run"), "--json", REFERENCE).objects().get(0);
    assertTrue(held.get("weighted").booleanValue());
    String[] given = {
      "evaluate", "--model=" + path("run"), "--data=" + path("x.npy"), "--json", REFERENCE
    };
    double plain = Cli.ok(given).objects().get(0).get("reconstruction").doubleValue();
    List<String> masked = new ArrayList<>(List.of(given));
    masked.add("--mask=" + path("mask.npy"));
    double seen =
        Cli.ok(masked.toArray(String[]::new)).objects().get(0).get("reconstruction").doubleValue();
    assertTrue(seen > plain, "fewer values are more likely: " + seen + ", all: " + plain);
    Npy.write(folder.resolve("mask.npy"), new Matrix(ROWS / 2, 4, mask));
    Cli.fails(
        1,
        List.of("mask.npy: expected a mask of 60 x 2 values", "given 30 x 4"),
        replaced(command, path("other")));
    Npy.write(folder.resolve("mask.npy"), new Matrix(ROWS, 2, mask));
    Npy.write(folder.resolve("w.npy"), new Matrix(ROWS / 2, 2, weights));
    Cli.fails(
        1, List.of("w.npy: expected 60 weights", "given 30 x 2"), replaced(command, path("other")));
    Cli.fails(
        2,
        List.of("belong to --data"),
        "evaluate",
        "--model=" + path("run"),
        "--mask=" + path("mask.npy"),
        REFERENCE);
    assertFalse(Files.exists(folder.resolve("other")), "no folder for a run that did not start");
  }

  private static String[] replaced(String[] command, String out) {
    String[] other = command.clone();
    for (int i = 0; i < other.length; i++) {
      other[i] = other[i].startsWith("--out=") ? "--out=" + out : other[i];
    }
    return other;
  }
}

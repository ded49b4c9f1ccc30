// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Npy;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on a model whose codes are images of 4 x 4 pixels and 2 channels. */
final class SpatialCodesTest {
  private static final String REFERENCE = "--backend=reference";
  private static final int Z = 4 * 4 * 2;

  @TempDir private static Path folder = Path.of("");

  private static String data = "";
  private static String model = "";

  @BeforeAll
  static void train() throws IOException {
    data = Cli.imageRows(folder);
    Path run = folder.resolve("run");
    model = "--model=" + run;
    Cli.ok(
        "train",
        data,
        "--out=" + run,
        "--encoder=conv:4x4s2,relu,conv:outx3",
        "--decoder=deconv:4x4s2,relu,conv:outx3",
        "--latent=" + Z,
        "--epochs=1",
        REFERENCE);
  }

  private static String out(String name) {
    return "--out=" + folder.resolve(name);
  }

  private static Matrix array(String name) {
    return Npy.read(folder.resolve(name));
  }

  private static String header(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(name));
    return new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
  }

  @Test
  void arraysHaveTheShapeOfACode() throws IOException {
    Cli.ok("encode", data, model, out("codes.npy"), REFERENCE);
    assertTrue(header("codes.npy").contains("'shape': (40, 4, 4, 2)"), header("codes.npy"));
    Cli.ok("encode", data, model, "--logvar", out("both.npy"), REFERENCE);
    assertTrue(header("both.npy").contains("'shape': (40, 4, 4, 4)"), header("both.npy"));
    Cli.ok("encode", data, model, "--logvar", out("both.csv"), REFERENCE);
    String[] first = Files.readAllLines(folder.resolve("both.csv")).get(1).split(",", -1);
    assertEquals(2 * Z, first.length);
    float[] means = array("codes.npy").row(0);
    float[] both = array("both.npy").row(0);
    for (int i = 0; i < Z; i++) {
      int at = i / 2 * 4 + i % 2;
      assertEquals(means[i], both[at], "mean " + i);
      assertEquals(means[i], Float.parseFloat(first[i]), "mean " + i);
      assertEquals(both[at + 2], Float.parseFloat(first[Z + i]), "log variance " + i);
    }
  }

  @Test
  void codesAreDecodedFromEitherShape() {
    Cli.ok("encode", data, model, out("c.npy"), REFERENCE);
    Cli.ok("encode", data, model, out("c.csv"), REFERENCE);
    Cli.ok("reconstruct", data, model, out("rows.npy"), REFERENCE);
    for (String codes : new String[] {"c.npy", "c.csv"}) {
      Cli.ok("decode", model, "--codes=" + folder.resolve(codes), out("d.npy"), REFERENCE);
      assertArrayEquals(array("rows.npy").values(), array("d.npy").values(), 1e-6f);
    }
  }

  /** An array of 40 codes of 4 x 4 pixels and 2 channels, in a given shape. */
  private String codes(int... sizes) {
    Path file = folder.resolve("shaped.npy");
    Cli.ok("encode", data, model, out("c.npy"), REFERENCE);
    Npy.write(file, array("c.npy"), sizes);
    return "--codes=" + file;
  }

  @Test
  void sizesOfOneAreNoOtherOrder() {
    Cli.ok("reconstruct", data, model, out("rows.npy"), REFERENCE);
    for (int[] sizes : new int[][] {{Z}, {4, 4, 2}, {1, 4, 4, 2}, {1, 1, Z}}) {
      Cli.ok("decode", model, codes(sizes), out("d.npy"), REFERENCE);
      assertArrayEquals(array("rows.npy").values(), array("d.npy").values(), 1e-6f);
    }
  }

  @Test
  void codesOfAnotherShapeAreRefused() throws IOException {
    String expected =
        "--codes: expected rows of 32 values, the model's latent dimensions, or an array of (rows,"
            + " 4, 4, 2): height, width and channels; ";
    Path file = folder.resolve("shaped.npy");
    String[] decode = {"decode", model, "", out("d.npy"), REFERENCE};
    decode[2] = codes(2, 4, 4);
    Cli.fails(
        2,
        List.of(
            expected
                + file
                + " has the shape (40, 2, 4, 4), whose channels come first: save numpy.moveaxis(codes,"
                + " 1, -1)"),
        decode);
    decode[2] = codes(2, 16);
    Cli.fails(2, List.of(expected + file + " has the shape (40, 2, 16)"), decode);
    decode[2] = codes(4, 2, 4);
    Cli.fails(2, List.of(expected + file + " has the shape (40, 4, 2, 4)"), decode);
    Npy.write(file, Matrix.zeros(3, 33));
    Cli.fails(2, List.of(expected + file + " has the shape (3, 33)"), decode);
    Npy.write(file, Matrix.zeros(3, 64), 4, 4, 4);
    Cli.ok(decode);
    Npy.write(file, Matrix.zeros(3, 96), 3, 8, 4);
    Cli.fails(2, List.of(expected + file + " has the shape (3, 3, 8, 4)"), decode);
    Path table = folder.resolve("other.csv");
    Files.writeString(table, "a,".repeat(63) + "a\n" + "1,".repeat(63) + "1\n");
    decode[2] = "--codes=" + table;
    Cli.fails(2, List.of(expected + table + " has 64 columns"), decode);
  }

  /** Means beside log variances, in each of the files that encode writes. */
  @ParameterizedTest
  @ValueSource(strings = {"both.npy", "both.csv", "flat.npy", "both.npz"})
  void meansAreDecodedOfAFileWithLogVariances(String name) throws IOException {
    Cli.ok("reconstruct", data, model, out("rows.npy"), REFERENCE);
    Path file = folder.resolve(name);
    if (name.equals("flat.npy")) {
      Cli.ok("encode", data, model, "--logvar", out("both.csv"), REFERENCE);
      Matrix both;
      try (DataSet rows = DataSets.open(folder.resolve("both.csv").toString())) {
        both = DataSets.values(rows, 0, rows.rows());
      }
      Npy.write(file, both);
    } else if (name.equals("both.npz")) {
      Cli.ok("encode", data, model, "--logvar", out("both.npy"), REFERENCE);
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.putNextEntry(new ZipEntry("codes.npy"));
        zip.write(Files.readAllBytes(folder.resolve("both.npy")));
      }
    } else {
      Cli.ok("encode", data, model, "--logvar", "--out=" + file, REFERENCE);
    }
    Cli answer = Cli.ok("decode", model, "--codes=" + file, out("d.npy"), REFERENCE);
    assertTrue(answer.err().contains("the means are decoded"), answer.err());
    assertArrayEquals(array("rows.npy").values(), array("d.npy").values(), 1e-6f);
  }

  @Test
  void otherCommands() {
    Cli.ok("sample", model, "-n=3", out("samples.npy"), REFERENCE);
    assertEquals(3, array("samples.npy").rows());
    Cli.ok("traverse", data, model, "--dimensions=0,31", "--steps=3", out("t.npy"), REFERENCE);
    assertEquals(6, array("t.npy").rows());
    Cli.ok("traverse", data, model, "--row=2", "--count=2", out("t.png"), REFERENCE);
    Cli.ok("interpolate", data, model, "--rows=1,2", "--path=spherical", out("i.png"), REFERENCE);
    Cli.ok("fit-sampler", data, model, "--sampler=gmm", "--components=2", REFERENCE);
    Cli.ok("sample", model, "-n=3", "--sampler=gmm", out("gmm.npy"), REFERENCE);
    Cli.ok("score", data, model, out("scores.csv"), REFERENCE);
    Cli.ok("evaluate", data, model, "--iw-samples=5", "--gap", REFERENCE);
  }
}

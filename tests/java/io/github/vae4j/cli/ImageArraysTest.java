// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.Bytes;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrays of images that commands write: in the image's shape, and read again as they were. */
final class ImageArraysTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir private Path folder;

  private String data(String shape) throws IOException {
    int values = 1;
    for (String size : shape.split("\\D+", -1)) {
      values *= size.isEmpty() ? 1 : Integer.parseInt(size);
    }
    Path file = folder.resolve("data.npy");
    int[] bytes = IntStream.range(0, values).map(i -> i * 37 % 256).toArray();
    Bytes.npy("|u1", false, shape).u8(bytes).write(file);
    return "--data=" + file;
  }

  private void train(String... more) {
    List<String> all =
        new ArrayList<>(List.of("train", "--out=" + folder.resolve("run"), "--epochs=1"));
    all.addAll(List.of("--hidden=4", "--latent=3", "--likelihood=gaussian", REFERENCE));
    all.addAll(List.of(more));
    Cli.ok(all);
  }

  private String model() {
    return "--model=" + folder.resolve("run");
  }

  private static String sizes(Path file) throws IOException {
    String header = Files.readString(file, StandardCharsets.ISO_8859_1);
    return header.substring(header.indexOf("'shape': ") + 9, header.indexOf(')') + 1);
  }

  /** Runs a command twice, for an array and for a table of the same rows. */
  private void check(String row, String layout, String... command) throws IOException {
    Path array = folder.resolve("out.npy");
    Path table = folder.resolve("out.csv");
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(model(), REFERENCE, "--out=" + array));
    Cli.ok(all);
    all.set(all.size() - 1, "--out=" + table);
    Cli.ok(all);
    List<String> lines = Files.readAllLines(table);
    assertEquals("(" + (lines.size() - 1) + ", " + row + ")", sizes(array), command[0]);
    OpenOptions options = OpenOptions.defaults();
    if (!layout.isEmpty()) {
      ArrayOptions.Layout order = ArrayOptions.Layout.valueOf(layout.toUpperCase(Locale.ROOT));
      options = options.withArrays(ArrayOptions.PLAIN.withLayout(order));
    }
    try (DataSet rows = DataSets.open(array.toString(), options)) {
      Matrix values = DataSets.values(rows, 0, rows.rows());
      for (int i = 0; i < values.rows(); i++) {
        String[] texts = lines.get(i + 1).split(",", -1);
        float[] expected = new float[texts.length];
        for (int d = 0; d < expected.length; d++) {
          expected[d] = Float.parseFloat(texts[d]);
        }
        assertArrayEquals(expected, values.row(i), command[0] + " " + i);
      }
    }
    Cli.ok("score", model(), "--data=" + array, "--out=" + folder.resolve("s.csv"), REFERENCE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(6, 5, 4)     |        | 5, 4",
        "(6, 1, 5, 4)  |        | 5, 4",
        "(6, 1, 7)     |        | 1, 7",
        "(6, 5, 4, 3)  |        | 5, 4, 3",
        "(6, 3, 5, 4)  |        | 5, 4, 3",
        "(6, 3, 5, 3)  |        | 3, 5, 3",
        "(6, 1, 7, 3)  |        | 1, 7, 3",
        "(6, 3, 2, 4)  | nchw   | 3, 2, 4",
        "(6, 3, 5, 3)  | nchw   | 3, 5, 3",
        "(6, 1, 5, 3)  | nchw   | 5, 3",
        "(6, 3, 5, 3)  | nhwc   | 3, 5, 3",
      })
  void arraysHaveTheShapeOfTheImages(String shape, String layout, String row) throws IOException {
    String data = data(shape);
    String order = layout == null ? "" : layout;
    if (order.isEmpty()) {
      train(data, "--validation=0.5");
    } else {
      train(data, "--validation=0.5", "--layout=" + order);
    }
    check(row, order, "sample", "-n=3");
    check(row, order, "reconstruct");
    check(row, order, "traverse", "--dimensions=1,2", "--steps=3");
    check(row, order, "interpolate", "--rows=0,1", "--steps=4");
    Cli.ok("encode", data, model(), "--out=" + folder.resolve("codes.csv"), REFERENCE);
    check(row, order, "decode", "--codes=" + folder.resolve("codes.csv"));
  }

  @Test
  void rowsWithoutAShapeStayFlat() throws IOException {
    train(data("(6, 7)"));
    check("7", "", "sample", "-n=3");
  }

  /** The images of a folder have a shape too; their run keeps options that arrays have not. */
  @Test
  void imagesOfAFolderAreArraysToo() throws IOException {
    Path pictures = folder.resolve("pictures");
    Files.createDirectories(pictures);
    train(data("(6, 5, 4, 3)"), "--layout=nhwc");
    Cli.ok("sample", model(), "-n=1", "--out=" + pictures.resolve("a.png"), REFERENCE);
    Cli.ok("sample", model(), "-n=2", "--out=" + pictures.resolve("b.png"), REFERENCE);
    train("--data=" + pictures + "/", "--image-size=6x5", "--overwrite");
    check("5, 6, 3", "", "sample", "-n=3");
  }
}

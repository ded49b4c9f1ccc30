// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Missing values, with and without permission. */
class MissingTest {
  private static final float NAN = Float.NaN;

  @TempDir Path folder;

  private static OpenOptions missing(long residentBytes) {
    return new OpenOptions(residentBytes).withMissing(true);
  }

  private String csv(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text).toString();
  }

  private String npy(int columns, float... values) {
    Path file = folder.resolve("rows.npy");
    Npy.write(file, new Matrix(values.length / columns, columns, values));
    return file.toString();
  }

  @Test
  void tablesSayItInThreeWays() throws IOException {
    String file = csv("a,b\n1,\nNA,2\n nan ,3\n");
    try (DataSet set = DataSets.open(file, missing(1 << 20))) {
      assertTrue(set.missing());
      assertArrayEquals(new float[] {1, NAN, NAN, 2, NAN, 3}, DataSets.values(set, 0, 3).values());
    }
  }

  @Test
  void withoutLeaveItIsAnErrorThatSaysHowToGiveIt() throws IOException {
    assertDataError(
        () -> DataSets.open(csv("a,b\n1,\n")),
        "line 2, column 2 (b): is empty",
        "OpenOptions.missing");
    assertDataError(
        () -> DataSets.open(csv("a,b\nNA,1\n")),
        "line 2, column 1 (a): NA is not",
        "OpenOptions.missing");
    String file = npy(2, 1, 2, 3, NAN);
    assertDataError(() -> DataSets.open(file), "row 1, column 1", "NaN", "OpenOptions.missing");
  }

  @Test
  void otherTextsAndInfinitiesStayErrors() throws IOException {
    assertDataError(
        () -> DataSets.open(csv("a\nnone\n"), missing(0)), "expected a number, found \"none\"");
    assertDataError(() -> DataSets.open(csv("a\ninf\n"), missing(0)), "inf is not finite");
    String file = npy(1, NAN, Float.POSITIVE_INFINITY);
    assertDataError(() -> DataSets.open(file, missing(0)), "row 1, column 0", "Infinity");
  }

  @Test
  void arraysAreTheSameResidentAndStreamed() {
    float[] values = {1, NAN, 3, NAN, NAN, -6};
    String file = npy(3, values);
    for (long bytes : new long[] {0, 1 << 20}) {
      try (DataSet set = DataSets.open(file, missing(bytes))) {
        assertEquals(bytes > 0, set.resident());
        assertTrue(set.missing());
        assertArrayEquals(values, DataSets.values(set, 0, 2).values());
      }
    }
    assertFalse(DataSets.of(new Matrix(1, 1, new float[] {1})).missing());
    assertDataError(() -> DataSets.of(new Matrix(1, 1, new float[] {NAN})), "row 0, column 0");
  }

  @Test
  void aMaskHidesValues() {
    DataSet set = DataSets.of(new Matrix(2, 2, new float[] {1, 2, 3, 4}));
    DataSet mask = DataSets.of(new Matrix(2, 2, new float[] {1, 0, 0, 1}));
    DataSet seen = DataViews.masked(set, mask);
    assertTrue(seen.missing());
    assertArrayEquals(new float[] {1, NAN, NAN, 4}, DataSets.values(seen, 0, 2).values());
    DataSet second = DataSets.rows(seen, new int[] {1});
    assertTrue(second.missing());
    assertArrayEquals(new float[] {NAN, 4}, DataSets.values(second, 0, 1).values());
  }

  @Test
  void aMaskHidesGreyValues() throws IOException {
    Path file = Bytes.idx(0x08, 1, 1, 2).u8(51).u8(255).write(folder.resolve("grey"));
    try (DataSet grey = DataSets.open("idx:" + file)) {
      DataSet seen = DataViews.masked(grey, DataSets.of(new Matrix(1, 2, new float[] {1, 0})));
      assertEquals(DType.FLOAT32, seen.type());
      assertEquals(grey.image(), seen.image());
      assertArrayEquals(new float[] {51 / 255f, NAN}, DataSets.values(seen, 0, 1).values(), 1e-7f);
    }
  }

  @Test
  void aMaskOfAnotherShapeOrWithOtherNumbersIsRefused() {
    DataSet set = DataSets.of(new Matrix(2, 2, new float[4]));
    assertDataError(
        () -> DataViews.masked(set, DataSets.of(new Matrix(2, 1, new float[2]))),
        "expected a mask of 2 x 2 values",
        "given 2 x 1");
    assertDataError(
        () -> DataViews.masked(set, DataSets.of(new Matrix(1, 2, new float[2]))), "given 1 x 2");
    assertDataError(
        () -> DataViews.masked(set, DataSets.of(new Matrix(2, 2, new float[] {1, 0, 0.5f, 1}))),
        "row 1, column 0",
        "0.5",
        "a mask is 0 where a value is missing, else 1");
  }

  @Test
  void whatIsMissingStaysSoWhenItIsBinarised() {
    float[] values = {0, 1, NAN, 1};
    DataSet drawn = DataSets.binarizeFixed(DataSets.ofMissing(new Matrix(2, 2, values)), 3);
    assertEquals(DType.FLOAT32, drawn.type());
    assertTrue(drawn.missing());
    assertArrayEquals(values, DataSets.values(drawn, 0, 2).values());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.ArrayOptions.Layout;
import io.github.vae4j.tensor.Matrix;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rows that get the shape of an image or a series. */
class ShapedRowsTest {
  private static final ImageShape WINDOW = ImageShape.series(2, 3);

  private final DataSet rows =
      DataSets.of(new float[][] {{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}});

  @Test
  void valuesStayInTheirOrder() {
    DataSet shaped = DataViews.shaped(rows, WINDOW, null);
    assertEquals(WINDOW, shaped.image());
    assertArrayEquals(DataSets.values(rows, 0, 2).values(), DataSets.values(shaped, 0, 2).values());
    assertSame(shaped, DataViews.shaped(shaped, WINDOW, Layout.NHWC));
    assertNull(rows.image());
  }

  @Test
  void channelsThatComeFirstArePutLast() {
    DataSet shaped = DataViews.shaped(rows, WINDOW, Layout.NCHW);
    assertEquals(WINDOW, shaped.image());
    float[] second = DataSets.values(shaped, 1, 1).values();
    assertArrayEquals(new float[] {6, 8, 10, 7, 9, 11}, second);
    // A place is that in the file.
    assertTrue(shaped.place(1, 1).contains("column 2 "), shaped.place(1, 1));
  }

  @Test
  void namesMoveWithTheirColumns() {
    DataSet named = DataViews.named(rows, List.of("r0", "r1", "g0", "g1", "b0", "b1"));
    List<String> names =
        Objects.requireNonNull(DataViews.shaped(named, WINDOW, Layout.NCHW).columns());
    assertEquals(List.of("r0", "g0", "b0", "r1", "g1", "b1"), names);
    assertEquals(named.columns(), DataViews.shaped(named, WINDOW, null).columns());
  }

  @Test
  void anotherNumberOfValuesIsRefusedWithBoth() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> DataViews.shaped(rows, new ImageShape(3, 4, 1), null));
    String message = String.valueOf(e.getMessage());
    assertEquals(
        "shape: expected height x width x channels = 6, the values of a row of memory, given"
            + " 4 x 3 x 1 = 12",
        message);
  }

  @Test
  void imagesHaveAnyNumberOfChannels() {
    DataSet nine = DataSets.of(Matrix.zeros(2, 36), new ImageShape(2, 2, 9));
    assertEquals(new ImageShape(2, 2, 9), nine.image());
    assertFalse(new ImageShape(2, 2, 9).hasColours());
    assertTrue(new ImageShape(2, 2, 3).hasColours() && new ImageShape(2, 2, 1).hasColours());
    assertTrue(WINDOW.isSeries() && !new ImageShape(2, 2, 9).isSeries());
    assertThrows(IllegalArgumentException.class, () -> new ImageShape(2, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> ImageShape.series(1 << 30, 2));
  }
}

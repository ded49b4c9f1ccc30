// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class DataSetsTest {
  private static final float[][] ROWS = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};

  @Test
  void rowsInMemoryAreFloats() {
    DataSet set = DataSets.of(ROWS);
    assertEquals(4, set.rows());
    assertEquals(2, set.features());
    assertEquals(DType.FLOAT32, set.type());
    assertEquals(1, set.scale());
    assertNull(set.image());
    assertEquals(-1, set.label(3));
    assertTrue(set.resident());
    assertArrayEquals(new float[] {3, 4, 5, 6}, DataSets.values(set, 1, 2).values());
  }

  @Test
  void matrixIsCopiedAndMayBeImages() {
    float[] values = {0, 0.25f, 0.5f, 1};
    DataSet set = DataSets.of(new Matrix(1, 4, values), new ImageShape(2, 2, 1));
    values[0] = 9;
    assertArrayEquals(new float[] {0, 0.25f, 0.5f, 1}, DataSets.values(set, 0, 1).values());
    assertEquals(new ImageShape(2, 2, 1), set.image());
    Thrown.says(
        IllegalArgumentException.class,
        () -> DataSets.of(new Matrix(1, 4, values), new ImageShape(3, 2, 1)),
        "expected 4 values");
  }

  @Test
  void rowsOverAMatrixAreItsOwn() {
    float[] values = {1, 2, 3, 4, 5, 6};
    DataSet set = DataSets.over(new Matrix(3, 2, values));
    assertTrue(set.resident());
    values[2] = 9;
    assertArrayEquals(new float[] {9, 4, 5, 6}, DataSets.values(set, 1, 2).values());
    ByteBuffer target = ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder());
    target.position(4);
    set.read(2, 1, target);
    assertEquals(12, target.position());
    assertEquals(6, target.getFloat(8));
    set.close();
    Thrown.says(IllegalStateException.class, () -> DataSets.values(set, 0, 1), "closed");
    assertDataError(() -> DataSets.over(new Matrix(0, 3, new float[0])), "empty");
    values[3] = Float.NaN;
    assertDataError(() -> DataSets.over(new Matrix(3, 2, values)), "row 1, column 1", "NaN");
  }

  @Test
  void largeRowsAreCopiedAndCheckedInBlocks() {
    Matrix rows = Matrix.zeros(3, 10_000);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = i;
    }
    DataSet set = DataSets.of(rows);
    assertArrayEquals(rows.row(2), DataSets.values(set, 2, 1).values());
    rows.values()[29_999] = Float.POSITIVE_INFINITY;
    assertDataError(() -> DataSets.of(rows), "row 2, column 9999", "Infinity");
    assertDataError(() -> DataSets.ofMissing(rows), "row 2, column 9999", "Infinity");
    rows.values()[29_999] = Float.NaN;
    assertTrue(DataSets.ofMissing(rows).missing());
    assertDataError(() -> DataSets.of(rows), "row 2, column 9999", "NaN");
  }

  @Test
  void readAdvancesItsTargetAndChecksItsArguments() {
    DataSet set = DataSets.of(ROWS);
    ByteBuffer target = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
    target.position(4);
    set.read(2, 2, target);
    assertEquals(20, target.position());
    assertEquals(5, target.getFloat(4));
    assertEquals(8, target.getFloat(16));
    Thrown.says(IllegalArgumentException.class, () -> set.read(0, 1, target), "8 bytes", "4 bytes");
    ByteBuffer swapped = ByteBuffer.allocate(8).order(other(ByteOrder.nativeOrder()));
    Thrown.says(IllegalArgumentException.class, () -> set.read(0, 1, swapped), "native order");
    Thrown.says(IndexOutOfBoundsException.class, () -> set.read(3, 2, target));
    Thrown.says(IndexOutOfBoundsException.class, () -> set.label(4));
  }

  @Test
  void valuesThatNoHeapHoldsAreNamed() {
    DataSet wide = DataSets.of(Matrix.zeros(1, 1 << 16));
    DataSet many = DataSets.rows(wide, new int[1 << 15]);
    assertDataError(
        () -> DataSets.values(many, 0, many.rows()),
        many.name() + ": 8192 MiB do not fit into the Java heap of ");
  }

  @Test
  void closedSetCannotBeRead() {
    DataSet set = DataSets.of(ROWS);
    set.close();
    Thrown.says(IllegalStateException.class, () -> DataSets.values(set, 0, 1), "closed");
  }

  @Test
  void badRowsInMemory() {
    assertDataError(() -> DataSets.of(new float[0][]), "empty");
    assertDataError(() -> DataSets.of(new Matrix(0, 3, new float[0])), "empty");
    assertDataError(() -> DataSets.of(new float[][] {{1, 2}, {3}}), "row 1 has 1", "row 0 has 2");
    assertDataError(
        () -> DataSets.of(new float[][] {{1, 2}, {3, Float.NaN}}), "row 1, column 1", "NaN");
    assertDataError(
        () -> DataSets.of(new Matrix(1, 2, new float[] {Float.NEGATIVE_INFINITY, 0})),
        "row 0, column 0",
        "-Infinity");
  }

  @Test
  void viewsReadTheirRowsInOrder() {
    DataSet set = DataSets.of(ROWS);
    DataSet view = DataSets.rows(set, new int[] {3, 0, 1, 3});
    assertArrayEquals(new float[] {7, 8, 1, 2, 3, 4, 7, 8}, DataSets.values(view, 0, 4).values());
    assertArrayEquals(new float[] {1, 2, 3, 4}, DataSets.values(view, 1, 2).values());
    view.close();
    DataSet nested = DataSets.rows(view, new int[] {2});
    assertArrayEquals(new float[] {3, 4}, DataSets.values(nested, 0, 1).values());
    Thrown.says(IllegalArgumentException.class, () -> DataSets.rows(set, new int[0]), "1 row");
    Thrown.says(IndexOutOfBoundsException.class, () -> DataSets.rows(set, new int[] {4}), "4");
  }

  @Test
  void headIsTheFirstRows() {
    DataSet set = DataSets.of(ROWS);
    assertArrayEquals(
        new float[] {1, 2, 3, 4}, DataSets.values(DataSets.head(set, 2), 0, 2).values());
    assertEquals(4, DataSets.head(set, 100).rows());
    Thrown.says(IllegalArgumentException.class, () -> DataSets.head(set, 0), "head");
  }

  @Test
  void unknownSpecificationListsTheForms() {
    for (String spec : new String[] {"mnist:validation", "nothing", "data.parquet", ""}) {
      Thrown.says(
          IllegalArgumentException.class,
          () -> DataSets.open(spec),
          "mnist:test",
          "idx:FILE",
          "FILE.npy",
          "FILE.npz:ARRAY",
          "FILE.csv",
          "FOLDER/",
          "given \"" + spec + "\"");
    }
  }

  private static ByteOrder other(ByteOrder order) {
    return order == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }
}

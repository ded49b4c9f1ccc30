// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that are labels, covariates or weights, and the notes of rows in views. */
class RowRolesTest {
  private static final RowRoles ALL = new RowRoles("class", "age, dose", "w");

  @TempDir Path folder;

  private DataSet table(String text) throws IOException {
    return DataSets.open(Files.writeString(folder.resolve("table.csv"), text).toString());
  }

  private DataSet patients() throws IOException {
    return ALL.apply(table("a,class,age,b,w,dose\n1,2,30,2,0.5,7\n3,0,40,4,1.5,8\n5,1,50,6,0,9\n"));
  }

  @Test
  void theOtherColumnsAreModelled() throws IOException {
    DataSet set = patients();
    assertEquals(List.of("a", "b"), set.columns());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, DataSets.values(set, 0, 3).values());
    assertEquals(2, set.label(0));
    assertEquals(0.5f, set.weight(0));
    DataSet given = Objects.requireNonNull(set.covariates());
    assertEquals(List.of("age", "dose"), given.columns());
    assertArrayEquals(new float[] {30, 7, 40, 8, 50, 9}, DataSets.values(given, 0, 3).values());
  }

  @Test
  void viewsKeepWhatTheirRowsCarry() throws IOException {
    for (DataSet set :
        List.of(
            DataSets.rows(patients(), new int[] {2, 1}),
            DataSets.rows(DataSets.rows(patients(), new int[] {0, 2, 1}), new int[] {1, 2}))) {
      assertEquals(1, set.label(0));
      assertEquals(0, set.label(1));
      assertEquals(0, set.weight(0));
      assertEquals(1.5f, set.weight(1));
      DataSet given = Objects.requireNonNull(set.covariates());
      assertArrayEquals(new float[] {50, 9, 40, 8}, DataSets.values(given, 0, 2).values());
    }
    DataSet some = DataSets.head(patients(), 2);
    assertArrayEquals(
        new float[] {0.5f, 1.5f}, DataSets.values(DataViews.weights(some), 0, 2).values(), 1e-6f);
  }

  @Test
  void arraysNameColumnsByNumber() {
    DataSet set = DataSets.of(new Matrix(2, 3, new float[] {1, 0, 3, 4, 2, 6}));
    DataSet rows = new RowRoles("1", null, null).apply(set);
    assertArrayEquals(new float[] {1, 3, 4, 6}, DataSets.values(rows, 0, 2).values());
    assertEquals(2, rows.label(1));
    assertFalse(rows.weighted());
    assertNull(rows.covariates());
    assertSame(set, RowRoles.NONE.apply(set));
    assertDataError(
        () -> new RowRoles(null, "3", null).apply(set),
        "has no column \"3\" for the covariates",
        "numbers 0 to 2");
    assertDataError(() -> new RowRoles("0", "1,2", null).apply(set), "nothing is modelled");
  }

  @Test
  void columnsThatAreNotThereOrNamedTwice() throws IOException {
    DataSet set = table("a,b\n1,2\n");
    assertDataError(
        () -> new RowRoles("c", null, null).apply(set), "no column \"c\" for the labels", "a, b");
    assertDataError(() -> new RowRoles("a", null, "0").apply(set), "column a is named twice");
  }

  @Test
  void labelsAreWholeNumbers() throws IOException {
    for (String label : List.of("1.5", "-1", "3e9")) {
      DataSet set = table("a,class\n1,0\n1," + label + "\n");
      assertDataError(
          () -> new RowRoles("class", null, null).apply(set),
          "line 3, column 2 (class) is ",
          "labels are 0, 1, 2, ...");
    }
  }

  @Test
  void covariatesAreKnown() throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), "a,age\n1,2\n,\n");
    DataSet set = DataSets.open(file.toString(), OpenOptions.defaults().withMissing(true));
    assertDataError(
        () -> new RowRoles(null, "age", null).apply(set), "line 3, covariate age is missing");
    assertDataError(
        () -> new RowRoles("age", null, null).apply(set), "line 3, column 2 (age) is NaN");
    assertDataError(() -> new RowRoles(null, null, "age").apply(set), "line 3 has weight NaN");
  }

  @Test
  void weightsAreNotNegativeAndNotAllZero() {
    DataSet set = DataSets.of(new Matrix(3, 1, new float[3]));
    for (float bad : new float[] {-0.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertDataError(
          () -> DataViews.weighted(set, new float[] {1, bad, 1}), "row 1 has weight " + bad);
    }
    assertDataError(() -> DataViews.weighted(set, new float[3]), "rows 0 to 2 all have weight 0");
    assertDataError(() -> DataViews.weighted(set, new float[] {1, 1}), "3 rows but 2 weights");
  }

  @Test
  void weightsAreInUnitsOfTheirMean() {
    DataSet set =
        DataViews.weighted(DataSets.of(new Matrix(4, 1, new float[4])), new float[] {1, 0, 3, 12});
    assertArrayEquals(
        new float[] {0.25f, 0, 0.75f, 3}, DataSets.values(DataViews.weights(set), 0, 4).values());
  }

  @Test
  void labelsOneHot() {
    DataSet set = DataViews.labelled(DataSets.of(new Matrix(2, 1, new float[2])), new int[] {2, 0});
    assertArrayEquals(
        new float[] {0, 0, 1, 1, 0, 0}, DataSets.values(DataViews.oneHot(set, 3), 0, 2).values());
    assertDataError(
        () -> DataViews.oneHot(set, 2), "row 0 has label 2", "conditional on labels 0 to 1");
    assertDataError(
        () -> DataViews.oneHot(DataSets.of(new Matrix(2, 1, new float[2])), 2),
        "row 0 has no label");
    assertDataError(() -> DataViews.labelled(set, new int[] {0, -7}), "row 1 has label -7");
    assertDataError(() -> DataViews.labelled(set, new int[] {0}), "2 rows but 1 labels");
  }
}

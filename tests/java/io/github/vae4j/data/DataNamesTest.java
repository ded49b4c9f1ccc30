// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns and classes of later data are found by the names of the training data. */
class DataNamesTest {
  private static final DataNames ABC = new DataNames(List.of("a", "b", "c"), null, null);

  @TempDir Path folder;

  private DataSet table(String text) throws IOException {
    return DataSets.open(Files.writeString(folder.resolve("t.csv"), text).toString());
  }

  private static void assertValues(DataSet set, float... expected) {
    assertArrayEquals(expected, DataSets.values(set, 0, set.rows()).values());
  }

  @Test
  void reorderedColumnsAreFound() throws IOException {
    DataSet matched = ABC.match(table("c,a,b\n3,1,2\n6,4,5\n"));
    assertEquals(List.of("a", "b", "c"), matched.columns());
    assertValues(matched, 1, 2, 3, 4, 5, 6);
    assertEquals(List.of(), matched.remarks());
    assertEquals("line 3, column 1 (c)", matched.place(1, 2));
    DataSet same = table("a,b,c\n1,2,3\n");
    assertSame(same, ABC.match(same));
  }

  @Test
  void furtherColumnsAreLeftOutWithARemark() throws IOException {
    DataSet matched = ABC.match(table("x,c,a,y,b\n9,3,1,8,2\n"));
    assertValues(matched, 1, 2, 3);
    assertEquals(1, matched.remarks().size());
    assertTrue(matched.remarks().get(0).contains("leaves out columns x, y"));
  }

  @Test
  void missingColumnsAreNamed() throws IOException {
    DataSet set = table("a,B,d\n1,2,3\n");
    assertDataError(() -> ABC.match(set), "has no column \"b\", \"c\"", "it has a, B, d");
  }

  @Test
  void duplicatesAreRefusedWhereAChoiceIsNeeded() throws IOException {
    DataSet set = table("b,a,c,a\n2,1,3,4\n");
    assertTrue(set.remarks().get(0).contains("columns 2 and 4 are both named \"a\""));
    assertDataError(() -> ABC.match(set), "it has several columns \"a\"");
    assertDataError(() -> new RowRoles("a", null, null).apply(set), "several columns \"a\"");
    DataNames twice = new DataNames(List.of("a", "a"), null, null);
    assertDataError(() -> twice.match(set), "training data has several columns \"a\"");
    DataSet same = table("a,a\n1,2\n");
    assertSame(same, twice.match(same));
    assertValues(ABC.match(table("x,a,x,b,c\n9,1,9,2,3\n")), 1, 2, 3);
  }

  @Test
  void namelessRowsKeepTheirOrder() {
    DataSet set = DataSets.of(new Matrix(1, 3, new float[] {1, 2, 3}));
    assertSame(set, ABC.match(set));
    assertSame(set, DataNames.NONE.match(set));
    ABC.check(set);
  }

  @Test
  void otherOrdersAreRefusedByTheCheck() {
    DataSet set = DataSets.of(new Matrix(1, 3, new float[] {1, 2, 3}));
    DataSet other = DataViews.named(set, List.of("a", "c", "b"));
    assertDataError(
        () -> ABC.check(other), "column 2 is \"c\", that of the model \"b\"", "DataNames.match");
    ABC.check(DataViews.named(set, List.of("a", "b", "c")));
    assertDataError(() -> DataViews.named(set, List.of("a")), "3 columns, given 1 names");
  }

  @Test
  void covariatesAreFoundByName() throws IOException {
    DataSet train = new RowRoles(null, "u,v", null).apply(table("a,u,v\n1,2,3\n"));
    DataNames names = DataNames.of(train);
    assertEquals(new DataNames(List.of("a"), List.of("u", "v"), null), names);
    DataSet other = new RowRoles(null, "v,u", null).apply(table("a,u,v\n1,2,3\n"));
    assertDataError(() -> names.check(other), "covariate 1 is \"v\", that of the model \"u\"");
    assertValues(Objects.requireNonNull(names.match(other).covariates()), 2, 3);
  }

  @Test
  void classesAreFoundByName() throws IOException {
    DataSet set =
        DataViews.labelled(DataSets.of(new Matrix(3, 1, new float[3])), new int[] {0, 1, 2});
    DataSet named =
        new RowDataSet(
            DataInfo.of(set).withNotes(RowNotes.of(set).withClasses(List.of("bird", "cat", "dog"))),
            new DataViews.Same(set));
    DataSet matched = new DataNames(null, null, List.of("cat", "bird")).match(named);
    assertEquals(1, matched.label(0));
    assertEquals(0, matched.label(1));
    assertEquals(2, matched.label(2));
    assertEquals(List.of("cat", "bird", "dog"), matched.classes());
    assertTrue(matched.remarks().get(0).contains("not trained with the classes dog"));
    assertDataError(() -> DataViews.oneHot(matched, 2), "row 2 has label 2 (dog)", "labels 0 to 1");
  }

  @Test
  void aNameWinsOverANumber() throws IOException {
    DataSet set = table("1,0,x\n5,6,7\n");
    DataSet rows = new RowRoles("0", null, null).apply(set);
    assertEquals(6, rows.label(0));
    assertValues(rows, 5, 7);
    assertEquals(1, rows.remarks().size());
    assertTrue(rows.remarks().get(0).contains("0 is taken as the name of a column"));
    DataSet plain = new RowRoles("x", null, null).apply(set);
    assertEquals(List.of(), plain.remarks());
    assertEquals(7, new RowRoles("2", null, null).apply(set).label(0));
  }
}

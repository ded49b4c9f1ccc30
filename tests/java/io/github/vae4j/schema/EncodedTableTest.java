// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.data.Table;
import io.github.vae4j.likelihood.StudentT;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Scaling.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of tables as the features of a schema. */
final class EncodedTableTest {
  private static final float GONE = Float.NaN;

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              column("id", new Kind.Out(Kind.Reason.ID)),
              column("at", time()),
              column("amount", number(Rule.LOG, 0, 1, 2)),
              column("size", number(Rule.STANDARD, 0, 10, 5)),
              column("claims", new Kind.Count(9)),
              column("sex", new Kind.Binary("m", "f")),
              column("land", new Kind.Categorical(List.of("DE", "FR"), List.of("LI"), false)),
              column("shop", new Kind.Categorical(List.of("a"), List.of("b"), true)),
              column("y", new Kind.Label(List.of("ok", "fraud"))),
              column("w", new Kind.Weight()),
              column("area", new Kind.Condition(new Kind.Binary("n", "s")))),
          Reading.DEFAULTS);

  private static final Features FEATURES = new Features(SCHEMA);
  private static final String HEADER = "id,at,amount,size,claims,sex,land,shop,y,w,area\n";

  @TempDir Path folder = Path.of("");

  private static Column column(String name, Kind kind) {
    return new Column(name, kind, 0, "");
  }

  private static Kind number(Rule rule, double offset, double center, double scale) {
    return new Kind.Numeric(new Scaling(rule, offset, center, scale), 0, 100, 0.01, 2);
  }

  private static Kind time() {
    return new Kind.Datetime(
        TimeFormat.DATETIME, new Scaling(Rule.STANDARD, 0, 0, 86400), 0, 1, true, true, 1, true);
  }

  private EncodedTable read(String text, Absent absent, BadRows badRows) throws Exception {
    Path file = Files.writeString(folder.resolve("t.csv"), text);
    try (Table table = Table.open(file.toString(), Reading.DEFAULTS.options())) {
      return EncodedTable.read(FEATURES, table, absent, badRows, share -> {});
    }
  }

  private EncodedTable read(String rows) throws Exception {
    return read(HEADER + rows, Absent.REFUSE, BadRows.fail());
  }

  private static float[] row(EncodedTable table, int row) {
    return DataSets.values(table.set(), row, 1).values();
  }

  private static float[] levels(int width, int one) {
    float[] levels = new float[width];
    if (one < 0) {
      Arrays.fill(levels, GONE);
    } else {
      levels[one] = 1;
    }
    return levels;
  }

  private static float[] joined(float[]... parts) {
    float[] all = new float[FEATURES.width()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    assertEquals(all.length, at);
    return all;
  }

  @Test
  void everyKindHasItsFeatures() throws Exception {
    EncodedTable table = read("T1,1970-01-03T05:30:00,7.38905609893065,20,3,f,FR,a,fraud,2.5,s\n");
    float day = (2 * 86400 + 5.5f * 3600) / 86400;
    assertArrayEquals(
        joined(
            new float[] {day, 0.5f, 2, 3},
            levels(3, 1),
            levels(4, 1),
            levels(2, 0),
            levels(24, 5),
            levels(7, 5)),
        row(table, 0),
        1e-6f);
    DataSet set = table.set();
    assertEquals(1, set.label(0));
    assertEquals(List.of("ok", "fraud"), set.classes());
    assertEquals(2.5f, set.weight(0));
    assertEquals("line 2", set.place(0));
    assertTrue(set.missing());
    double slopes = -Math.log(86400) - Math.log(2) - Math.log(7.38905609893065) - Math.log(5);
    assertEquals(slopes, set.logJacobian(0), 1e-9);
    DataSet given = assertNotNullSet(set.covariates());
    assertArrayEquals(new float[] {0, 1, 0}, DataSets.values(given, 0, 1).values());
    List<String> names = assertNotNullList(set.columns());
    assertEquals(List.of("at", "amount", "size", "claims", "sex=m"), names.subList(0, 5));
    assertEquals("land=(unseen)", names.get(10));
    assertEquals("at=Sun", names.get(names.size() - 1));
    assertTrue(table.unseen().entries().isEmpty());
  }

  private static DataSet assertNotNullSet(@Nullable DataSet set) {
    assertNotNull(set);
    return set;
  }

  private static List<String> assertNotNullList(@Nullable List<String> list) {
    assertNotNull(list);
    return list;
  }

  @Test
  void missingValuesAreNaN() throws Exception {
    EncodedTable table = read(",NA,?,-,null,None,N/A,nan,,1,n\n");
    float[] all = new float[FEATURES.width()];
    Arrays.fill(all, GONE);
    assertArrayEquals(all, row(table, 0));
    assertEquals(0, table.set().logJacobian(0));
    assertEquals(-1, table.set().label(0));
  }

  @Test
  void rareAndUnseenTextsHaveLevels() throws Exception {
    String rest = "1,1,1,";
    EncodedTable table =
        read(
            "1,,"
                + rest
                + "x,LI,zz,ok,1,n\n2,,"
                + rest
                + "m,XX,b,other,1,q\n3,,"
                + rest
                + "m,XY,b,ok,1,q\n");
    float[] first = row(table, 0);
    float[] second = row(table, 1);
    assertArrayEquals(levels(3, 2), Arrays.copyOfRange(first, 4, 7));
    assertArrayEquals(levels(4, 2), Arrays.copyOfRange(first, 7, 11));
    assertArrayEquals(levels(2, 1), Arrays.copyOfRange(first, 11, 13));
    assertArrayEquals(levels(4, 3), Arrays.copyOfRange(second, 7, 11));
    assertEquals(
        Map.of(
            "sex", new Unseen.Entry("x", "line 2", 1),
            "land", new Unseen.Entry("XX", "line 3", 2),
            "area", new Unseen.Entry("q", "line 3", 2),
            "y", new Unseen.Entry("other", "line 3", 1)),
        table.unseen().entries());
    assertEquals(-1, table.set().label(1));
    assertTrue(
        table
            .set()
            .remarks()
            .contains(
                table.set().name()
                    + ": column \"land\": 2 texts are no levels of the schema, the first \"XX\" in"
                    + " line 3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "amount | 12,5 | column \"amount\": \"12,5\" is no number; Numerals.decimal",
        "size | abc | column \"size\": \"abc\" is no number; if it stands for a missing value",
        "size | 1e999 | column \"size\": \"1e999\" is no number",
        "claims | 1.5 | column \"claims\": \"1.5\" is no count: 0, 1, 2",
        "claims | -1 | column \"claims\": \"-1\" is no count",
        "at | 31.12.2026 | column \"at\": \"31.12.2026\" is no time of the format iso-datetime",
        "w | -2 | column \"w\": \"-2\" is no weight",
        "w | ? | column \"w\": \"?\" is no weight",
        "area | ? | column \"area\": a value of the condition is missing"
      })
  void badCellsNameLineColumnAndReason(String column, String text, String reason) throws Exception {
    List<String> names = List.of(HEADER.strip().split(","));
    List<String> good = List.of("1", "", "1", "1", "1", "m", "DE", "a", "ok", "1", "n");
    List<String> bad = new ArrayList<>(good);
    bad.set(names.indexOf(column), '"' + text + '"');
    String rows = String.join(",", good) + "\n" + String.join(",", bad) + "\n";
    DataException refused = assertThrows(DataException.class, () -> read(rows));
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith(folder.resolve("t.csv") + ": line 3: " + reason),
        refused.getMessage());
    BadRows skip = BadRows.skip();
    EncodedTable table = read(HEADER + rows, Absent.REFUSE, skip);
    assertEquals(1, table.set().rows());
    assertEquals(1, skip.count());
    assertTrue(skip.entries().get(0).reason().startsWith(reason));
    assertTrue(
        table.set().remarks().get(0).contains(": leaves out 1 bad row, the first in line 3: "));
  }

  @Test
  void aTableOfBadRowsIsRefused() {
    DataException refused =
        assertThrows(
            DataException.class,
            () -> read(HEADER + "1,,x,1,1,m,DE,a,ok,1,n\n", Absent.REFUSE, BadRows.skip()));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("all of its 1 rows are bad"));
  }

  @Test
  void columnsAreFoundByTheirNames() throws Exception {
    EncodedTable table =
        read(
            "area,new,size,w,amount,y,claims,at,land,shop,sex\ns,7,20,2.5,7.38905609893065,fraud,3,"
                + "1970-01-03T05:30:00,FR,a,f\n",
            Absent.REFUSE,
            BadRows.fail());
    EncodedTable same = read("T1,1970-01-03T05:30:00,7.38905609893065,20,3,f,FR,a,fraud,2.5,s\n");
    assertArrayEquals(row(same, 0), row(table, 0));
    assertEquals(
        List.of(table.set().name() + ": leaves out \"new\", which the model was not trained with"),
        table.set().remarks());
  }

  @Test
  void absentColumnsAreRefusedOrMissing() throws Exception {
    String text = "at,amount,claims,sex,area\n1970-01-01,1,1,m,n\n";
    DataException refused =
        assertThrows(DataException.class, () -> read(text, Absent.REFUSE, BadRows.fail()));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains(
                ": has no column \"size\", \"land\", \"shop\", which the model was trained with; it"
                    + " has \"at\", \"amount\", \"claims\", \"sex\", \"area\"; RowEncoder.Absent.MISSING takes"),
        refused.getMessage());
    EncodedTable table = read(text, Absent.MISSING, BadRows.fail());
    assertTrue(Float.isNaN(row(table, 0)[2]));
    assertFalse(table.set().weighted());
    assertEquals(
        List.of(
            table.set().name()
                + ": has no column \"size\", \"land\", \"shop\": all values are missing"),
        table.set().remarks());
    assertThrows(
        DataException.class, () -> read("at,amount\n,1\n", Absent.MISSING, BadRows.fail()));
    assertThrows(DataException.class, () -> read("area\nn\n", Absent.MISSING, BadRows.fail()));
  }

  @Test
  void rowsBeyondTheLimitAreOnDiskAndEqual() throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      rows.append("1,,").append(1 + i % 13).append(',').append(i).append(",1,m,DE,a,ok,1,n\n");
    }
    EncodedTable resident = read(rows.toString());
    String before = System.setProperty(OpenOptions.RESIDENT_PROPERTY, "20000");
    try {
      EncodedTable disk = read(rows.toString());
      assertTrue(resident.set().resident());
      assertFalse(disk.set().resident());
      assertArrayEquals(
          DataSets.values(resident.set(), 0, 500).values(),
          DataSets.values(disk.set(), 0, 500).values());
    } finally {
      if (before == null) {
        System.clearProperty(OpenOptions.RESIDENT_PROPERTY);
      } else {
        System.setProperty(OpenOptions.RESIDENT_PROPERTY, before);
      }
    }
  }

  @Test
  void theLikelihoodHasAPartForEachMeaning() {
    assertEquals(
        "composite:0-2=student-t:nu=4;3=negative-binomial;4-6=multinomial:total=1;"
            + "7-10=multinomial:total=1;11-12=multinomial:total=1;13-36=multinomial:total=1;"
            + "37-43=multinomial:total=1",
        FEATURES.likelihood(new StudentT(4)).toString());
  }
}

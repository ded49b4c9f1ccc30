// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.Table;
import io.github.vae4j.schema.Kind.Reason;
import io.github.vae4j.schema.Scaling.Rule;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules by which kinds are inferred, and the user's choices against them. */
final class SchemaInferenceTest {
  @TempDir Path folder = Path.of("");

  private Kind kind(String name, IntFunction<String> row) {
    return Tables.kind(folder, name, 400, row);
  }

  private static void leftOut(Reason reason, Kind kind) {
    assertEquals(new Kind.Out(reason), kind);
  }

  @Test
  void numbersAreNumeric() {
    Random random = new Random(1);
    Kind.Numeric kind =
        assertInstanceOf(
            Kind.Numeric.class,
            kind("age", i -> String.format("%.1f", 40 + 10 * random.nextGaussian())));
    assertEquals(Rule.STANDARD, kind.scaling().rule());
    assertEquals(40, kind.scaling().center(), 1.5);
    assertEquals(10, kind.scaling().scale(), 1);
    assertEquals(0.1, kind.resolution(), 1e-9);
    assertEquals(1, kind.decimals());
    assertTrue(kind.least() > 0 && kind.greatest() < 80);
  }

  @Test
  void aHeavyTailOfPositiveValuesIsLogarithmic() {
    Random random = new Random(2);
    Kind.Numeric kind =
        assertInstanceOf(
            Kind.Numeric.class,
            kind("amount", i -> String.format("%.2f", Math.exp(3 + 1.5 * random.nextGaussian()))));
    assertEquals(Rule.LOG, kind.scaling().rule());
    assertEquals(3, kind.scaling().center(), 0.3);
    assertEquals(1.5, kind.scaling().scale(), 0.2);
    assertEquals(0, kind.scaling().offset());
  }

  @Test
  void otherHeavyTailsAreRobust() {
    Random random = new Random(3);
    IntFunction<String> zeros =
        i -> i % 3 == 0 ? "0" : String.format("%.2f", Math.exp(3 * random.nextGaussian()));
    IntFunction<String> outliers =
        i -> String.format("%.4f", random.nextGaussian() * (i % 50 == 0 ? 100 : 1));
    for (IntFunction<String> values : List.of(zeros, outliers)) {
      Kind.Numeric kind = assertInstanceOf(Kind.Numeric.class, kind("paid", values));
      assertEquals(Rule.ROBUST, kind.scaling().rule());
      assertEquals(kind.least(), kind.scaling().knots().get(0));
    }
  }

  @Test
  void smallSkewedWholeNumbersAreCounts() {
    Random random = new Random(5);
    assertEquals(
        new Kind.Count(3),
        kind("claims", i -> Integer.toString(i == 7 ? 3 : random.nextInt(20) / 17)));
  }

  @Test
  void otherWholeNumbersAreNoCounts() {
    assertInstanceOf(Kind.Numeric.class, kind("score", i -> Integer.toString(i * 7 % 16)));
    assertInstanceOf(Kind.Numeric.class, kind("year", i -> Integer.toString(1990 + i * i % 30)));
  }

  @Test
  void twoTextsAreBinary() {
    assertEquals(new Kind.Binary("0", "1"), kind("flag", i -> i % 9 == 0 ? "1" : "0"));
    assertEquals(new Kind.Binary("no", "Yes"), kind("flag", i -> i % 3 > 0 ? "Yes" : "no"));
    assertEquals(new Kind.Binary("m", "f"), kind("sex", i -> i % 3 == 0 ? "f" : "m"));
    assertEquals(new Kind.Binary("1.5", "10"), kind("dose", i -> i % 3 == 0 ? "1.5" : "10"));
  }

  @Test
  void repeatedTextsAreLevelsAndRareOnesOther() {
    Kind.Categorical kind =
        assertInstanceOf(
            Kind.Categorical.class,
            kind(
                "currency", i -> i == 5 ? "CHF" : i % 4 == 0 ? "USD" : i % 7 == 0 ? "GBP" : "EUR"));
    assertEquals(List.of("EUR", "USD", "GBP"), kind.levels());
    assertEquals(List.of("CHF"), kind.rare());
    assertFalse(kind.open());
  }

  @Test
  void aManyOfLevelsKeepsTheFrequentOnes() {
    Kind.Categorical kind =
        assertInstanceOf(Kind.Categorical.class, kind("shop", i -> "s" + (int) Math.sqrt(i * 90)));
    assertTrue(kind.levels().size() <= 100);
    assertTrue(kind.hasOther());
  }

  @Test
  void datesAndTimesAreFound() {
    LocalDate day = LocalDate.of(2026, 1, 1);
    Kind.Datetime dates =
        assertInstanceOf(Kind.Datetime.class, kind("day", i -> day.plusDays(i % 90).toString()));
    assertEquals(TimeFormat.DATE, dates.format());
    assertFalse(dates.hour());
    assertEquals(86400, dates.resolution());
    assertTrue(dates.weekday());
    assertEquals(day.toEpochDay() * 86400.0, dates.least());
    Kind.Datetime times =
        assertInstanceOf(
            Kind.Datetime.class, kind("at", i -> day.plusDays(i % 90) + " 0" + i % 10 + ":15:00"));
    assertEquals(TimeFormat.SPACED, times.format());
    assertTrue(times.hour());
    assertTrue(times.seconds());
    assertEquals(60, times.resolution());
    Kind.Datetime offsets =
        assertInstanceOf(
            Kind.Datetime.class,
            kind("at", i -> day.plusDays(i % 3) + "T0" + i % 10 + ":15:00+01:00"));
    assertEquals(TimeFormat.OFFSET, offsets.format());
    assertFalse(offsets.weekday());
    Kind.Datetime hours =
        assertInstanceOf(
            Kind.Datetime.class, kind("at", i -> day.plusDays(i % 9) + "T0" + i % 10 + ":00"));
    assertFalse(hours.seconds());
    assertEquals(3600, hours.resolution());
  }

  @Test
  void anEpochNeedsAName() {
    IntFunction<String> seconds = i -> Long.toString(1_760_000_000L + i * 7919L % 1_000_000);
    assertEquals(
        TimeFormat.SECONDS,
        assertInstanceOf(Kind.Datetime.class, kind("created_at", seconds)).format());
    assertEquals(
        TimeFormat.MILLIS,
        assertInstanceOf(Kind.Datetime.class, kind("timestamp", i -> seconds.apply(i) + "123"))
            .format());
    assertFalse(kind("volume", seconds) instanceof Kind.Datetime);
  }

  @Test
  void namesOfRowsAreLeftOut() {
    leftOut(Reason.ID, kind("tx", i -> "T" + i * 31));
    leftOut(Reason.ID, kind("customer_id", i -> Integer.toString(i * 31 % 401)));
    leftOut(Reason.INDEX, kind("n", i -> Integer.toString(i + 1)));
    leftOut(Reason.ID, kind("account", i -> Long.toString(9_000_000_000L + i * 7919L % 1009)));
    assertInstanceOf(Kind.Numeric.class, kind("width", i -> Integer.toString(i * 31 % 401)));
  }

  @Test
  void textsAndConstantsAreLeftOut() {
    leftOut(Reason.TEXT, kind("note", i -> "the customer number " + i + " has paid at the desk"));
    leftOut(Reason.CONSTANT, kind("version", i -> i % 4 == 0 ? "NA" : "v2"));
    leftOut(Reason.EMPTY, kind("old", i -> i % 2 == 0 ? "" : "null"));
  }

  @Test
  void aListOfManyLevelsWithoutFrequentOnesIsLeftOut() {
    Path file =
        Tables.write(folder, "place,x", 30_000, i -> "p" + i * 7919L % 14_000 + "," + i % 5 * 0.5);
    leftOut(Reason.LEVELS, Tables.infer(file, Map.of()).columns().get(0).kind());
  }

  @Test
  void missingTextsAreCounted() {
    String[] missing = {"", "NA", "nan", "NULL", "None", "N/A", "#N/A", "<NA>", "?", "-"};
    Path file =
        Tables.write(
            folder, "a,b", 100, i -> (i < 10 ? missing[i] : i * 3.7 % 11) + "," + i * 1.7 % 9);
    Column column = Tables.infer(file, Map.of()).columns().get(0);
    assertInstanceOf(Kind.Numeric.class, column.kind());
    assertEquals(0.1, column.missing());
    assertEquals("", column.remark());
  }

  @Test
  void furtherMissingTextsAreTheUsers() {
    Path file =
        Tables.write(folder, "a,b", 100, i -> (i < 10 ? "-999" : i * 3.7 % 11) + "," + i * 1.7 % 9);
    Column plain = Tables.infer(file, Map.of()).columns().get(0);
    assertEquals(0, plain.missing());
    SchemaRequest request = SchemaRequest.NONE.with(Reading.DEFAULTS.withMissing(List.of("-999")));
    assertEquals(0.1, Tables.infer(file, request).columns().get(0).missing());
  }

  @Test
  void aFewFaultsAreNoOtherKind() {
    Path file =
        Tables.write(
            folder, "a,b", 400, i -> (i == 17 ? "12;5" : i * 3.7 % 11) + "," + i * 1.7 % 9);
    Column column = Tables.infer(file, Map.of()).columns().get(0);
    assertInstanceOf(Kind.Numeric.class, column.kind());
    assertEquals("1 of its texts is no number, the first in line 19: \"12;5\"", column.remark());
  }

  @Test
  void theUserOverrules() {
    Path file =
        Tables.write(
            folder,
            "zip,grade,day,y,w,region",
            200,
            i ->
                String.join(
                    ",",
                    Integer.toString(1000 + i % 3),
                    Integer.toString(i % 5),
                    String.format("%02d.03.2026", 1 + i % 28),
                    i % 2 == 0 ? "good" : "bad",
                    Double.toString(i / 7.0),
                    i % 3 == 0 ? "north" : "south"));
    Map<String, String> kinds =
        Map.of(
            "zip", "categorical",
            "grade", "numeric:robust",
            "day", "datetime:dd.MM.yyyy",
            "y", "label",
            "w", "weight",
            "region", "condition");
    Schema schema = Tables.infer(file, kinds);
    assertEquals(
        new Kind.Categorical(List.of("1000", "1001", "1002"), List.of(), false),
        schema.columns().get(0).kind());
    Kind.Numeric grade = (Kind.Numeric) schema.columns().get(1).kind();
    assertEquals(Rule.ROBUST, grade.scaling().rule());
    Kind.Datetime day = (Kind.Datetime) schema.columns().get(2).kind();
    assertEquals(LocalDate.of(2026, 3, 1).toEpochDay() * 86400.0, day.least());
    assertEquals(new Kind.Label(List.of("bad", "good")), schema.columns().get(3).kind());
    assertEquals(new Kind.Weight(), schema.columns().get(4).kind());
    assertEquals(
        new Kind.Condition(new Kind.Binary("south", "north")), schema.columns().get(5).kind());
    assertEquals(
        List.of("zip", "grade", "day"), schema.modelled().stream().map(Column::name).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text=numeric;column \"text\": it cannot be numeric: most of its values are no numbers,"
            + " such as \"abc\" in line 2",
        "text=datetime;column \"text\": its texts, such as \"abc\", are no times that are"
            + " recognised; give their format",
        "text=datetime:dd.MM.yyyy;are no times of the format dd.MM.yyyy",
        "num=count;counts are whole numbers of 0 or more, and the column has values from -3.5",
        "num=binary;a binary column has two different texts, and this one has 100",
        "num=numeric:log;scaling log: expected values of 0 or more, given -3.5",
        "num=numeric:cube;expected numeric:standard, numeric:robust or numeric:log, given"
            + " numeric:cube",
        "num=real;kind: expected one of numeric, count, binary, categorical",
        "num=count:3;kind: count has no setting",
        "empty=categorical;the column has no values, so that it cannot be categorical",
        "empty=label;the column has no values, so that it cannot be a label",
        "text=categorical:many;expected a number of levels up to 10000, as in categorical:50",
        "nose=numeric;has no column \"nose\"; it has text, num, empty",
        "empty=condition;the column is no value, so that it cannot be a condition"
      })
  void choicesThatTheValuesDoNotHaveAreRefused(String example) {
    Path file =
        Tables.write(
            folder,
            "text,num,empty",
            100,
            i -> (i % 2 == 0 ? "abc" : "de") + "," + (i - 3.5) + ",");
    String[] parts = example.split(";", 2);
    String[] choice = parts[0].split("=", -1);
    DataException refused =
        assertThrows(DataException.class, () -> Tables.infer(file, Map.of(choice[0], choice[1])));
    assertTrue(String.valueOf(refused.getMessage()).contains(parts[1]), refused.getMessage());
    assertTrue(String.valueOf(refused.getMessage()).startsWith(file + ": "), refused.getMessage());
  }

  @Test
  void aTableWithoutAUsableColumnIsRefused() {
    Path file = Tables.write(folder, "id,empty,same", 50, i -> "T" + i + ",,x");
    DataException refused = assertThrows(DataException.class, () -> Tables.infer(file, Map.of()));
    assertEquals(
        file
            + ": no column can be modelled: id (each value is that of one row), empty (no value),"
            + " same (one value); give a column's kind, as in SchemaRequest.kinds NAME=categorical",
        refused.getMessage());
    Path bare = Tables.write(folder, "a,b", 0, i -> "");
    assertTrue(
        String.valueOf(
                assertThrows(DataException.class, () -> Tables.infer(bare, Map.of())).getMessage())
            .contains("is empty"));
  }

  @Test
  void twentyThousandColumnsAreInferred() {
    StringBuilder header = new StringBuilder("c0");
    for (int i = 1; i < 20_000; i++) {
      header.append(",c").append(i);
    }
    Path file =
        Tables.write(
            folder,
            header.toString(),
            20,
            row -> {
              StringBuilder line = new StringBuilder().append(row * 0.5);
              for (int i = 1; i < 20_000; i++) {
                line.append(',').append((row * 31 + i) % 17 * 0.25);
              }
              return line.toString();
            });
    Schema schema = Tables.infer(file, Map.of());
    assertEquals(20_000, schema.columns().size());
    assertEquals(20_000, new Features(schema).width());
  }

  @Test
  void theSameFileHasTheSameSchema() {
    Random random = new Random(6);
    Path file =
        Tables.write(
            folder, "a,b", 60_000, i -> random.nextGaussian() + "," + random.nextInt(9) * 0.5);
    assertEquals(Tables.infer(file, Map.of()), Tables.infer(file, Map.of()));
  }

  @Test
  void progressIsReported() {
    Path file = Tables.write(folder, "a,b", 40_000, i -> i * 0.5 + "," + i % 7 * 0.25);
    double[] last = {0};
    int[] calls = {0};
    try (Table table = Tables.open(file, Reading.DEFAULTS)) {
      SchemaInference.infer(
          table,
          SchemaRequest.NONE,
          BadRows.fail(),
          share -> {
            calls[0]++;
            if (!Double.isNaN(share)) {
              assertTrue(share >= last[0] && share <= 1, () -> share + " after " + last[0]);
              last[0] = share;
            }
          });
    }
    assertEquals(2, calls[0]);
  }
}

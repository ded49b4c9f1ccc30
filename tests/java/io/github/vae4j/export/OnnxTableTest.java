// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Table;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.EncodedTable;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Scaling;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.Tables;
import io.github.vae4j.schema.TimeFormat;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs take the columns of a table as they are in a file. */
final class OnnxTableTest {
  private static final List<String> NUMBERS = List.of("amount", "size", "age", "visits", "given");
  private static final List<String> TEXTS = List.of("currency", "flag", "shop", "side");

  private static final Reading READING =
      new Reading(
          null,
          null,
          Reading.DEFAULTS.header(),
          null,
          Reading.DEFAULTS.numerals(),
          new MissingTexts(List.of("not seen")));

  /** Each kind of column, each scaling, each meaning of a feature. */
  private static Schema schema() {
    Scaling standard = new Scaling(Scaling.Rule.STANDARD, 0, 40, 12);
    Scaling log = new Scaling(Scaling.Rule.LOG, 1, 2, 0.5);
    Scaling robust =
        new Scaling(Scaling.Rule.ROBUST, 0, 0, 3, List.of(1.0, 2.5, 4.0), List.of(-1.0, 0.25, 1.0));
    Scaling time = new Scaling(Scaling.Rule.STANDARD, 0, 1.772e9, 1e6);
    return new Schema(
        List.of(
            column("amount", new Kind.Numeric(log, 0, 100, 0, 2)),
            column("currency", new Kind.Categorical(List.of("EUR", "USD"), List.of("CHF"), false)),
            column("when", new Kind.Datetime(TimeFormat.DATETIME, time, 1, 2, true, true, 1, true)),
            column("flag", new Kind.Binary("no", "yes")),
            column("visits", new Kind.Count(9)),
            column("shop", new Kind.Categorical(List.of("a", "b", "c"), List.of(), true)),
            column("size", new Kind.Numeric(robust, 0, 9, 0, 1)),
            column("age", new Kind.Numeric(standard, 0, 99, 1, 0)),
            column("given", new Kind.Condition(new Kind.Numeric(standard, 0, 99, 1, 0))),
            column(
                "side",
                new Kind.Condition(new Kind.Categorical(List.of("l", "r"), List.of(), false))),
            column("out", new Kind.Out(Kind.Reason.ID))),
        READING);
  }

  private static Column column(String name, Kind kind) {
    return new Column(name, kind, 0, "");
  }

  private static final String[][] ROWS = {
    // amount, currency, when, flag, visits, shop, size, age, given, side
    {"12.5", "EUR", "2026-03-01T00:00:00", "no", "3", "a", "1", "40", "10", "l"},
    {"", "USD", "2026-02-28T23:59:59", "yes", "0", "c", "2.5", "", "20", "r"},
    {"0", "CHF", "1969-12-31T23:30:00", "NA", "2000000", "zzz", "4", "1e9", "30.5", "l"},
    {"-1", "XXX", "", "nAn", "", "?", "0.2", "-17", "-4", "x"},
    {"1e300", "", "2024-02-29T12:34:56", "maybe", "12", "b", "77", "39", "5", "r"},
    {"7", "Not Seen", "1970-01-01T00:00:00", "yes", "1", "not seen", "3.3", "0", "0", "r"},
    {"7", "NULL", "2030-07-04T07:00:00", "no", "5", "B", "", "41", "99", "l"},
  };

  private static final List<String> COLUMNS =
      List.of(
          "amount", "currency", "when", "flag", "visits", "shop", "size", "age", "given", "side");

  private static String[] texts(String column, int count) {
    int place = COLUMNS.indexOf(column);
    String[] texts = new String[count];
    for (int row = 0; row < count; row++) {
      texts[row] = ROWS[row][place];
    }
    return texts;
  }

  private static double[] numbers(String column, int count) {
    double[] numbers = new double[count];
    String[] texts = texts(column, count);
    for (int row = 0; row < count; row++) {
      numbers[row] = texts[row].isEmpty() ? Double.NaN : Double.parseDouble(texts[row]);
    }
    return numbers;
  }

  private static double[] seconds(int count) {
    double[] seconds = new double[count];
    String[] texts = texts("when", count);
    for (int row = 0; row < count; row++) {
      seconds[row] =
          texts[row].isEmpty()
              ? Double.NaN
              : LocalDateTime.parse(texts[row]).toEpochSecond(ZoneOffset.UTC);
    }
    return seconds;
  }

  @Test
  void theSchemaHasEachMeaning() {
    Set<Part.Use> uses = EnumSet.noneOf(Part.Use.class);
    new Features(schema()).modelled().forEach(part -> uses.add(part.use()));
    assertEquals(EnumSet.allOf(Part.Use.class), uses);
  }

  private static VaeSpec spec(Features features) {
    return VaeSpec.builder(features.width())
        .hidden(7)
        .latent(3)
        .likelihood(features.likelihood(Likelihoods.parse("student-t")))
        .build()
        .with(new Condition.Covariates(features.givenWidth()))
        .withMaskInput(true)
        .withSchema(features.schema());
  }

  /** The columns of the first rows. */
  private static OnnxRun inputs(int count) throws Exception {
    OnnxRun run = new OnnxRun().put("when", seconds(count));
    for (String column : NUMBERS) {
      run.put(column, numbers(column, count));
    }
    for (String column : TEXTS) {
      run.put(column, texts(column, count));
    }
    return run;
  }

  @Test
  void aRowWithoutItsConditionGivesNan(@TempDir Path folder) throws Exception {
    VaeSpec spec = spec(new Features(schema()));
    try (ExportedModel model = new ExportedModel(spec, folder, false)) {
      OnnxRun run =
          inputs(4)
              .put("given", new double[] {1, Double.NaN, 3, 4})
              .put("side", new String[] {"l", "r", "NA", "r"})
              .put("z", new float[12], 4, 3)
              .put("eps", new float[12], 4, 1, 3);
      model.refuses(run, List.of(1, 2), 4);
    }
  }

  @Test
  void columnsAreInputs(@TempDir Path folder) throws Exception {
    Features features = new Features(schema());
    VaeSpec spec = spec(features);
    List<String> lines = new ArrayList<>(List.of(String.join(",", COLUMNS)));
    for (String[] row : ROWS) {
      lines.add(String.join(",", row));
    }
    Path file = Files.write(folder.resolve("rows.csv"), lines);
    try (ExportedModel model = new ExportedModel(spec, folder, false);
        Table table = Tables.open(file, READING);
        DataSet rows =
            EncodedTable.read(features, table, Absent.MISSING, BadRows.fail(), share -> {}).set()) {
      for (int count : new int[] {1, 7}) {
        OnnxRun run = inputs(count);
        try (DataSet some = DataSets.head(rows, count)) {
          DataSet given = some.covariates();
          Matrix condition = given == null ? null : DataSets.values(given, 0, count);
          model.check(run, some, condition);
        }
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.EncodedTable;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.SchemaInference;
import io.github.vae4j.schema.SchemaRequest;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of the rows of a table: equal for equal rows, additive, and explained. */
final class TableScorerTest {
  private static final int ROWS = 300;
  private static final String HEADER = "day,amount,size,claims,sex,land\n";

  @TempDir Path folder = Path.of("");
  private Schema schema = new Schema(List.of(), Reading.DEFAULTS);
  private Vae vae = Vae.create(VaeSpec.builder(1).build(), reference(), 0);
  private String text = "";

  private static BackendOptions reference() {
    return new BackendOptions(BackendOptions.Kind.REFERENCE, 0, Precision.FP32);
  }

  @BeforeEach
  void train() throws IOException {
    vae.close();
    Random random = new Random(5);
    StringBuilder rows = new StringBuilder(HEADER);
    for (int i = 0; i < ROWS; i++) {
      double size = random.nextGaussian();
      rows.append(
          String.format(
              "2026-0%d-%02d,%.2f,%s,%d,%s,%s%n",
              1 + i % 6,
              1 + i % 28,
              Math.exp(3 + size),
              i % 11 == 0 ? "" : String.format("%.1f", 10 * size),
              random.nextInt(30) / 26,
              size > 0 ? "f" : "m",
              i % 3 == 0 ? "FR" : "DE"));
    }
    text = rows.toString();
    Path file = Files.writeString(folder.resolve("train.csv"), text);
    try (Table table = Table.open(file.toString(), Reading.DEFAULTS.options())) {
      schema = SchemaInference.infer(table, SchemaRequest.NONE, BadRows.fail(), share -> {});
      Features features = new Features(schema);
      VaeSpec spec = TableDefaults.model(features).withMaskInput(true);
      vae = Vae.create(spec, reference(), 0);
      try (DataSet set = encoded(features, table)) {
        TrainConfig config = TrainConfig.builder().epochs(40).batch(50).build();
        vae.train(set, null, config, TrainListener.NONE);
      }
    }
  }

  @AfterEach
  void close() {
    vae.close();
  }

  private static DataSet encoded(Features features, Table table) {
    return EncodedTable.read(features, table, Absent.REFUSE, BadRows.fail(), share -> {}).set();
  }

  /** A visit of each row after it was scored. */
  private interface Visit {
    void row(TableScorer scorer, TableRows row, List<String> names, RowScore score);
  }

  private void score(String rows, Calibration calibration, Visit visit) {
    score(rows, new TableScorer(vae, "rows", 16, 0, calibration), visit);
  }

  private void score(String rows, TableScorer opened, Visit visit) {
    Path file;
    try {
      file = Files.writeString(folder.resolve("rows.csv"), rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (TableScorer scorer = opened;
        Table table = Table.open(file.toString(), Reading.DEFAULTS.options());
        TableRows pass = table.rows()) {
      RowEncoder encoder = new RowEncoder(scorer.features(), table, Absent.REFUSE);
      while (pass.next()) {
        RowBuffer.Note note = encoder.encode(pass, BadRows.fail());
        if (note != null) {
          scorer.set(0, encoder, note, pass.place());
          visit.row(scorer, pass, table.columns(), scorer.score(1).get(0));
        }
      }
    }
  }

  private static Calibration calibration(double... scores) {
    return new Calibration(16, 0, DoubleStream.of(scores).boxed().toList(), List.of());
  }

  @Test
  void equalRowsHaveEqualScores() {
    String row = "2026-03-04,20.50,1.5,1,f,DE\n";
    String other = "2026-02-04,2.50,,0,m,FR\n";
    List<Double> scores = new ArrayList<>();
    score(
        HEADER + row + other + row + other + other + row,
        calibration(0),
        (scorer, at, names, found) -> scores.add(found.score()));
    assertEquals(1, IntStream.of(0, 2, 5).mapToObj(scores::get).distinct().count());
    assertEquals(1, IntStream.of(1, 3, 4).mapToObj(scores::get).distinct().count());
    assertFalse(scores.get(0).equals(scores.get(1)));
  }

  @Test
  void columnsAndLatentTermSumToTheScore() {
    int[] count = {0};
    score(
        text + "2026-03-04,1e9,-70,5,x,ZZ\n2026-03-04,,,,,\n",
        calibration(0),
        (scorer, row, names, found) -> {
          double sum = Arrays.stream(scorer.columnNats(0)).sum() + found.latent();
          assertEquals(found.score(), sum, 1e-4 * Math.max(1, Math.abs(sum)), row.place());
          count[0]++;
        });
    assertEquals(ROWS + 2, count[0]);
  }

  @Test
  void theScoreIsMinusTheBound() {
    double[] sum = {0};
    score(text, calibration(0), (scorer, row, names, found) -> sum[0] += found.score());
    try (Table table =
            Table.open(folder.resolve("rows.csv").toString(), Reading.DEFAULTS.options());
        DataSet set = encoded(new Features(schema), table)) {
      double elbo = vae.evaluate(set, 64, 1).elbo();
      assertEquals(-elbo, sum[0] / ROWS, 0.5);
    }
  }

  @Test
  void pValuesAreRanksAmongHeldOutRows() {
    Calibration.Ranks ranks = calibration(1, 2, 2, 3).ranks();
    assertEquals(1.0, ranks.pValue(0.5));
    assertEquals(1.0, ranks.pValue(1));
    assertEquals(0.8, ranks.pValue(1.5));
    assertEquals(0.8, ranks.pValue(2));
    assertEquals(0.4, ranks.pValue(3));
    assertEquals(0.2, ranks.pValue(4));
    assertEquals(0.2, ranks.least());
  }

  @Test
  void aColumnThatIsWrongIsTheFirstReason() {
    List<String> first = new ArrayList<>();
    Calibration calibration;
    try (Table table =
            Table.open(folder.resolve("train.csv").toString(), Reading.DEFAULTS.options());
        DataSet set = encoded(new Features(schema), table)) {
      calibration = Calibrator.of(vae, set, 16, 0);
    }
    assertEquals(ROWS, calibration.scores().size());
    score(
        HEADER
            + "2026-03-04,20.50,700,0,f,DE\n2026-03-04,20.50,1.5,0,f,XX\n2026-03-04,1e7,1,0,f,DE\n",
        calibration,
        (scorer, row, names, found) -> {
          assertTrue(found.pValue() <= 0.05, found.toString());
          List<Explanation> reasons = scorer.explain(0, name -> row.get(names.indexOf(name)), 2);
          assertEquals(2, reasons.size());
          Explanation reason = reasons.get(0);
          first.add(reason.column() + " " + reason.value());
          assertTrue(reason.excess() > reasons.get(1).excess());
          if (reason.column().equals("size")) {
            double low = Double.parseDouble(reason.low());
            double high = Double.parseDouble(reason.high());
            double expected = Double.parseDouble(reason.expected());
            assertTrue(low < expected && expected < high && high < 700, reason.toString());
          } else if (reason.column().equals("land")) {
            assertEquals("DE", reason.expected());
          }
        });
    assertEquals(List.of("size 700", "land XX", "amount 1e7"), first);
  }

  @Test
  void heldOutScoresAreThoseOfTheirRows() {
    try (Table table =
            Table.open(folder.resolve("train.csv").toString(), Reading.DEFAULTS.options());
        DataSet set = encoded(new Features(schema), table);
        DataSet some = DataSets.rows(set, new int[] {7, 3, 250})) {
      List<Double> expected = new ArrayList<>();
      score(text, calibration(0), (scorer, row, names, found) -> expected.add(found.score()));
      List<Double> three =
          new ArrayList<>(List.of(expected.get(7), expected.get(3), expected.get(250)));
      three.sort(null);
      assertEquals(three, Calibrator.of(vae, some, 16, 0).scores());
    }
  }
}

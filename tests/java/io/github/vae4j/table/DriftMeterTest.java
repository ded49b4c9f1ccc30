// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.table.DriftReport.ColumnDrift;
import io.github.vae4j.table.DriftReport.ScoreDrift;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drift of tables whose distributions are known. */
final class DriftMeterTest {
  private static final String HEADER = "amount,size,land,sex,plan\n";

  @TempDir Path folder = Path.of("");

  /** A column of numbers that may be missing, counts, levels of which some are rare, two levels. */
  private static String row(Random random, double shift, double missing, double usd) {
    return String.format(
        Locale.ROOT,
        "%s,%d,%s,%s,%s%n",
        random.nextDouble() < missing
            ? ""
            : String.format(Locale.ROOT, "%.3f", gauss(random, shift)),
        (int) (-2 * Math.log(random.nextDouble())),
        random.nextDouble() < usd ? "USD" : random.nextDouble() < 0.5 ? "EUR" : "CHF",
        random.nextBoolean() ? "f" : "m",
        random.nextInt(50) == 0 ? "rare" + random.nextInt(100_000) : "plan" + random.nextInt(3));
  }

  private static double gauss(Random random, double shift) {
    return 10 + shift + 2 * random.nextGaussian();
  }

  private static List<String> rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count).mapToObj(row).toList();
  }

  private Path write(String name, String header, List<String> rows) {
    return EncodedFiles.write(folder.resolve(name), header, rows);
  }

  private static Reference reference(Features features, Path file) {
    try (DataSet set = EncodedFiles.encoded(features, file)) {
      return ReferenceMaker.of(features, set);
    }
  }

  private static DriftMeter meter(Features features, Path training) {
    return new DriftMeter(features, reference(features, training), null, Set.of());
  }

  private static DriftReport report(Features features, Path training, Path now) {
    DriftMeter meter = meter(features, training);
    try (DataSet set = EncodedFiles.encoded(features, now)) {
      for (int row = 0; row < set.rows(); row++) {
        meter.add(DataSets.values(set, row, 1).values());
      }
    }
    return meter.report(0.05);
  }

  private static ColumnDrift column(DriftReport report, String name) {
    return report.columns().stream()
        .filter(column -> column.column().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> drifting(DriftReport report) {
    return report.columns().stream().filter(ColumnDrift::drifts).map(ColumnDrift::column).toList();
  }

  private Path training() {
    Random random = new Random(1);
    return write("train.csv", HEADER, rows(2000, i -> row(random, 0, 0.1, 0.4)));
  }

  private DriftReport against(String name, IntFunction<String> row) {
    Path training = training();
    Features features = new Features(EncodedFiles.infer(training));
    return report(features, training, write(name, HEADER, rows(1000, row)));
  }

  @Test
  void theSameDistributionHasNoDrift() {
    StringBuilder header = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      header.append(i == 0 ? "c" : ",c").append(i);
    }
    Random random = new Random(11);
    IntFunction<String> wide =
        i -> {
          StringBuilder line = new StringBuilder();
          for (int c = 0; c < 200; c++) {
            line.append(c == 0 ? "" : ",");
            line.append(
                random.nextDouble() < 0.05
                    ? ""
                    : c % 2 == 0
                        ? String.format(Locale.ROOT, "%.4f", random.nextGaussian())
                        : "L" + random.nextInt(4));
          }
          return line.append('\n').toString();
        };
    Path training = write("train.csv", header.append('\n').toString(), rows(600, wide));
    Features features = new Features(EncodedFiles.infer(training));
    DriftReport report =
        report(features, training, write("new.csv", header.toString(), rows(400, wide)));
    assertEquals(200, report.columns().size());
    assertEquals(400, report.rows());
    assertEquals(600, report.trainingRows());
    assertTrue(drifting(report).size() <= 2, drifting(report).toString());
    // Without the control about a twentieth of the 400 tests would be called drift.
    long below =
        report.columns().stream()
            .flatMap(column -> Stream.of(column.values(), column.missing()))
            .filter(test -> test.pValue() <= 0.05)
            .count();
    assertTrue(below >= 5 && below <= 40, "" + below);
    assertTrue(report.columns().stream().allMatch(column -> column.stability() < 0.1));
  }

  @Test
  void aShiftIsFoundInItsColumn() {
    Random random = new Random(2);
    DriftReport report = against("new.csv", i -> row(random, 1, 0.1, 0.4));
    assertEquals(List.of("amount"), drifting(report));
    ColumnDrift amount = column(report, "amount");
    assertEquals(DriftReport.Kind.KS, amount.values().kind());
    // Two normal distributions half a standard deviation apart: 2 Phi(0.25) - 1 = 0.1974.
    assertEquals(0.1974, amount.values().statistic(), 0.04);
    // Their index is the symmetric divergence, (0.5)^2; ten bins lose a little of it.
    assertEquals(0.25, amount.stability(), 0.08);
    assertTrue(amount.values().pValue() < 1e-10 && amount.values().qValue() < 1e-9);
    assertFalse(amount.missing().drifts());
    assertTrue(report.drifts());
    assertNull(report.score());
  }

  @Test
  void aChangedLevelIsFound() {
    Random random = new Random(3);
    DriftReport report = against("new.csv", i -> row(random, 0, 0.1, 0.6));
    assertEquals(List.of("land"), drifting(report));
    ColumnDrift land = column(report, "land");
    assertEquals(DriftReport.Kind.CHI_SQUARED, land.values().kind());
    assertTrue(land.values().drifts() && !land.unseen().drifts());
    assertEquals(0, land.unseenRows());
  }

  @Test
  void aShareOfMissingValuesIsFound() {
    Random random = new Random(4);
    DriftReport report = against("new.csv", i -> row(random, 0, 0.2, 0.4));
    assertEquals(List.of("amount"), drifting(report));
    ColumnDrift amount = column(report, "amount");
    assertFalse(amount.values().drifts());
    assertTrue(amount.missing().drifts());
    assertEquals(0.1, amount.missingBefore(), 0.02);
    assertEquals(0.2, amount.missingNow(), 0.03);
    assertEquals(Double.NaN, column(report, "land").missing().pValue());
  }

  @Test
  void newLevelsAreFound() {
    Random random = new Random(5);
    DriftReport report =
        against("new.csv", i -> i % 100 == 0 ? "10,1,GBP,x,plan1\n" : row(random, 0, 0.1, 0.4));
    ColumnDrift land = column(report, "land");
    assertEquals(10, land.unseenRows());
    assertTrue(land.unseen().drifts());
    assertTrue(column(report, "sex").unseen().drifts());
    // New rare texts are to be expected where there were rare ones.
    ColumnDrift plan = column(report, "plan");
    assertTrue(plan.unseenRows() > 5, "" + plan.unseenRows());
    assertEquals(Double.NaN, plan.unseen().pValue());
    assertEquals(List.of("land", "sex"), drifting(report));
  }

  @Test
  void theOrderOfRowsDoesNotCount() {
    Random random = new Random(6);
    List<String> rows = new ArrayList<>(rows(500, i -> row(random, 0.3, 0.15, 0.5)));
    Path training = training();
    Features features = new Features(EncodedFiles.infer(training));
    DriftReport first = report(features, training, write("a.csv", HEADER, rows));
    Collections.shuffle(rows, random);
    assertEquals(first, report(features, training, write("b.csv", HEADER, rows)));
  }

  @Test
  void oneRowAndNone() {
    Path training = training();
    Features features = new Features(EncodedFiles.infer(training));
    DriftReport one =
        report(features, training, write("n.csv", HEADER, List.of("99,1,USD,f,plan1\n")));
    assertFalse(one.drifts());
    assertEquals(1, one.rows());
    // Above all training values: D is 1.
    assertEquals(1, column(one, "amount").values().statistic(), 1e-3);
    assertTrue(column(one, "amount").values().pValue() > 0.2);
    DriftReport none = meter(features, training).report(0.05);
    assertFalse(none.drifts());
    assertEquals(Double.NaN, column(none, "amount").stability());
    DriftReport absent =
        report(features, training, write("n.csv", "size\n", List.of("1\n", "2\n")));
    assertEquals(1, column(absent, "land").missingNow());
    assertEquals(Double.NaN, column(absent, "land").values().pValue());
    assertTrue(column(absent, "land").missing().drifts());
  }

  @Test
  void theScoreIsCompared() {
    Random random = new Random(7);
    Path training = training();
    Features features = new Features(EncodedFiles.infer(training));
    Calibration calibration =
        new Calibration(8, 0, random.doubles(500).boxed().toList(), List.of());
    Reference reference = reference(features, training);
    DriftMeter same = new DriftMeter(features, reference, calibration, Set.of());
    DriftMeter high = new DriftMeter(features, reference, calibration, Set.of());
    DriftMeter backwards = new DriftMeter(features, reference, calibration, Set.of());
    double[] scores = random.doubles(300).toArray();
    for (int i = 0; i < scores.length; i++) {
      same.addScore(scores[i]);
      high.addScore(scores[i] + 0.3);
      backwards.addScore(scores[scores.length - 1 - i]);
    }
    assertFalse(same.report(0.05).drifts());
    assertEquals(same.report(0.05), backwards.report(0.05));
    DriftReport report = high.report(0.05);
    assertTrue(report.drifts());
    ScoreDrift drift = report.score();
    assertNotNull(drift);
    assertEquals(0.3, drift.values().statistic(), 0.08);
    assertEquals(DoubleStream.of(scores).average().orElseThrow() + 0.3, drift.meanNow(), 1e-12);
    assertEquals(
        calibration.scores().stream().mapToDouble(s -> s).average().orElseThrow(),
        drift.meanBefore(),
        1e-12);
    assertTrue(drift.values().pValue() < 1e-10 && drift.stability() > 0.25);
  }

  @Test
  void theReferenceSummarisesTheTrainingRows() {
    Path training =
        write(
            "t.csv",
            "a,b\n",
            List.of("3,x\n", "1,y\n", ",x\n", "2,\n", "1,x\n", "2.5,y\n", "7,x\n", "8,x\n"));
    Features features = new Features(EncodedFiles.infer(training));
    Reference reference = reference(features, training);
    assertEquals(8, reference.rows());
    Reference.Marginal a = reference.columns().get(0);
    assertEquals("a", a.column());
    assertEquals(1, a.missing());
    assertEquals(7, a.sampled());
    double[] expected = {1, 1, 2, 2.5, 3, 7, 8};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], a.quantiles().get(i), 1e-6);
    }
    assertEquals(
        new Reference.Marginal("b", 1, 0, List.of(), List.of(5L, 2L, 0L)),
        reference.columns().get(1));
    Random random = new Random(8);
    Path many = write("m.csv", HEADER, rows(30_000, i -> row(random, 0, 0.1, 0.4)));
    Reference.Marginal amount =
        reference(new Features(EncodedFiles.infer(many)), many).columns().get(0);
    assertEquals(1000, amount.quantiles().size());
    assertEquals(18_000, (double) amount.sampled(), 300);
    assertEquals(3000, (double) amount.missing(), 300);
    assertEquals(10, amount.quantiles().get(500), 0.1);
  }

  @Test
  void namesAndSchemasAreChecked() {
    Path training = training();
    Features features = new Features(EncodedFiles.infer(training));
    Reference reference = reference(features, training);
    DriftMeter meter = new DriftMeter(features, reference, null, Set.of("land", "size"));
    assertEquals(
        List.of("amount", "sex", "plan"),
        meter.report(0.05).columns().stream().map(ColumnDrift::column).toList());
    Thrown.says(
        IllegalArgumentException.class,
        () -> new DriftMeter(features, reference, null, Set.of("nose")),
        "no modelled column is \"nose\"; these are amount, size, land, sex, plan");
    Path other = write("o.csv", "x,y\n", List.of("1.5,a\n", "2.5,b\n", "2.5,a\n"));
    Thrown.says(
        IllegalArgumentException.class,
        () -> reference.requireOf(new Features(EncodedFiles.infer(other))),
        "columns: expected those of the model's schema");
  }
}

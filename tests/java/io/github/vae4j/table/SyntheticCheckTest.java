// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.Association;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.SchemaRequest;
import io.github.vae4j.schema.Tables;
import io.github.vae4j.table.SyntheticCheck.Copies;
import io.github.vae4j.table.SyntheticCheck.Marginal;
import io.github.vae4j.table.SyntheticCheck.Rows;
import io.github.vae4j.tensor.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons of tables whose distributions are known. */
final class SyntheticCheckTest {
  private static final String HEADER = "amount,size,land,paid,when\n";
  private static final int COLUMNS = 5;

  /** The kinds do not depend on the few rows of a test. */
  private static final SchemaRequest KINDS =
      SchemaRequest.NONE.with("amount", "numeric:standard").with("size", "count");

  @TempDir Path folder = Path.of("");

  /** An amount in steps of 0.5, a count and levels that depend on it, and a time. */
  private static List<String> rows(int seed, int count) {
    Random random = new Random(seed);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double z = random.nextGaussian();
      String amount =
          random.nextInt(10) == 0
              ? ""
              : String.format(Locale.ROOT, "%.1f", Math.round(20 + 6 * z) / 2.0);
      rows.add(
          String.format(
              Locale.ROOT,
              "%s,%d,%s,%s,2026-03-%02d %02d:%02d:00%n",
              amount,
              (int) Math.max(0, 4 + 2 * z + 0.5 * random.nextGaussian()),
              z > 0.5 ? "DE" : z > -0.5 ? "FR" : "IT",
              random.nextInt(10) < (z > 0.5 ? 8 : 2) ? "yes" : "no",
              1 + random.nextInt(28),
              8 + random.nextInt(10),
              random.nextInt(60)));
    }
    return rows;
  }

  /** The cells of each column in an order of its own. */
  private static List<String> shuffled(List<String> rows, int seed) {
    Random random = new Random(seed);
    List<List<String>> columns = new ArrayList<>();
    for (int column = 0; column < COLUMNS; column++) {
      int own = column;
      List<String> cells =
          new ArrayList<>(rows.stream().map(row -> row.strip().split(",", -1)[own]).toList());
      Collections.shuffle(cells, random);
      columns.add(cells);
    }
    return IntStream.range(0, rows.size())
        .mapToObj(row -> String.join(",", columns.stream().map(cells -> cells.get(row)).toList()))
        .map(row -> row + "\n")
        .toList();
  }

  private SyntheticCheck check(
      List<String> training, List<String> heldOut, List<String> synthetic) {
    Path file = EncodedFiles.write(folder.resolve("train.csv"), HEADER, training);
    Features features = new Features(Tables.infer(file, KINDS));
    try (Arena arena = new Arena()) {
      return SyntheticCheck.of(
          features,
          encoded(features, synthetic, arena),
          heldOut.isEmpty() ? null : encoded(features, heldOut, arena),
          arena.own(EncodedFiles.encoded(features, file)),
          0);
    }
  }

  private DataSet encoded(Features features, List<String> rows, Arena arena) {
    Path file = EncodedFiles.write(folder.resolve("rows.csv"), HEADER, rows);
    return arena.own(EncodedFiles.encoded(features, file));
  }

  private static Marginal column(SyntheticCheck check, String name) {
    return check.columns().stream()
        .filter(column -> column.column().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Copies copies(SyntheticCheck check) {
    Copies copies = check.copies();
    assertNotNull(copies);
    return copies;
  }

  @Test
  void otherRealRowsCannotBeToldApart() {
    SyntheticCheck check = check(rows(1, 1000), rows(2, 500), rows(3, 800));
    assertEquals(new Rows(800, 800), check.synthetic());
    assertEquals(new Rows(500, 500), check.real());
    assertEquals(new Rows(1000, 1000), check.training());
    assertTrue(check.heldOut());
    assertEquals(0.5, check.classifier().auc(), 0.05);
    assertEquals(0.018, check.classifier().standardError(), 0.002);
    assertTrue(check.meanDistance() < 0.05, "" + check.meanDistance());
    assertEquals(check.meanOfTraining(), check.meanDistance(), 0.02);
    assertEquals(10, check.pairs().pairs().size());
    assertTrue(check.pairs().mean() < 0.06, "" + check.pairs().mean());
    assertEquals(check.pairs().ofTraining(), check.pairs().mean(), 0.03);
    assertEquals(0, copies(check).share(), 0.005);
    assertEquals(copies(check).ofHeldOut(), copies(check).share(), 0.005);
    assertEquals(copies(check).distanceOfHeldOut(), copies(check).distance(), 0.01);
    assertEquals(0, column(check, "amount").missingReal() - 0.1, 0.04);
    assertEquals("TV", column(check, "land").measure());
    assertEquals("KS", column(check, "when").measure());
  }

  @Test
  void shuffledColumnsHaveTheirDistributionsAndNoAssociation() {
    List<String> heldOut = rows(2, 600);
    SyntheticCheck check = check(rows(1, 600), heldOut, shuffled(heldOut, 5));
    for (Marginal column : check.columns()) {
      assertEquals(0, column.distance(), 1e-12, column.column());
      assertEquals(column.missingReal(), column.missingSynthetic());
    }
    assertTrue(check.pairs().mean() > 0.3, "" + check.pairs().mean());
    PairDifferences.Pair largest = check.pairs().largest();
    assertNotNull(largest);
    assertTrue(largest.difference() > 0.8 && Math.abs(largest.synthetic()) < 0.1, "" + largest);
    assertTrue(check.pairs().ofTraining() < 0.06, "" + check.pairs().ofTraining());
    assertTrue(check.classifier().auc() > 0.85, "" + check.classifier().auc());
  }

  @Test
  void copiesOfTrainingRowsAreFoundAlsoWithinTheResolution() {
    List<String> training = rows(1, 400);
    SyntheticCheck check = check(training, rows(2, 100), training.subList(100, 300));
    assertEquals(1, copies(check).share());
    assertEquals(0, copies(check).distance());
    assertTrue(copies(check).ofHeldOut() < 0.02, "" + copies(check).ofHeldOut());
    assertTrue(copies(check).distanceOfHeldOut() > 0.005);
    // Amounts are multiples of 0.5.
    assertEquals(1, copies(check(training, List.of(), moved(training, 0.2))).share());
    assertEquals(0.1, copies(check(training, List.of(), moved(training, 0.3))).share(), 0.06);
  }

  private static List<String> moved(List<String> rows, double by) {
    UnaryOperator<String> amount =
        text ->
            text.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", Double.parseDouble(text) + by);
    return rows.stream()
        .map(row -> amount.apply(row.split(",", -1)[0]) + row.substring(row.indexOf(',')))
        .toList();
  }

  @Test
  void withoutHeldOutRowsTheTrainingRowsAreTheRealOnes() {
    SyntheticCheck check = check(rows(1, 300), List.of(), rows(2, 300));
    assertTrue(!check.heldOut() && check.real().equals(check.training()));
    assertEquals(Double.NaN, check.meanOfTraining());
    assertEquals(Double.NaN, check.pairs().ofTraining());
    assertEquals(Double.NaN, copies(check).ofHeldOut());
    assertEquals(Double.NaN, copies(check).distanceOfHeldOut());
    assertTrue(copies(check).distance() > 0 && check.meanDistance() > 0);
  }

  @Test
  void withoutTrainingRowsThereAreNoCopies() {
    Path file = EncodedFiles.write(folder.resolve("train.csv"), HEADER, rows(1, 200));
    Features features = new Features(Tables.infer(file, KINDS));
    try (Arena arena = new Arena()) {
      DataSet rows = encoded(features, rows(2, 100), arena);
      SyntheticCheck check = SyntheticCheck.of(features, rows, rows, null, 0);
      assertNull(check.copies());
      assertNull(check.training());
      assertEquals(0, check.meanDistance(), 1e-12);
      assertEquals(0, check.pairs().mean(), 1e-12);
      Thrown.says(
          IllegalArgumentException.class,
          () -> SyntheticCheck.of(features, rows, null, null, 0),
          "heldOut and training: expected one of both at least, given none");
    }
  }

  @Test
  void aRowAMissingColumnAndAConstantOne() {
    SyntheticCheck one = check(rows(1, 200), rows(2, 100), rows(3, 1));
    assertEquals(Double.NaN, one.classifier().auc());
    assertEquals(Double.NaN, one.pairs().mean());
    assertNull(one.pairs().largest());
    assertTrue(one.meanDistance() > 0.3, "" + one.meanDistance());
    List<String> missing =
        rows(3, 100).stream().map(row -> row.substring(row.indexOf(','))).toList();
    SyntheticCheck without = check(rows(1, 200), rows(2, 100), missing);
    assertEquals(Double.NaN, column(without, "amount").distance());
    assertEquals(1, column(without, "amount").missingSynthetic());
    assertEquals(6, without.pairs().pairs().size());
    assertTrue(without.classifier().auc() > 0.9, "" + without.classifier().auc());
    List<String> constant =
        rows(3, 100).stream().map(row -> row.replaceAll("DE|FR|IT", "FR")).toList();
    SyntheticCheck level = check(rows(1, 200), rows(2, 100), constant);
    assertEquals(0.62, column(level, "land").distance(), 0.1);
    assertTrue(
        level.pairs().pairs().stream()
            .filter(pair -> pair.first().equals("land") || pair.second().equals("land"))
            .allMatch(pair -> pair.synthetic() == 0));
  }

  /** 120 columns have 7,140 pairs; each column is in as many of the 5,000 as any other. */
  @Test
  void manyColumnsHaveSomePairsOnly() {
    List<String> names = IntStream.range(0, 120).mapToObj(i -> "c" + i).toList();
    Random random = new Random(3);
    List<String> rows =
        IntStream.range(0, 60)
            .mapToObj(
                row ->
                    String.join(
                            ",",
                            names.stream()
                                .map(name -> Integer.toString(random.nextInt(1000)))
                                .toList())
                        + "\n")
            .toList();
    Path file =
        EncodedFiles.write(folder.resolve("wide.csv"), String.join(",", names) + "\n", rows);
    Features features = new Features(EncodedFiles.infer(file));
    try (DataSet set = EncodedFiles.encoded(features, file)) {
      PairDifferences pairs = SyntheticCheck.of(features, set, set, set, 0).pairs();
      assertEquals(7140, pairs.possible());
      assertEquals(5000, pairs.pairs().size());
      assertEquals(
          5000, pairs.pairs().stream().map(p -> p.first() + p.second()).distinct().count());
      for (String name : names) {
        long own =
            pairs.pairs().stream()
                .filter(pair -> pair.first().equals(name) || pair.second().equals(name))
                .count();
        assertTrue(own >= 82 && own <= 84, name + " " + own);
      }
      assertTrue(pairs.pairs().stream().allMatch(p -> p.measure() == Association.SPEARMAN));
    }
  }

  @Test
  void theRowsThatAreComparedAreBounded() {
    assertEquals(20_000, ComparedRows.most(10));
    assertEquals(16_777, ComparedRows.most(1_000));
    assertEquals(1_000, ComparedRows.most(100_000));
    List<String> rows = IntStream.range(0, 20_100).mapToObj(i -> i % 100 / 2.0 + "\n").toList();
    Path file = EncodedFiles.write(folder.resolve("tall.csv"), "a\n", rows);
    Features features = new Features(EncodedFiles.infer(file));
    try (DataSet set = EncodedFiles.encoded(features, file)) {
      SyntheticCheck check = SyntheticCheck.of(features, set, set, set, 0);
      assertEquals(new Rows(20_100, 20_000), check.synthetic());
      assertEquals(1, copies(check).share());
      assertEquals(0, check.pairs().possible());
      assertTrue(check.meanDistance() < 0.01, "" + check.meanDistance());
      assertEquals(check, SyntheticCheck.of(features, set, set, set, 0));
    }
  }
}

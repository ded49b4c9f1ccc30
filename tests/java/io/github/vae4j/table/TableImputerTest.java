// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.schema.RowEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Missing cells of a table whose numbers are jointly Gaussian, so that the best values are known:
 * {@code a = f + e/2, b = f - e/2, c = e} with f of deviation 1, and noise of deviation 0.2 in
 * each; the text "side" is the sign of f.
 */
final class TableImputerTest {
  private static final double NOISE = 0.2;
  private static final BackendOptions CPU =
      new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32);

  @TempDir static Path folder = Path.of("");
  private static TableModel model;

  private static double[] numbers(Random random) {
    double f = random.nextGaussian();
    double e = random.nextGaussian();
    return new double[] {
      f + e / 2 + NOISE * random.nextGaussian(),
      f - e / 2 + NOISE * random.nextGaussian(),
      e + NOISE * random.nextGaussian(),
      f
    };
  }

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(2);
    StringBuilder text = new StringBuilder("a,b,c,side\n");
    for (int i = 0; i < 2000; i++) {
      double[] x = numbers(random);
      text.append(String.format(Locale.ROOT, "%.3f,%.3f,%.3f,", x[0], x[1], x[2]))
          .append(x[3] > 0 ? "over\n" : "under\n");
    }
    Path file = Files.writeString(folder.resolve("train.csv"), text);
    try (Table table = Table.open(file.toString(), TableOptions.defaults())) {
      model = TableModel.train(table, TableTraining.defaults().backend(CPU).hidden(0.2));
    }
  }

  private static List<List<String>> fill(List<String> lines, int draws, long seed) {
    try {
      List<String> all = new ArrayList<>(List.of("a,b,c,side"));
      all.addAll(lines);
      Path file = Files.write(folder.resolve("holes.csv"), all);
      List<List<String>> filled = new ArrayList<>();
      try (Vae vae = model.open(CPU);
          Table table = Table.open(file.toString(), TableOptions.defaults());
          TableImputer imputer = new TableImputer(vae, table, TableImputer.SAMPLES, seed);
          TableRows rows = table.rows()) {
        RowEncoder encoder = new RowEncoder(imputer.features(), table, RowEncoder.Absent.REFUSE);
        while (rows.next()) {
          RowBuffer.Note note = Objects.requireNonNull(encoder.encode(rows, BadRows.fail()));
          filled.addAll(imputer.fill(encoder, note, rows, draws));
        }
      }
      return filled;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** E[c | a, b] = (a - b) / (1 + 2 NOISE^2), by the covariances of a - b and c with e. */
  private static double best(double a, double b) {
    return (a - b) / (1 + 2 * NOISE * NOISE);
  }

  /** The variance of c given a and b. */
  private static double variance() {
    return 1 + NOISE * NOISE - 1 / (1 + 2 * NOISE * NOISE);
  }

  @Test
  void theErrorIsNearTheOptimum() {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    List<double[]> truth = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double[] x = numbers(random);
      truth.add(x);
      String side = x[3] > 0 ? "over" : "under";
      lines.add(String.format(Locale.ROOT, "%.3f,%.3f,,%s", x[0], x[1], side));
    }
    List<List<String>> filled = fill(lines, 0, 0);
    double found = 0;
    double optimum = 0;
    for (int i = 0; i < lines.size(); i++) {
      double[] x = truth.get(i);
      found += Math.pow(Double.parseDouble(filled.get(i).get(2)) - x[2], 2);
      optimum += Math.pow(best(x[0], x[1]) - x[2], 2);
    }
    assertTrue(found < 1.25 * optimum, found + ", at best " + optimum);
  }

  @Test
  void drawsHaveTheConditionalDistribution() {
    List<List<String>> drawn = fill(List.of("0.5,0.1,,over"), 400, 0);
    double[] moments = moments(drawn);
    assertEquals(best(0.5, 0.1), moments[0], 0.1);
    // The model's own variance is wider: 0.14 to 0.20 in draws of 400 by 16 seeds.
    assertEquals(1.45 * variance(), moments[1], 0.35 * variance());
    assertEquals(drawn, fill(List.of("0.5,0.1,,over"), 400, 0));
    assertNotEquals(drawn, fill(List.of("0.5,0.1,,over"), 400, 1));
  }

  private static double[] moments(List<List<String>> rows) {
    double[] values = rows.stream().mapToDouble(row -> Double.parseDouble(row.get(2))).toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return new double[] {mean, squares};
  }

  @Test
  void aLevelIsTheMostProbableOne() {
    assertEquals("over", fill(List.of("1.5,1.4,0.1,"), 0, 0).get(0).get(3));
    assertEquals("under", fill(List.of("-1.5,-1.4,0.1,"), 0, 0).get(0).get(3));
  }

  @Test
  void onlyMissingCellsChange() {
    List<String> lines =
        List.of("0.50,00.1,,over", "1e-1,0.2,0.3,under", ",,,", "NA,0.1,0.2,beside");
    List<List<String>> filled = fill(lines, 0, 0);
    assertEquals(List.of("0.50", "00.1"), filled.get(0).subList(0, 2));
    assertEquals("over", filled.get(0).get(3));
    assertEquals(List.of("1e-1", "0.2", "0.3", "under"), filled.get(1));
    assertEquals(List.of("0.1", "0.2", "beside"), filled.get(3).subList(1, 4));
    // Without any value a cell has its column's mean.
    for (int column = 0; column < 3; column++) {
      assertEquals(0, Double.parseDouble(filled.get(2).get(column)), 0.25, filled.toString());
    }
    assertTrue(filled.get(2).get(3).matches("over|under"), filled.toString());
    assertTrue(Double.isFinite(Double.parseDouble(filled.get(3).get(0))), filled.toString());
  }

  @Test
  void equalRowsAreFilledAlikeWhereverTheyAre() {
    List<String> lines = List.of("0.5,0.1,,over", "-1,0.4,,", ",1,,under", "0.5,0.1,,over");
    List<List<String>> filled = fill(lines, 0, 0);
    assertEquals(filled.get(0), filled.get(3));
    assertEquals(filled.get(2), fill(List.of(lines.get(2)), 0, 0).get(0));
    assertEquals(filled, fill(lines, 0, 0));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class AssociationTest {
  private static MixedColumn column(int rows, int levels, IntToDoubleFunction value) {
    float[] values = new float[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = (float) value.applyAsDouble(row);
    }
    return new MixedColumn(values, levels);
  }

  private static MixedColumn ranks(int rows, IntToDoubleFunction value) {
    return new MixedColumn(MidRanks.of(column(rows, 0, value).values()), 0);
  }

  @Test
  void ranksOfAMonotoneFunctionCorrelateFully() {
    MixedColumn a = ranks(30, row -> row);
    assertEquals(1, Association.of(a, ranks(30, row -> Math.exp(row / 3.0))), 1e-12);
    assertEquals(-1, Association.of(a, ranks(30, row -> -row * row)), 1e-12);
    assertEquals(0, Association.of(a, ranks(30, row -> 7)));
    assertEquals(Association.SPEARMAN, Association.between(a, a));
  }

  /** 1 - 6 sum d^2 / (n (n^2 - 1)), with neighbours exchanged: d = 1 in every row. */
  @Test
  void spearmansFormula() {
    MixedColumn a = ranks(20, row -> row);
    MixedColumn swapped = ranks(20, row -> row ^ 1);
    assertEquals(1 - 6.0 * 20 / (20 * 399), Association.of(a, swapped), 1e-12);
  }

  /** Two levels of 10 ranks each: eta^2 = 10 * 2 * 5^2 / 665, corrected by 19 / 18. */
  @Test
  void theCorrelationRatio() {
    MixedColumn numbers = ranks(20, row -> row);
    MixedColumn levels = column(20, 3, row -> row < 10 ? 0 : 2);
    double eta = 20 * 25 / 665.0;
    double expected = Math.sqrt(1 - (1 - eta) * 19 / 18);
    assertEquals(expected, Association.of(numbers, levels), 1e-12);
    assertEquals(expected, Association.of(levels, numbers), 1e-12);
    assertEquals(0, Association.of(numbers, column(20, 3, row -> 1)));
    assertEquals(0, Association.of(numbers, column(20, 20, row -> row)));
  }

  /** Bergsma's V of a table with 30 and 10 on and beside the diagonal: phi^2 = 0.25, n = 80. */
  @Test
  void cramersV() {
    MixedColumn a = column(80, 2, row -> row < 40 ? 0 : 1);
    MixedColumn b = column(80, 2, row -> row < 30 || row >= 70 ? 0 : 1);
    double expected = Math.sqrt((0.25 - 1 / 79.0) / (1 - 1 / 79.0));
    assertEquals(expected, Association.of(a, b), 1e-12);
    assertEquals(1, Association.of(a, a), 1e-12);
    assertEquals(0, Association.of(a, column(80, 2, row -> 1)));
  }

  /** A table of all their pairs would not fit into memory. */
  @Test
  void columnsOfManyLevels() {
    MixedColumn a = column(60, 1 << 20, row -> row % 3 * 300_000);
    MixedColumn b = column(60, 1 << 20, row -> 1_000_000 - row % 3);
    assertEquals(1, Association.of(a, b), 1e-12);
  }

  /** Without their corrections both would be 0.3 to 0.5 here. */
  @Test
  void manyLevelsAreNoAssociation() {
    Random random = new Random(4);
    double ratio = 0;
    double cramer = 0;
    for (int i = 0; i < 20; i++) {
      MixedColumn levels = column(200, 20, row -> random.nextInt(20));
      ratio += Association.of(levels, ranks(200, row -> random.nextDouble())) / 20;
      cramer += Association.of(levels, column(200, 20, row -> random.nextInt(20))) / 20;
    }
    assertTrue(ratio < 0.15 && cramer < 0.15, ratio + " " + cramer);
  }

  @Test
  void rowsWithoutBothValuesDoNotCount() {
    MixedColumn a = ranks(50, row -> row < 40 ? row : Double.NaN);
    MixedColumn b = ranks(50, row -> row < 20 ? Double.NaN : row < 40 ? -row : 1000);
    assertEquals(-1, Association.of(a, b), 1e-6);
    MixedColumn fewer = ranks(50, row -> row < 21 ? Double.NaN : row);
    assertEquals(Double.NaN, Association.of(a, fewer));
  }

  @Test
  void levelsAreChecked() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> column(2, 2, row -> 2 * row),
        "row 1: expected a level from 0 to 1, given 2.0");
  }
}

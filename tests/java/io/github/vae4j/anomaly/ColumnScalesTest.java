// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ColumnScalesTest {
  @Test
  void momentsAreThoseOfThePopulation() {
    double[] values = {1, 2, 3, 6};
    assertEquals(3, Columns.mean(values));
    assertEquals(Math.sqrt(3.5), Columns.deviation(values), 1e-15);
    // Deviations -2, -1, 0, 3: fourth moment (16 + 1 + 81) / 4.
    assertEquals(24.5 / (3.5 * 3.5) - 3, Columns.excessKurtosis(values), 1e-12);
  }

  @Test
  void aConstantColumnScalesToZero() {
    double[][] rows = {{5, 1}, {5, 3}};
    assertTrue(Columns.isConstant(Columns.of(rows, 0)));
    assertFalse(Columns.isConstant(Columns.of(rows, 1)));
    assertEquals(0, Columns.excessKurtosis(Columns.of(rows, 0)));
    double[][] scaled = Columns.standardised(rows, new double[][] {{5, 2}, {6, 4}});
    assertArrayEquals(new double[] {0, 0}, scaled[0]);
    assertArrayEquals(new double[] {1, 2}, scaled[1]);
  }

  @Test
  void quantilesOfTheNormalDistribution() {
    assertEquals(0, NormalScores.quantile(0.5), 1e-9);
    assertEquals(1.6448536269514722, NormalScores.quantile(0.95), 1e-8);
    assertEquals(-1.6448536269514722, NormalScores.quantile(0.05), 1e-8);
    assertEquals(-3.090232306167813, NormalScores.quantile(0.001), 1e-8);
    assertEquals(4.264890793922825, NormalScores.quantile(0.99999), 1e-7);
  }

  @Test
  void valuesHaveTheNormalScoresOfTheirRanksAndTiesOneScore() {
    NormalScores scores = new NormalScores(new double[] {7, 1, 7, 100});
    assertEquals(NormalScores.quantile(0.125), scores.applyAsDouble(1), 1e-12);
    assertEquals(NormalScores.quantile(0.5), scores.applyAsDouble(7), 1e-12);
    assertEquals(NormalScores.quantile(0.875), scores.applyAsDouble(100), 1e-12);
    double third = NormalScores.quantile(0.125) * 2 / 3;
    assertEquals(third, scores.applyAsDouble(3), 1e-12);
  }

  @Test
  void beyondTheRangeAScoreGoesOnByStandardDeviationsUpToTwenty() {
    double[] column = {0, 0, 0, 4};
    NormalScores scores = new NormalScores(column);
    double deviation = Columns.deviation(column);
    double first = NormalScores.quantile(0.375);
    double last = NormalScores.quantile(0.875);
    assertEquals(first - 1, scores.applyAsDouble(-deviation), 1e-12);
    assertEquals(last + 2, scores.applyAsDouble(4 + 2 * deviation), 1e-12);
    assertEquals(last + 20, scores.applyAsDouble(1e9), 1e-12);
    assertEquals(first - 20, scores.applyAsDouble(Double.NEGATIVE_INFINITY), 1e-12);
  }
}

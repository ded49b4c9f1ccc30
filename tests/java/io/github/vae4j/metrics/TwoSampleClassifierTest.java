// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TwoSampleClassifierTest {
  /** Two dependent numbers, a level that depends on them, and a number that is missing at times. */
  private static List<MixedColumn> sample(int seed, int rows, double shift, boolean dependent) {
    Random random = new Random(seed);
    float[][] values = new float[4][rows];
    for (int row = 0; row < rows; row++) {
      double z = random.nextGaussian();
      double other = dependent ? z : random.nextGaussian();
      values[0][row] = (float) (z + shift);
      values[1][row] = (float) (other + 0.4 * random.nextGaussian());
      values[2][row] = other > 0 ? 1 + random.nextInt(2) : 0;
      values[3][row] = random.nextInt(4) == 0 ? Float.NaN : random.nextInt(9);
    }
    return List.of(
        new MixedColumn(values[0], 0),
        new MixedColumn(values[1], 0),
        new MixedColumn(values[2], 3),
        new MixedColumn(values[3], 0));
  }

  private static TwoSampleClassifier of(List<MixedColumn> first, List<MixedColumn> second) {
    return TwoSampleClassifier.of(first, second, 0);
  }

  /** The error is that of the areas of many pairs of samples, and a half is their mean. */
  @Test
  void oneDistributionHasAHalf() {
    Moments areas = new Moments();
    Moments errors = new Moments();
    for (int i = 0; i < 12; i++) {
      TwoSampleClassifier found = of(sample(2 * i, 300, 0, true), sample(2 * i + 1, 300, 0, true));
      areas.add(found.auc());
      errors.add(found.standardError());
    }
    assertEquals(0.5, areas.mean(), 0.025);
    assertEquals(1 / Math.sqrt(6 * 300.0), errors.mean(), 0.003);
    assertTrue(Math.sqrt(areas.variance()) < 2 * errors.mean(), "" + areas.variance());
  }

  @Test
  void aShiftIsFound() {
    TwoSampleClassifier found = of(sample(1, 1000, 0, true), sample(2, 1000, 1, true));
    // Of the first column alone 0.76; of the first two Phi(sqrt((1 + 1 / 0.16) / 2)) = 0.97.
    assertTrue(found.auc() > 0.95 && found.auc() < 0.995, "" + found.auc());
    assertEquals(1000, found.rows());
  }

  @Test
  void columnsThatAreIndependentAreFoundThoughTheirDistributionsAreTheSame() {
    TwoSampleClassifier found = of(sample(1, 1000, 0, true), sample(2, 1500, 0, false));
    assertTrue(found.auc() > 0.8, "" + found.auc());
    assertEquals(1000, found.rows());
  }

  @Test
  void missingValuesAndLevelsAreFound() {
    List<MixedColumn> first = sample(1, 400, 0, true);
    float[] filled = sample(2, 400, 0, true).get(3).values().clone();
    for (int row = 0; row < 400; row++) {
      filled[row] = Float.isNaN(filled[row]) ? 4 : filled[row];
    }
    TwoSampleClassifier ofMissing = of(List.of(first.get(3)), List.of(new MixedColumn(filled, 0)));
    // The ratios of the probabilities are 0 of a missing value, 4 of a 4 and 1 of the others.
    assertEquals(2 / 3.0 * (1 / 4.0 + 1 / 3.0) + 1 / 3.0 * (1 - 1 / 24.0), ofMissing.auc(), 0.05);
    float[] levels = first.get(2).values().clone();
    for (int row = 0; row < 400; row++) {
      levels[row] = levels[row] == 2 ? 1 : levels[row];
    }
    TwoSampleClassifier ofLevels = of(List.of(first.get(2)), List.of(new MixedColumn(levels, 3)));
    // The ratios are 1, 2 and 0.
    assertEquals(0.5 * (0.25 + 0.25) + 0.5 * (0.75 + 0.125), ofLevels.auc(), 0.05);
  }

  @Test
  void aSeedHasOneResult() {
    List<MixedColumn> first = sample(1, 100, 0, true);
    List<MixedColumn> second = sample(2, 100, 0.5, true);
    assertEquals(of(first, second), of(first, second));
    assertNotEquals(of(first, second), TwoSampleClassifier.of(first, second, 1));
  }

  @Test
  void theTwoZerosAreOneValue() {
    float[] values = new float[100];
    for (int row = 0; row < 100; row++) {
      values[row] = row % 5;
    }
    float[] signed = values.clone();
    for (int row = 0; row < 100; row++) {
      signed[row] = signed[row] == 0 ? -0.0f : signed[row];
    }
    List<MixedColumn> first = List.of(new MixedColumn(values, 0));
    List<MixedColumn> second = List.of(new MixedColumn(signed, 0));
    assertEquals(of(first, first), of(first, second));
  }

  @Test
  void constantsAndFewRows() {
    MixedColumn constant = new MixedColumn(new float[40], 0);
    TwoSampleClassifier found = of(List.of(constant), List.of(constant));
    assertEquals(new TwoSampleClassifier(40, 0.5, 0), found);
    TwoSampleClassifier few = of(sample(1, 19, 0, true), sample(2, 400, 0, true));
    assertEquals(new TwoSampleClassifier(19, Double.NaN, Double.NaN), few);
  }
}

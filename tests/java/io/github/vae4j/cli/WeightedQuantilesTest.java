// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

class WeightedQuantilesTest {
  private static DataSet rows(int count) {
    return DataSets.of(Matrix.zeros(count, 1));
  }

  private static WeightedQuantiles weighted(double[] values, float... weights) {
    return new WeightedQuantiles(values, DataViews.weighted(rows(values.length), weights));
  }

  @Test
  void ofRowsWithoutWeightsTheNearestOneCounts() {
    WeightedQuantiles five = new WeightedQuantiles(new double[] {5, 1, 4, 2, -3}, rows(5));
    double[] sorted = {-3, 1, 2, 4, 5};
    for (int i = 0; i < 5; i++) {
      assertEquals(sorted[i], five.at(i / 4.0));
      assertEquals(sorted[i], five.at(Math.min(1, i / 4.0 + 0.12)));
      assertEquals(sorted[i], five.at(Math.max(0, i / 4.0 - 0.12)));
    }
    assertEquals(1.8, five.mean(), 1e-12);
  }

  /** In their order the values 2, 4 and 5 have 2, 1 and 1 of the weight of 4; 1 has none. */
  @Test
  void aQuantileIsTheValueUpToWhichThatPartOfTheWeightLies() {
    WeightedQuantiles four = weighted(new double[] {5, 1, 4, 2}, 1, 0, 1, 2);
    assertEquals(2, four.at(0));
    assertEquals(2, four.at(0.5));
    assertEquals(4, four.at(0.51));
    assertEquals(4, four.at(0.75));
    assertEquals(5, four.at(0.76));
    assertEquals(5, four.at(1));
    assertEquals((2 * 2 + 4 + 5) / 4.0, four.mean(), 1e-12);
  }

  @Test
  void onlyTheRatiosOfWeightsCount() {
    double[] values = {3, 8, -1, 6, 0};
    WeightedQuantiles small = weighted(values, 0.5f, 1, 1.5f, 2, 0.25f);
    WeightedQuantiles large = weighted(values, 4, 8, 12, 16, 2);
    for (int percent = 0; percent <= 100; percent++) {
      assertEquals(small.at(percent / 100.0), large.at(percent / 100.0));
    }
    assertEquals(small.mean(), large.mean(), 1e-12);
  }

  @Test
  void allWeightOnOneRowIsItsValue() {
    WeightedQuantiles one = weighted(new double[] {3, 8, -1}, 0, 7, 0);
    assertEquals(8, one.at(0));
    assertEquals(8, one.at(0.3));
    assertEquals(8, one.at(1));
    assertEquals(8, one.mean());
  }
}

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
  }

  @Test
  void aConstantColumnScalesToZero() {
    double[][] rows = {{5, 1}, {5, 3}};
    assertTrue(Columns.isConstant(Columns.of(rows, 0)));
    assertFalse(Columns.isConstant(Columns.of(rows, 1)));
    double[][] scaled = Columns.standardised(rows, new double[][] {{5, 2}, {6, 4}});
    assertArrayEquals(new double[] {0, 0}, scaled[0]);
    assertArrayEquals(new double[] {1, 2}, scaled[1]);
  }
}

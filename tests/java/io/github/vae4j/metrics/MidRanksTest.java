// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class MidRanksTest {
  @Test
  void equalValuesHaveTheMeanOfTheirRanks() {
    assertArrayEquals(
        new float[] {5, 1.5f, Float.NaN, 3.5f, 3.5f, 1.5f},
        MidRanks.of(new float[] {7, -0f, Float.NaN, 2, 2, 0}));
  }

  @Test
  void otherValuesAreBetween() {
    MidRanks ranks = new MidRanks(new double[] {3, 1, Double.NaN, 3, Double.POSITIVE_INFINITY});
    assertEquals(4, ranks.count());
    assertEquals(0.5, ranks.rank(0));
    assertEquals(1, ranks.rank(1));
    assertEquals(1.5, ranks.rank(2));
    assertEquals(2.5, ranks.rank(3));
    assertEquals(3.5, ranks.rank(9));
    assertEquals(4, ranks.rank(Double.POSITIVE_INFINITY));
    assertEquals(0.5, new MidRanks(new double[0]).rank(2));
  }
}

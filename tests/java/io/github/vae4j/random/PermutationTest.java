// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PermutationTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 100, 1000, 60_000, 65_536, 65_537})
  void everyRowOnce(int rows) {
    for (long epoch : new long[] {0, 1, 1L << 40}) {
      Permutation permutation = new Permutation(11, epoch, rows);
      BitSet seen = new BitSet(rows);
      for (int position = 0; position < rows; position++) {
        int row = permutation.at(position);
        assertTrue(row >= 0 && row < rows, "row " + row);
        assertFalse(seen.get(row), "row " + row + " twice");
        seen.set(row);
      }
      assertEquals(rows, seen.cardinality());
    }
  }

  /** The largest domain needs all 31 bits. */
  @Test
  void theLargestDataSet() {
    Permutation permutation = new Permutation(11, 0, Integer.MAX_VALUE);
    for (int position : new int[] {0, 1, Integer.MAX_VALUE - 1}) {
      assertTrue(permutation.at(position) >= 0 && permutation.at(position) < Integer.MAX_VALUE);
    }
  }

  @Test
  void epochAndSeedChangeTheOrder() {
    int rows = 1000;
    int[] order = order(11, 0, rows);
    for (int[] other : new int[][] {order(11, 1, rows), order(12, 0, rows)}) {
      int same = 0;
      for (int i = 0; i < rows; i++) {
        same += order[i] == other[i] ? 1 : 0;
      }
      // One fixed point is expected of two random orders.
      assertTrue(same < 10, same + " rows at the same place");
    }
    assertTrue(Arrays.equals(order, order(11, 0, rows)));
  }

  /** Over many epochs each row comes to each place equally often. */
  @ParameterizedTest
  @ValueSource(ints = {5, 20})
  void everyRowComesToEveryPlace(int rows) {
    int epochs = 4000;
    int[][] counts = new int[rows][rows];
    for (int epoch = 0; epoch < epochs; epoch++) {
      Permutation permutation = new Permutation(3, epoch, rows);
      for (int position = 0; position < rows; position++) {
        counts[position][permutation.at(position)]++;
      }
    }
    double expected = epochs / (double) rows;
    for (int[] places : counts) {
      for (int count : places) {
        assertEquals(expected, count, 5 * Math.sqrt(expected));
      }
    }
  }

  @Test
  void thereMustBeARow() {
    assertEquals(
        "permutation: expected 1 row or more, given 0",
        assertThrows(IllegalArgumentException.class, () -> new Permutation(1, 1, 0)).getMessage());
  }

  private static int[] order(long seed, long epoch, int rows) {
    Permutation permutation = new Permutation(seed, epoch, rows);
    int[] order = new int[rows];
    Arrays.setAll(order, permutation::at);
    return order;
  }
}

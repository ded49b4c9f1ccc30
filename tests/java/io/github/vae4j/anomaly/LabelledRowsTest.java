// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class LabelledRowsTest {
  private static LabelledRows rows(String labels) {
    double[][] values = new double[labels.length()][];
    boolean[] anomalous = new boolean[labels.length()];
    for (int row = 0; row < values.length; row++) {
      values[row] = new double[] {row};
      anomalous[row] = labels.charAt(row) == '1';
    }
    return new LabelledRows(values, anomalous);
  }

  private static double[] first(double[][] rows) {
    return Columns.of(rows, 0);
  }

  @Test
  void theFirstHalfOfTheNormalRowsTrainsInTheOrderOfTheFile() {
    LabelledRows.Split split = rows("0100100").semiSupervised();
    // Half of 5 is 2.5, which rounds to the even 2, as in Python.
    assertArrayEquals(new double[] {0, 2}, first(split.train()));
    assertArrayEquals(new double[] {3, 5, 6, 1, 4}, first(split.test().rows()));
    assertArrayEquals(new boolean[] {false, false, false, true, true}, split.test().anomalous());
    assertEquals(4, rows("00000001").semiSupervised().train().length);
  }

  @Test
  void aBootstrapDrawsFromAllRowsWithReplacement() {
    LabelledRows all = rows("0010000000");
    LabelledRows.Split split = all.unsupervised(1);
    assertSame(all, split.test());
    assertEquals(10, split.train().length);
    double[] drawn = first(split.train());
    assertFalse(Arrays.stream(drawn).distinct().count() == 10, "no row was drawn twice");
    assertArrayEquals(drawn, first(all.unsupervised(1).train()));
    assertFalse(Arrays.equals(drawn, first(all.unsupervised(2).train())));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * Columns as the numbers of bins: bin 0 is that of missing values, numbers are in at most {@value
 * #NUMBERS} bins between their quantiles, and levels have a bin each, the last one that of all
 * further levels.
 *
 * @param codes of each column the bin of each row, an unsigned byte
 * @param bins the number of bins of each column
 * @param ordered whether the bins of a column are in the order of its values
 */
@SuppressWarnings("ArrayRecordComponent")
record BinnedColumns(byte[][] codes, int[] bins, boolean[] ordered) {
  static final int NUMBERS = 63;
  private static final int LEVELS = 254;

  static BinnedColumns of(List<MixedColumn> columns) {
    int count = columns.size();
    BinnedColumns binned = new BinnedColumns(new byte[count][], new int[count], new boolean[count]);
    for (int i = 0; i < count; i++) {
      MixedColumn column = columns.get(i);
      binned.ordered[i] = !column.hasLevels();
      if (column.hasLevels()) {
        binned.bins[i] = Math.min(LEVELS, column.levels()) + 1;
        binned.codes[i] = codes(column, value -> Math.min((int) value, LEVELS - 1));
      } else {
        float[] edges = edges(column);
        binned.bins[i] = edges.length + 2;
        binned.codes[i] = codes(column, value -> below(edges, value));
      }
    }
    return binned;
  }

  private interface BinOf {
    int of(float value);
  }

  private static byte[] codes(MixedColumn column, BinOf bin) {
    byte[] codes = new byte[column.values().length];
    for (int row = 0; row < codes.length; row++) {
      float value = column.values()[row];
      // The two zeros are one value.
      codes[row] = (byte) (Float.isNaN(value) ? 0 : 1 + bin.of(value + 0.0f));
    }
    return codes;
  }

  /** The upper ends of all bins of numbers but the last, different ones. */
  private static float[] edges(MixedColumn column) {
    double[] sorted = column.present();
    Arrays.sort(sorted);
    float[] edges = new float[NUMBERS - 1];
    int count = 0;
    for (int i = 1; i < NUMBERS && sorted.length > 0; i++) {
      float edge = (float) sorted[(int) ((long) i * (sorted.length - 1) / NUMBERS)] + 0.0f;
      if ((count == 0 || edge > edges[count - 1]) && edge < sorted[sorted.length - 1]) {
        edges[count++] = edge;
      }
    }
    return Arrays.copyOf(edges, count);
  }

  /** The number of edges below a value. */
  private static int below(float[] edges, float value) {
    int found = Arrays.binarySearch(edges, value);
    return found >= 0 ? found : -found - 1;
  }
}

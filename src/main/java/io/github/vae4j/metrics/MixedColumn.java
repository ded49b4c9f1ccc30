// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;

/**
 * A column of numbers or of levels.
 *
 * @param values one a row, NaN where it is missing; of a column of levels their numbers from 0
 * @param levels the number of levels; 0 for a column of numbers
 */
@SuppressWarnings("ArrayRecordComponent")
public record MixedColumn(float[] values, int levels) {
  /** Checks the levels. {@inheritDoc} */
  public MixedColumn {
    if (levels < 0) {
      throw new IllegalArgumentException("levels: expected 0 or more, given " + levels);
    }
    for (int row = 0; levels > 0 && row < values.length; row++) {
      float value = values[row];
      if (!Float.isNaN(value) && !(value >= 0 && value < levels && value == (int) value)) {
        throw new IllegalArgumentException(
            "row " + row + ": expected a level from 0 to " + (levels - 1) + ", given " + value);
      }
    }
  }

  /**
   * Whether the values are levels.
   *
   * @return false for numbers
   */
  public boolean hasLevels() {
    return levels > 0;
  }

  /**
   * The first rows.
   *
   * @param rows their number, at most that of the column
   * @return a copy
   */
  public MixedColumn head(int rows) {
    return new MixedColumn(Arrays.copyOf(values, rows), levels);
  }

  /**
   * The share of rows without a value.
   *
   * @return 0 to 1; NaN without rows
   */
  public double missingShare() {
    return 1 - present().length / (double) values.length;
  }

  /**
   * The numbers that are not missing.
   *
   * @return in the order of the rows
   */
  public double[] present() {
    double[] present = new double[values.length];
    int count = 0;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        present[count++] = value;
      }
    }
    return Arrays.copyOf(present, count);
  }

  /**
   * The number of rows in each level.
   *
   * @return one count a level
   */
  public long[] counts() {
    long[] counts = new long[levels];
    for (float value : values) {
      if (!Float.isNaN(value)) {
        counts[(int) value]++;
      }
    }
    return counts;
  }
}

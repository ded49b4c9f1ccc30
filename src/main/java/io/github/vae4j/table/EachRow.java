// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;

/** A pass over the rows of a data set, some of which are in memory at a time. */
final class EachRow {
  private static final int BLOCK_VALUES = 1 << 18;

  private EachRow() {}

  /** Receives a row. */
  interface Receiver {
    /**
     * A row.
     *
     * @param number from 0
     * @param values its features, overwritten by those of the next row
     */
    void row(int number, float[] values);
  }

  static void of(DataSet rows, Receiver receiver) {
    int width = rows.features();
    int block = Math.max(1, BLOCK_VALUES / width);
    float[] row = new float[width];
    for (int first = 0; first < rows.rows(); first += block) {
      int count = Math.min(block, rows.rows() - first);
      float[] values = DataSets.values(rows, first, count).values();
      for (int i = 0; i < count; i++) {
        System.arraycopy(values, i * width, row, 0, width);
        receiver.row(first + i, row);
      }
    }
  }
}

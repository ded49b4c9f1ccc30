// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.RowBlocks;

/** A pass over the rows of a data set, some of which are in memory at a time. */
final class EachRow {
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
    float[] row = new float[rows.features()];
    RowBlocks.forEach(
        rows,
        (first, count, raw) -> {
          for (int i = 0; i < count; i++) {
            for (int d = 0; d < row.length; d++) {
              row[d] = RowBlocks.value(rows, raw, i * row.length + d);
            }
            receiver.row(first + i, row);
          }
        });
  }
}

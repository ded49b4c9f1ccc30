// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.util.Arrays;

/**
 * A data set that is split in two views; the set must stay open. Each view has the rows in their
 * order in the set.
 *
 * @param train the training rows
 * @param validation the rows that are held out
 */
public record Split(DataSet train, DataSet validation) {

  /** Holds out the rows with the least words of the stream SPLIT, at (step 0, row, column 0). */
  static Split of(DataSet set, double fraction, long seed) {
    int rows = set.rows();
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "fraction: expected a number between 0 and 1, given " + fraction);
    }
    if (rows < 2) {
      throw new IllegalArgumentException(
          "split: expected 2 rows or more, given " + rows + " in " + set.name());
    }
    int held = (int) Math.min(Math.max(Math.round(rows * fraction), 1), rows - 1);
    long[] keys = new long[rows];
    for (int row = 0; row < rows; row++) {
      long word = Integer.toUnsignedLong(Philox.word(seed, Stream.SPLIT, 0, row, 0));
      keys[row] = word << 31 | row;
    }
    Arrays.sort(keys);
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      order[i] = (int) keys[i] & Integer.MAX_VALUE;
    }
    return new Split(
        part(set, Arrays.copyOfRange(order, held, rows)),
        part(set, Arrays.copyOfRange(order, 0, held)));
  }

  private static DataSet part(DataSet set, int[] rows) {
    Arrays.sort(rows);
    return DataSets.rows(set, rows);
  }
}

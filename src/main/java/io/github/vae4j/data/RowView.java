// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.util.Objects;

/** Some rows of another data set, which owns the values; the caller closes it. */
final class RowView implements RowSource {
  private final DataSet parent;
  private final int[] index;

  private RowView(DataSet parent, int[] index) {
    this.parent = parent;
    this.index = index;
  }

  static DataSet of(DataSet parent, int[] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows: expected 1 row or more of " + parent.name());
    }
    int[] index = rows.clone();
    for (int row : index) {
      Objects.checkIndex(row, parent.rows());
    }
    DataInfo info = DataInfo.of(parent).withRows(index.length, RowNotes.of(parent, index));
    return new RowDataSet(info, new RowView(parent, index));
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    int end = first + count;
    for (int at = first; at < end; ) {
      int run = 1;
      while (at + run < end && index[at + run] == index[at] + run) {
        run++;
      }
      parent.read(index[at], run, target);
      at += run;
    }
  }

  @Override
  public boolean resident() {
    return parent.resident();
  }
}

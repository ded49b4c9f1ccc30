// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** Some columns of another data set, which owns the values; the caller closes it. */
final class ColumnView implements RowSource {
  private final DataSet parent;
  private final int[] columns;

  private ColumnView(DataSet parent, int[] columns) {
    this.parent = parent;
    this.columns = columns;
  }

  static DataSet of(DataSet parent, int[] columns) {
    int[] own = columns.clone();
    for (int column : own) {
      Objects.checkIndex(column, parent.features());
    }
    DataInfo info = DataInfo.of(parent).withColumns(Columns.some(parent, own));
    return new RowDataSet(info, new ColumnView(parent, own));
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    int size = parent.type().bytes();
    ByteBuffer row = ByteBuffer.allocate(parent.features() * size).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      parent.read(first + i, 1, row.clear());
      for (int column : columns) {
        target.put(target.position(), row, column * size, size);
        target.position(target.position() + size);
      }
    }
  }

  @Override
  public boolean resident() {
    return parent.resident();
  }
}

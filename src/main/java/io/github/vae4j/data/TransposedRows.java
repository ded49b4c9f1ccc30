// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Images with lines and columns exchanged, for files that store columns one after the other. */
final class TransposedRows implements RowSource {
  private final DataSet parent;
  private final ImageShape stored;

  private TransposedRows(DataSet parent, ImageShape stored) {
    this.parent = parent;
    this.stored = stored;
  }

  /** The images of a set, which the result closes. */
  static DataSet of(DataSet parent) {
    ImageShape stored = parent.image();
    if (stored == null) {
      parent.close();
      throw new DataException(
          parent.name() + ": has rows that are not images, which cannot be transposed");
    }
    ImageShape shape =
        new ImageShape(
            /* width= */ stored.height(), /* height= */ stored.width(), stored.channels());
    return new RowDataSet(DataInfo.of(parent).withImage(shape), new TransposedRows(parent, stored));
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    int pixel = stored.channels() * parent.type().bytes();
    ByteBuffer row =
        ByteBuffer.allocate(stored.width() * stored.height() * pixel)
            .order(ByteOrder.nativeOrder());
    for (int i = first; i < first + count; i++) {
      parent.read(i, 1, row.clear());
      for (int x = 0; x < stored.width(); x++) {
        for (int y = 0; y < stored.height(); y++) {
          target.put(target.position(), row, (y * stored.width() + x) * pixel, pixel);
          target.position(target.position() + pixel);
        }
      }
    }
  }

  @Override
  public boolean resident() {
    return parent.resident();
  }

  @Override
  public void close() {
    parent.close();
  }
}

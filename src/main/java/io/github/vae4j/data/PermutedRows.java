// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Images whose values the source has in another order, which is put right when they are read. */
final class PermutedRows implements RowSource {
  private final DataSet parent;
  private final int[] source;

  /**
   * A source of rows.
   *
   * @param source the number of each value in the parent's row
   */
  private PermutedRows(DataSet parent, int[] source) {
    this.parent = parent;
    this.source = source;
  }

  /** Images with lines and columns exchanged. The result closes the set. */
  static DataSet transposed(DataSet parent) {
    ImageShape stored = parent.image();
    if (stored == null) {
      parent.close();
      throw new DataException(
          parent.name() + ": has rows that are not images, which cannot be transposed");
    }
    int channels = stored.channels();
    ImageShape shape =
        new ImageShape(/* width= */ stored.height(), /* height= */ stored.width(), channels);
    int[] source = new int[shape.features()];
    for (int i = 0; i < source.length; i++) {
      int pixel = i / channels;
      int y = pixel / shape.width();
      int x = pixel % shape.width();
      source[i] = (x * stored.width() + y) * channels + i % channels;
    }
    return of(parent, shape, source);
  }

  /** Images whose channels are one after the other in the set. The result closes the set. */
  static DataSet channelsLast(DataSet parent, ImageShape shape) {
    return of(parent, shape, shape.channelsFirst());
  }

  private static DataSet of(DataSet parent, ImageShape shape, int[] source) {
    return new RowDataSet(DataInfo.of(parent).withImage(shape), new PermutedRows(parent, source));
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    boolean bytes = parent.type().bytes() == 1;
    ByteBuffer row =
        ByteBuffer.allocate(source.length * parent.type().bytes()).order(ByteOrder.nativeOrder());
    for (int i = first; i < first + count; i++) {
      parent.read(i, 1, row.clear());
      for (int at : source) {
        if (bytes) {
          target.put(row.get(at));
        } else {
          target.putFloat(row.getFloat(at * Float.BYTES));
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

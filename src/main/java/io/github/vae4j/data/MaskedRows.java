// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The rows of a data set with NaN where a mask of the same shape is 0. */
final class MaskedRows implements RowSource {
  private final DataSet parent;
  private final DataSet mask;

  private MaskedRows(DataSet parent, DataSet mask) {
    this.parent = parent;
    this.mask = mask;
  }

  static DataSet of(DataSet parent, DataSet mask) {
    if (mask.rows() != parent.rows() || mask.features() != parent.features()) {
      throw new DataException(
          mask.name()
              + ": expected a mask of "
              + parent.rows()
              + " x "
              + parent.features()
              + " values, as "
              + parent.name()
              + " has, given "
              + mask.rows()
              + " x "
              + mask.features());
    }
    requireZerosAndOnes(mask);
    // Bytes are scaled to grey values here, because only floats can be NaN.
    DataInfo info = DataInfo.of(parent).withValues(DType.FLOAT32, 1, true);
    return new RowDataSet(info, new MaskedRows(parent, mask));
  }

  private static void requireZerosAndOnes(DataSet mask) {
    RowBlocks.forEach(
        mask,
        (first, count, raw) -> {
          for (int i = 0; i < count * mask.features(); i++) {
            float value = raw(mask, raw, i);
            if (value != 0 && value != 1) {
              throw new DataException(
                  mask.name()
                      + ": "
                      + mask.place(first + i / mask.features(), i % mask.features())
                      + " is "
                      + value
                      + "; a mask is 0 where a value is missing, else 1");
            }
          }
        });
  }

  private static float raw(DataSet set, ByteBuffer raw, int at) {
    return set.type() == DType.UINT8
        ? Byte.toUnsignedInt(raw.get(at))
        : raw.getFloat(at * Float.BYTES);
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    ByteBuffer values = row(parent);
    ByteBuffer shown = row(mask);
    for (int i = first; i < first + count; i++) {
      parent.read(i, 1, values.clear());
      mask.read(i, 1, shown.clear());
      for (int d = 0; d < parent.features(); d++) {
        target.putFloat(
            raw(mask, shown, d) == 0 ? Float.NaN : raw(parent, values, d) * parent.scale());
      }
    }
  }

  private static ByteBuffer row(DataSet set) {
    return ByteBuffer.allocate(set.features() * set.type().bytes()).order(ByteOrder.nativeOrder());
  }

  @Override
  public boolean resident() {
    return parent.resident();
  }
}

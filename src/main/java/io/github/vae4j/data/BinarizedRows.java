// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Values v of [0, 1] drawn as 1 where u &lt; v and else 0, with u uniform at (BINARIZE_FIXED, step
 * 0, row, column). A draw is a function of its place, so that a row is the same each time it is
 * read, and a streamed set needs no memory. Missing values stay missing.
 */
final class BinarizedRows implements RowSource {
  private static final double UNIT = 0x1p24;

  private final DataSet parent;
  private final long seed;

  private BinarizedRows(DataSet parent, long seed) {
    this.parent = parent;
    this.seed = seed;
  }

  static DataSet of(DataSet parent, long seed) {
    requireProbabilities(parent);
    DType type = parent.missing() ? DType.FLOAT32 : DType.UINT8;
    DataInfo info = DataInfo.of(parent).withValues(type, 1, parent.missing());
    DataSet onDemand = new RowDataSet(info, new BinarizedRows(parent, seed));
    if (!parent.resident()) {
      return onDemand;
    }
    HeapRows rows = new HeapRows(info.name(), info.type(), info.features());
    rows.reserve(info.rows());
    RowBlocks.forEach(
        onDemand,
        (first, count, raw) -> {
          for (int i = 0; i < count; i++) {
            rows.put(first + i, raw, i * info.rowBytes());
          }
        });
    return new RowDataSet(info, rows.build(info.rows()));
  }

  static void requireProbabilities(DataSet set) {
    RowBlocks.forEach(
        set,
        (first, count, raw) -> {
          for (int i = 0; i < count * set.features(); i++) {
            float value = RowBlocks.value(set, raw, i);
            if (!(value >= 0 && value <= 1) && !(set.missing() && Float.isNaN(value))) {
              throw new DataException(
                  set.name()
                      + ": "
                      + set.place(first + i / set.features(), i % set.features())
                      + " is "
                      + value
                      + "; only values of 0 to 1 can be binarized: scale the data, or do not binarize"
                      + " (TrainConfig.binarize none)");
            }
          }
        });
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    int features = parent.features();
    ByteBuffer raw =
        ByteBuffer.allocate(features * parent.type().bytes()).order(ByteOrder.nativeOrder());
    int[] words = new int[4];
    for (int row = first; row < first + count; row++) {
      parent.read(row, 1, raw.clear());
      for (int d = 0; d < features; d++) {
        if ((d & 3) == 0) {
          // Four columns share a block; with step 0 its last counter word has only the stream.
          Philox.block(seed, d >>> 2, row, 0, Stream.BINARIZE_FIXED.id() << 24, words);
        }
        float v = RowBlocks.value(parent, raw, d);
        boolean one = (words[d & 3] >>> 8) < v * UNIT;
        if (parent.missing()) {
          target.putFloat(Float.isNaN(v) ? v : one ? 1 : 0);
        } else {
          target.put((byte) (one ? 1 : 0));
        }
      }
    }
  }

  @Override
  public boolean resident() {
    return parent.resident();
  }
}

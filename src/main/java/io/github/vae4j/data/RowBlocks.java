// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;

/** Reads the rows of a data set once, in blocks. */
public final class RowBlocks {
  private static final int BLOCK_BYTES = 1 << 20;

  private RowBlocks() {}

  /** Receives the blocks. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Receives a block.
     *
     * @param first the number of its first row
     * @param count the number of its rows
     * @param raw their raw values in native order, from position 0 of a buffer that is reused
     */
    void visit(int first, int count, ByteBuffer raw);
  }

  /**
   * Reads all rows.
   *
   * @param set the rows
   * @param visitor receives the blocks in order
   */
  public static void forEach(DataSet set, Visitor visitor) {
    every(
        set,
        (first, count, raw) -> {
          visitor.visit(first, count, raw);
          return true;
        });
  }

  /** Tests the blocks. */
  @FunctionalInterface
  interface Test {
    /** Tests a block, which is as that of {@link Visitor}. */
    boolean test(int first, int count, ByteBuffer raw);
  }

  /** Whether all blocks pass a test; reads none after the first that does not. */
  static boolean every(DataSet set, Test test) {
    int rowBytes = set.features() * set.type().bytes();
    int perBlock = Math.max(1, Math.min(set.rows(), BLOCK_BYTES / rowBytes));
    ByteBuffer raw = Heap.allocate(set.name(), perBlock * rowBytes);
    for (long at = 0; at < set.rows(); at += perBlock) {
      int first = (int) at;
      int count = Math.min(perBlock, set.rows() - first);
      set.read(first, count, raw.clear());
      if (!test.test(first, count, raw.flip())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The value at an index of raw values, in the unit of the data.
   *
   * @param set the rows
   * @param raw values of a block
   * @param at the index in the block
   * @return the value
   */
  public static float value(DataSet set, ByteBuffer raw, int at) {
    return set.scale()
        * (set.type() == DType.UINT8
            ? Byte.toUnsignedInt(raw.get(at))
            : raw.getFloat(at * Float.BYTES));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;

/** Where the rows of a {@link RowDataSet} are. Arguments were checked; several threads may read. */
interface RowSource extends AutoCloseable {
  /** Puts count * features raw values into a buffer in native order. */
  void read(int first, int count, ByteBuffer target);

  /** Whether reading is a copy from memory. */
  boolean resident();

  @Override
  default void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;

/**
 * The storage of the rows of a {@link RowDataSet}. The caller has checked the arguments; several
 * threads may read.
 */
interface RowSource extends AutoCloseable {
  /** Writes count * features raw values to a buffer in native order. */
  void read(int first, int count, ByteBuffer target);

  /** Whether reading is a copy from memory. */
  boolean resident();

  @Override
  default void close() {}
}

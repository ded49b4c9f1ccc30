// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Memory for data in the Java heap, or an error that names the data and the remedy. */
final class Heap {
  /** The part of the heap that data may take. */
  private static final double PART = 0.95;

  private Heap() {}

  /** Refuses sizes that can never fit. */
  static void require(String name, double bytes) {
    if (bytes > PART * Runtime.getRuntime().maxMemory()) {
      throw tooLarge(name, bytes, null);
    }
  }

  /** A buffer in native order. */
  static ByteBuffer allocate(String name, int bytes) {
    try {
      return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw tooLarge(name, bytes, e);
    }
  }

  /** Characters. */
  static char[] characters(String name, long count) {
    require(name, 2.0 * count);
    try {
      return new char[Math.toIntExact(count)];
    } catch (OutOfMemoryError e) {
      throw tooLarge(name, 2.0 * count, e);
    }
  }

  /** A matrix of zeros. */
  static Matrix matrix(String name, int rows, int columns) {
    double bytes = (double) rows * columns * Float.BYTES;
    require(name, bytes);
    try {
      return Matrix.zeros(rows, columns);
    } catch (OutOfMemoryError e) {
      throw tooLarge(name, bytes, e);
    }
  }

  private static DataException tooLarge(String name, double bytes, @Nullable OutOfMemoryError e) {
    String message =
        name
            + ": "
            + (long) Math.ceil(bytes / (1 << 20))
            + " MiB do not fit into the Java heap of "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB; give java a larger -Xmx, or store the data as an uncompressed NPY or IDX file,"
            + " which is streamed from disk";
    return e == null ? new DataException(message) : new DataException(message, e);
  }
}

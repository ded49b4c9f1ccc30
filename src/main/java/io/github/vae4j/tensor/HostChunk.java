// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The direct buffer of a thread, through which arrays are copied to and from a backend. It is kept,
 * because a new one for each copy costs more than a small copy, and its memory is free only when a
 * garbage collection finds it.
 */
final class HostChunk {
  private static final int LEAST_BYTES = 1 << 12;
  private static final int MOST_BYTES = 1 << 20;

  private static final ThreadLocal<ByteBuffer> KEPT =
      ThreadLocal.withInitial(() -> direct(LEAST_BYTES));

  private HostChunk() {}

  /**
   * The buffer of the calling thread, in native order and cleared.
   *
   * @param bytes that will be copied; the buffer is smaller if these are many
   */
  static ByteBuffer of(long bytes) {
    ByteBuffer kept = KEPT.get();
    if (kept.capacity() < Math.min(bytes, MOST_BYTES)) {
      kept = direct(bytes > MOST_BYTES / 16 ? MOST_BYTES : MOST_BYTES / 16);
      KEPT.set(kept);
    }
    return kept.clear();
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}

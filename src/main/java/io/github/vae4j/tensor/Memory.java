// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.nio.ByteBuffer;

/**
 * One allocation of a backend: host memory or device memory. Offsets and sizes are in bytes; byte
 * order is the machine's.
 */
public interface Memory extends AutoCloseable {
  /**
   * The size of the allocation.
   *
   * @return bytes
   */
  long bytes();

  /**
   * The address in the backend's address space, for native code. 0 once closed.
   *
   * @return the address
   */
  long address();

  /**
   * The turn of the backend that allocated this memory.
   *
   * @return the turn, which every call of this object takes
   */
  Turn turn();

  /**
   * Copies from this memory into the remaining elements of the host buffer. Waits for the work that
   * was submitted before.
   *
   * @param offset of the first byte
   * @param destination a direct buffer in native order
   */
  void read(long offset, ByteBuffer destination);

  /**
   * Copies the remaining elements of the host buffer into this memory. The source may be reused on
   * return.
   *
   * @param offset of the first byte
   * @param source a direct buffer in native order
   */
  void write(long offset, ByteBuffer source);

  /** Frees the allocation. A second call does nothing. */
  @Override
  void close();
}

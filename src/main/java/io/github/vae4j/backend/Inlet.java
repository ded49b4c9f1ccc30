// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.tensor.Buffer;
import java.nio.ByteBuffer;

/**
 * A buffer in two halves that the host fills in turn, one while ops read the other: how rows reach
 * a backend that they do not fit on. Ops submitted between two calls of {@link #write} may read the
 * half that the first of the two filled, and no other.
 */
public interface Inlet extends AutoCloseable {
  /**
   * Both halves, one after the other.
   *
   * @return the buffer, for ops; it belongs to the inlet
   */
  Buffer buffer();

  /**
   * Fills the half whose turn it is from its start, while ops that were submitted before may still
   * run. The source may be reused on return.
   *
   * @param source a direct buffer; what remains of it is copied, at most a half
   * @return 0 for the first half, 1 for the second
   */
  int write(ByteBuffer source);

  /** Frees the buffer. A second call does nothing. */
  @Override
  void close();
}

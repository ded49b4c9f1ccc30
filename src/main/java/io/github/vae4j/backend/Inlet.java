// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.tensor.Buffer;
import java.nio.ByteBuffer;

/**
 * A buffer of two halves: the host fills one while ops read the other. Rows of a data set that is
 * larger than the backend's memory are uploaded through it. Ops submitted between two calls of
 * {@link #write} may only read the half that the first of the two calls filled.
 */
public interface Inlet extends AutoCloseable {
  /**
   * The buffer of both halves, the first half first.
   *
   * @return the buffer, for ops; it belongs to the inlet
   */
  Buffer buffer();

  /**
   * Fills the next half from its start; ops submitted before may still be running. The source may
   * be reused on return.
   *
   * @param source a direct buffer, whose remaining elements are copied, at most a half
   * @return 0 for the first half, 1 for the second
   */
  int write(ByteBuffer source);

  /** Frees the buffer. A second call does nothing. */
  @Override
  void close();
}

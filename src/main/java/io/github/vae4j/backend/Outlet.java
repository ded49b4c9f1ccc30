// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * Copies numbers from a backend to the host while ops run. A request between two ops copies the
 * values after the ops submitted before it; the host can take them when those ops are done.
 */
public interface Outlet extends AutoCloseable {
  /**
   * Requests the numbers with their values after the ops submitted so far; one request at a time.
   */
  void request();

  /**
   * Whether the requested numbers have arrived, so that {@link #take} does not wait.
   *
   * @return true if they have
   */
  boolean arrived();

  /**
   * Takes the requested numbers, and waits for them if they have not arrived.
   *
   * @param target gets all numbers
   */
  void take(double[] target);

  /** Frees the outlet's memory. A second call does nothing. */
  @Override
  void close();
}

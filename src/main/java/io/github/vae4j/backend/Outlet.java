// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * Numbers on their way from a backend to the host while ops run: asked for between two ops, they
 * are what the ops before left, and can be taken as soon as those are done.
 */
public interface Outlet extends AutoCloseable {
  /** Asks for the numbers as the ops submitted so far leave them; one request at a time. */
  void request();

  /**
   * Whether what was asked for has arrived, so that taking it does not wait.
   *
   * @return true where it has
   */
  boolean arrived();

  /**
   * Takes what was asked for, and waits for it where it has not arrived.
   *
   * @param target gets all numbers
   */
  void take(double[] target);

  /** Frees what the outlet has. A second call does nothing. */
  @Override
  void close();
}

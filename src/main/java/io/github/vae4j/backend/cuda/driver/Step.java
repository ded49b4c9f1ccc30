// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

/** A submission to the stream with all its arguments: a launch, a product or a copy. */
public interface Step extends AutoCloseable {
  /**
   * Submits it. The context is current.
   *
   * @param block the number of the control block that it reads, from 0
   */
  void submit(int block);

  @Override
  default void close() {}
}

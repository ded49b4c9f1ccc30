// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

/** One submission to the stream with all its arguments ready: a launch, a product or a copy. */
public interface Step extends AutoCloseable {
  /**
   * Submits it. The context is current.
   *
   * @param block which of the blocks it reads that change from run to run, from 0
   */
  void submit(int block);

  @Override
  default void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

/** What was half made is closed without hiding why it was not finished. */
public final class Closing {
  private Closing() {}

  /**
   * Closes a resource.
   *
   * @param failure takes what closing throws
   * @param resource what is closed
   */
  public static void suppressing(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}

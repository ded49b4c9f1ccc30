// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.driver;

/** Closes incomplete objects without hiding the exception that interrupted their construction. */
public final class Closing {
  private Closing() {}

  /**
   * Closes a resource.
   *
   * @param failure receives exceptions of closing as suppressed
   * @param resource to close
   */
  public static void suppressing(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}

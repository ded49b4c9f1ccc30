// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

/** What was half made is closed without hiding why it was not finished. */
final class Closing {
  private Closing() {}

  /** Closes a resource; what that throws is added to the failure. */
  static void suppressing(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}

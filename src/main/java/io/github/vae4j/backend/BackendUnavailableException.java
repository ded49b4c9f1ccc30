// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.VaeException;

/** A backend cannot be used here. The message names the missing part and the remedy. */
public final class BackendUnavailableException extends VaeException {
  /**
   * A backend that cannot be used.
   *
   * @param message names the missing part and the remedy
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /**
   * A backend that cannot be used, because of another exception.
   *
   * @param message names the missing part and the remedy
   * @param cause the other exception
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}

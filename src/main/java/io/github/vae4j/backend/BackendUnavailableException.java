// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.VaeException;

/** A backend cannot be used here. The message says what is missing and how to mend it. */
public final class BackendUnavailableException extends VaeException {
  /**
   * A backend that cannot be used.
   *
   * @param message what is missing and how to mend it
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /**
   * A backend that cannot be used, and what was thrown below.
   *
   * @param message what is missing and how to mend it
   * @param cause what was thrown
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}

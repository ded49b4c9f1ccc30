// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.VaeException;

/** A backend has too little memory for a request. */
public final class MemoryException extends VaeException {
  private static final long serialVersionUID = 1L;

  /**
   * An error with a message for the user.
   *
   * @param message the request and the remedy
   */
  public MemoryException(String message) {
    super(message);
  }

  /**
   * An error with a message for the user and its cause.
   *
   * @param message the request and the remedy
   * @param cause the exception that caused it
   */
  public MemoryException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isOutOfMemory() {
    return true;
  }
}

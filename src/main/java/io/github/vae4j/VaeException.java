// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

/**
 * A failure with a message for the user, which names the request, the fault and the remedy. Wrong
 * arguments are {@link IllegalArgumentException} instead.
 */
public class VaeException extends RuntimeException {
  /**
   * An error with a message for the user.
   *
   * @param message the failure and the remedy
   */
  public VaeException(String message) {
    super(message);
  }

  /**
   * An error with a message for the user and its cause.
   *
   * @param message the failure and the remedy
   * @param cause the exception that caused it
   */
  public VaeException(String message, Throwable cause) {
    super(message, cause);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

/**
 * Something vae4j could not do, said so that a user can mend it: what was asked, what was found and
 * what to change. Wrong arguments are {@link IllegalArgumentException} instead.
 */
public class VaeException extends RuntimeException {
  /**
   * An error with a message for the user.
   *
   * @param message what failed and how to mend it
   */
  public VaeException(String message) {
    super(message);
  }

  /**
   * An error with a message for the user and its cause.
   *
   * @param message what failed and how to mend it
   * @param cause what was thrown below
   */
  public VaeException(String message, Throwable cause) {
    super(message, cause);
  }
}

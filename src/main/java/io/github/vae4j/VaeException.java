// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

/**
 * A failure with a message for the user, which names the request, the fault and the remedy. Wrong
 * arguments are {@link IllegalArgumentException} instead.
 */
public class VaeException extends RuntimeException {
  private static final int START = 3000;
  private static final int END = 1000;

  /**
   * An error with a message for the user.
   *
   * @param message the failure and the remedy
   */
  public VaeException(String message) {
    super(bounded(message));
  }

  /**
   * An error with a message for the user and its cause.
   *
   * @param message the failure and the remedy
   * @param cause the exception that caused it
   */
  public VaeException(String message, Throwable cause) {
    super(bounded(message), cause);
  }

  /**
   * Whether a machine or a device had too little free memory for the request.
   *
   * @return false for most errors
   */
  public boolean isOutOfMemory() {
    return false;
  }

  /** A text of a file can be of any length, and the remedy at the end must be seen. */
  private static String bounded(String message) {
    int cut = message.length() - START - END;
    return cut <= 0
        ? message
        : message.substring(0, START)
            + " ... ("
            + cut
            + " characters) ... "
            + message.substring(message.length() - END);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

/** A tensor or a buffer that would be larger than any may be. */
public final class SizeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * An error with a message for the user.
   *
   * @param message the size and the limit
   */
  public SizeException(String message) {
    super(message);
  }
}

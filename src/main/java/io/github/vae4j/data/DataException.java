// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.VaeException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Data that cannot be used. The message names the file, the place in it and the remedy. */
public final class DataException extends VaeException {
  private static final long serialVersionUID = 1L;

  /**
   * An error with a message for the user.
   *
   * @param message the place, the fault and the remedy
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * An error with a message for the user and its cause.
   *
   * @param message the place, the fault and the remedy
   * @param cause the exception that reported the fault
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  static DataException reading(String name, Exception cause) {
    return new DataException(name + ": cannot be read: " + reason(cause), cause);
  }

  private static String reason(Exception cause) {
    Throwable first = cause;
    if (cause instanceof UncheckedIOException && cause.getCause() != null) {
      first = cause.getCause();
    }
    if (first instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (first instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    return first.getClass().getSimpleName() + ": " + first.getMessage();
  }
}

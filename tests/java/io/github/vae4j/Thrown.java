// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Asserts the type and the message of an exception. */
public final class Thrown {
  private Thrown() {}

  /** The code must throw the type with a message that contains each of the parts. */
  public static <T extends Throwable> T says(Class<T> type, Executable code, String... parts) {
    T thrown = assertThrows(type, code);
    String message = String.valueOf(thrown.getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), "\"" + part + "\" is not in: " + message);
    }
    return thrown;
  }
}

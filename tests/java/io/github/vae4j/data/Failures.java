// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** Asserts the message of an error. */
final class Failures {
  private Failures() {}

  /** That a call fails for its data, with a message that has all of the parts. */
  static void assertDataError(Executable call, String... parts) {
    assertError(DataException.class, call, parts);
  }

  static void assertError(Class<? extends Exception> type, Executable call, String... parts) {
    Exception error = assertThrows(type, call);
    String message = Objects.requireNonNull(error.getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "expected <" + part + "> in: " + message);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.Thrown;
import org.junit.jupiter.api.function.Executable;

/** Asserts the message of an error. */
final class Failures {
  private Failures() {}

  /** That a call fails for its data, with a message that has all of the parts. */
  static void assertDataError(Executable call, String... parts) {
    Thrown.says(DataException.class, call, parts);
  }
}

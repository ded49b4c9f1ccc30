// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.Sampling;
import io.github.vae4j.tensor.Matrix;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Texts of the library in a program whose default locale has digits of its own; the command line
 * sets the locale itself. ArchitectureTest finds the other places.
 */
@ResourceLock(Resources.LOCALE)
final class ForeignDigitsTest {
  @Test
  void exceptionsHaveAsciiDigits() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertEquals("\u0667", String.format("%d", 7), "the digits of the locale");
      Matrix conditions = Matrix.zeros(2, 3);
      assertEquals(
          "conditions: expected one for each of 17 rows, given 2",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new Sampling(17, conditions, null, 0, 1, false))
              .getMessage());
    } finally {
      Locale.setDefault(before);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ErfTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "0.1, 0.8875370839817152",
    "0.5, 0.4795001221869535",
    "1, 0.15729920705028513",
    "1.5, 0.033894853524689274",
    "2, 0.004677734981047266",
    "3, 2.209049699858544e-5",
    "5, 1.5374597944280349e-12",
    "10, 2.088487583762545e-45",
    "-0.5, 1.5204998778130465",
    "-3, 1.9999779095030015"
  })
  void tabulatedValues(double x, double expected) {
    assertEquals(1, Erf.erfc(x) / expected, 1e-11);
  }

  @Test
  void slopeIsTheGaussian() {
    for (double x = -4; x <= 4; x += 0.17) {
      double slope = (Erf.erfc(x + 1e-5) - Erf.erfc(x - 1e-5)) / 2e-5;
      assertEquals(-2 / Math.sqrt(Math.PI) * Math.exp(-x * x), slope, 1e-9);
    }
  }

  @Test
  void theEnds() {
    assertEquals(0, Erf.erfc(Double.POSITIVE_INFINITY));
    assertEquals(2, Erf.erfc(Double.NEGATIVE_INFINITY));
    assertTrue(Double.isNaN(Erf.erfc(Double.NaN)));
  }
}

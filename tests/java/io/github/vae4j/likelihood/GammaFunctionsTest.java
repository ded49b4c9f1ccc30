// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions against values computed with 40 digits (mpmath). */
final class GammaFunctionsTest {
  @ParameterizedTest
  @CsvSource({
    "1e-13, 29.933606208922536171, -10000000000000.577216",
    "0.001, 6.9071788853838536825, -1000.5755719318103005",
    "0.3, 1.0957979948180755217, -3.502524222200132989",
    "1, 0, -0.57721566490153286061",
    "1.5, -0.12078223763524522235, 0.036489973978576520559",
    "2, 0, 0.42278433509846713939",
    "3.7, 1.4280723266653879219, 1.1671535393615113859",
    "9.99, 12.77931521435019288, 2.2507003728312010995",
    "10, 12.801827480081469611, 2.2517525890667211076",
    "25.5, 56.389167643719946744, 3.2189424728839197665",
    "1000, 5905.2204232091812118, 6.9072551956488120521",
    "1e8, 1742068066.1038347093, 18.420680738952365464"
  })
  void logGammaAndItsDerivative(double z, double logGamma, double digamma) {
    assertEquals(logGamma, GammaFunctions.logGamma(z), 2e-14 + 4e-15 * Math.abs(logGamma));
    assertEquals(digamma, GammaFunctions.digamma(z), 2e-14 + 4e-15 * Math.abs(digamma));
  }

  @ParameterizedTest
  @CsvSource({
    "1e-13, 3, 60.560359598405283094, 10000000000001.5",
    "0.5, 7, 11.814029557753650034, 3.9102675102675102675",
    "9.9, 100, 163.32209341613478588, 2.4538340547321145738",
    "10, 100, 162.56195938165885118, 2.4441754351848145253",
    "1e6, 3, 2.9999975000029999958e-6, 2.999997000004999991e-6",
    "4.8e8, 1000, 0.0010406242777058301382, 2.0833311653675928908e-6",
    "4.8e8, 0, 0, 0"
  })
  void risingKeepsItsDigitsWhereTheTwoTermsAreNearlyEqual(
      double z, double x, double log, double digamma) {
    double size = Math.max(1, x);
    assertEquals(log, GammaFunctions.logRising(z, x), 1e-13 * Math.abs(log) + 1e-15 * size);
    assertEquals(digamma, GammaFunctions.digammaRising(z, x), 1e-13 * Math.abs(digamma));
  }

  @Test
  void factorials() {
    double logFactorial = 0;
    for (int n = 0; n <= 170; n++) {
      logFactorial += n == 0 ? 0 : Math.log(n);
      assertEquals(logFactorial, GammaFunctions.logFactorial(n), 1e-14 * (1 + logFactorial));
    }
  }
}

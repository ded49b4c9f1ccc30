// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalQuantileTest {
  @ParameterizedTest
  @CsvSource({
    "0.5, 0",
    "0.975, 1.959963984540054",
    "0.01, -2.3263478740408408",
    "0.001, -3.090232306167813",
    "1e-5, -4.264890793922825",
    "1e-12, -7.034483825301132",
    "1e-20, -9.262340089798409"
  })
  void isThatOfTables(double p, double quantile) {
    assertEquals(quantile, NormalQuantile.of(p), 1e-13);
  }
}

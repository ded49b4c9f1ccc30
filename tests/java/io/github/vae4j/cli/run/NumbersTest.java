// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void areTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertEquals("60,000", Numbers.count(60_000));
      assertEquals("-110.25", Numbers.fixed(-110.25, 2));
      assertEquals("1.5 KiB", Numbers.bytes(1536));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void timesAndRates() {
    assertEquals("0:00", Numbers.time(Duration.ZERO));
    assertEquals("0:59", Numbers.time(Duration.ofMillis(59_999)));
    assertEquals("59:59", Numbers.time(Duration.ofSeconds(3599)));
    assertEquals("1:00:00", Numbers.time(Duration.ofHours(1)));
    assertEquals("999:00:00", Numbers.time(Duration.ofHours(999)));
    assertEquals(">999 h", Numbers.time(Duration.ofHours(1000)));
    assertEquals("9.9", Numbers.rate(9.94));
    assertEquals("10", Numbers.rate(9.96));
    assertEquals("NaN", Numbers.fixed(Double.NaN, 3));
  }

  @Test
  void sizesAndPlurals() {
    assertEquals("0 bytes", Numbers.bytes(0));
    assertEquals("1023 bytes", Numbers.bytes(1023));
    assertEquals("2.0 GiB", Numbers.bytes(2L << 30));
    assertEquals("1 row", Numbers.plural(1, "row"));
    assertEquals("0 rows", Numbers.plural(0, "row"));
    assertEquals("1,000 rows", Numbers.plural(1000, "row"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of numbers or times in a format that is not read are no levels without a word. */
final class OtherFormatTest {
  private static final String ASK = "its texts look like times: give their format, as in datetime:";

  @TempDir Path folder = Path.of("");

  private Column column(String name, IntFunction<String> text) {
    Path file =
        Tables.write(
            folder, name + ",x", 60, i -> '"' + text.apply(i) + "\"," + (i * 7 % 11) / 4.0);
    return Tables.infer(file, Map.of()).columns().get(0);
  }

  private void says(String remark, IntFunction<String> text) {
    String found = column("c", text).remark();
    assertTrue(found.endsWith(remark), found);
  }

  @Test
  void numbers() {
    says(
        "its texts look like numbers, such as \"1,5\": Numerals.decimal , reads it as 1.5",
        i -> i % 2 == 0 ? "1,5" : "1.5");
    says(
        "; its texts look like numbers, such as \"1.000,50\": Numerals.decimal , Numerals.thousands . reads it as"
            + " 1000.5",
        i -> "1." + String.format("%03d", i) + ",50");
    says(
        "\"\u20AC5\": the currency sign \u20AC is no part of a number: take it out of the column",
        i -> "\u20AC" + (5 + i % 7));
    assertEquals("", column("c", i -> "AB".charAt(i % 2) + "-" + i % 3).remark());
  }

  @Test
  void times() {
    says(ASK + "dd.MM.yyyy", i -> String.format("%02d.%02d.2026", 1 + i % 28, 1 + i % 12));
    says(ASK + "d.M.yyyy", i -> 1 + i % 28 + "." + (1 + i % 12) + ".2026");
    says(ASK + "dd/MM/yyyy HH:mm", i -> String.format("%02d/01/2026 0%d:15", 13 + i % 9, i % 9));
    says(
        ASK + "dd/MM/yyyy or datetime:MM/dd/yyyy",
        i -> String.format("%02d/%02d/2026", 1 + i % 12, 1 + i % 11));
    says(ASK + "d MMM yyyy", i -> 1 + i % 28 + " Mar 2026");
    says(
        "its texts look like times of several formats (dd.MM.yyyy, iso-date): write all of them in"
            + " one, as in 2026-11-28",
        i -> String.format(i % 3 == 0 ? "2026-01-%02d" : "%02d.01.2026", 1 + i % 28));
    says("", i -> "Q" + i % 4 + " week " + i % 13);
    Column number = column("booking_date", i -> Integer.toString(20260101 + i % 28));
    assertEquals("numeric", number.kind().id());
    assertTrue(number.remark().endsWith(ASK + "yyyyMMdd"), number.remark());
  }

  @Test
  void numbersBeyondThoseOfFloats() {
    Column huge = column("a", i -> (i - 30.5) + "e300");
    assertEquals("numeric", huge.kind().id());
    assertEquals("", huge.remark());
    // As a float it would be infinite, or 0.
    assertEquals("1.5E300", huge.kind().text(1.5e300, true, '.'));
    assertEquals("2,0E-310", huge.kind().text(2e-310, true, ','));
    assertEquals("2.5", huge.kind().text(2.5, true, '.'));
    Column seconds = column("seen", i -> Long.toString(1_700_000_000L + i % 50 * 40_000L));
    assertTrue(
        seconds
            .remark()
            .endsWith(
                "if it is an identifier, leave it out, and if it is a time, its kind is"
                    + " datetime:epoch-seconds"),
        seconds.remark());
  }
}

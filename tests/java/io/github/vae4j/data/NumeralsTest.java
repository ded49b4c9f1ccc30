// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumeralsTest {
  private static final Numerals PLAIN = Numerals.PLAIN;
  private static final Numerals COMMA = PLAIN.withDecimal(',');

  private static void assertBits(String text, double expected) {
    assertEquals(
        Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(PLAIN.parse(text)), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "+7",
        "00012",
        "1.",
        ".5",
        "-.5e1",
        "1e3",
        "1E+3",
        "1e-3",
        "0.1",
        "0.30000000000000004",
        "123456789012345",
        "1234567890123456",
        "9007199254740993",
        "9007199254740992.5",
        "1e22",
        "1e23",
        "8.5e-23",
        "123456789012345e22",
        "123456789012345e23",
        "4.9e-324",
        "2.4e-324",
        "2.5e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "0e999999999999",
        "0.000000000000000000000000000000000000001",
        "100000000000000000000000000000000000000000000",
        "1e-400",
        "6.0221e23",
        "3.4028235677973366e38"
      })
  void roundedAsJava(String text) {
    assertBits(text, Double.parseDouble(text));
  }

  @Test
  void randomNumbers() {
    Random random = new Random(7);
    for (int i = 0; i < 15_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextGaussian() * 1000;
            case 2 -> random.nextInt(2_000_000) / 1000.0 - 1000;
            default -> (float) random.nextGaussian();
          };
      if (!Double.isFinite(value)) {
        continue;
      }
      assertBits(Double.toString(value), value);
      String digits =
          new BigDecimal(value).setScale(i % 30, java.math.RoundingMode.DOWN).toPlainString();
      assertBits(digits, Double.parseDouble(digits));
      String scientific = String.format(Locale.ROOT, "%." + i % 20 + "e", value);
      double rounded = Double.parseDouble(scientific);
      assertBits(scientific, Double.isInfinite(rounded) ? Double.NaN : rounded);
    }
  }

  /** Floats are those of the texts also where the nearest double is between two of them. */
  @Test
  void floatsOfDoubles() {
    Random random = new Random(8);
    int between = 0;
    for (int i = 0; i < 6_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isFinite(value)) {
        continue;
      }
      BigDecimal half =
          new BigDecimal(value)
              .add(new BigDecimal(Math.nextUp(value)))
              .divide(BigDecimal.valueOf(2));
      for (BigDecimal near :
          new BigDecimal[] {half, half.add(half.ulp()), half.subtract(half.ulp())}) {
        String text = near.toString();
        double parsed = PLAIN.parse(text);
        between += Decimal.isFloat(parsed) ? 0 : 1;
        if (Decimal.isFloat(parsed)) {
          assertEquals(Float.parseFloat(text), (float) parsed, text);
        }
      }
      double plain = PLAIN.parse(Float.toString(value));
      if (Decimal.isFloat(plain)) {
        assertEquals(value, (float) plain);
      }
    }
    assertTrue(between > 6_000, "between two floats: " + between);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+",
        ".",
        "-.",
        "e",
        "e5",
        "1e",
        "1e+",
        "1e1.5",
        "1.2.3",
        "1f",
        "1d",
        "1L",
        "0x1p3",
        "0x10",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "inf",
        "1e999",
        "-1e400",
        "1 2",
        "1,5",
        "1,234",
        "1_000",
        "12%",
        "$5",
        "--1",
        "+-1",
        "1-",
        "1e--5",
        "1234567890123456x",
        "1234567890123456.5.5",
        "1234567890123456e",
        "12345678901234567 1",
        "١٢",
        "²",
        "1e5e5",
        "0b1",
        "1.5.",
        "1'000"
      })
  void textsThatAreNoNumbers(String text) {
    assertEquals(Double.NaN, PLAIN.parse(text), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'1,5'|1.5",
        "'1234'|1234",
        "'-0,25e2'|-25",
        "',5'|0.5",
        "'5,'|5",
        "'1.5'|NaN",
        "'1,5,5'|NaN",
        "'1,23456789012345678'|1.2345678901234568"
      })
  void decimalCommas(String text, double value) {
    assertEquals(value, COMMA.parse(text), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",|'1,234'|1234",
        ",|'12,345,678.5'|12345678.5",
        ",|'-1,234e2'|-123400",
        ",|'1234'|1234",
        ",|'1234.5'|1234.5",
        ",|'12,34,567'|1234567",
        ",|'1,23'|NaN",
        ",|'1234,567'|NaN",
        ",|',123'|NaN",
        ",|'1,,234'|NaN",
        ",|'1,234,'|NaN",
        ",|'1.5,000'|NaN",
        ",|'1,234,567,890,123,456,789'|1234567890123456789",
        "' '|'1 234'|1234",
        "' '|1\u00A0234|1234",
        "' '|'1\u202F234\u202F567'|1234567",
      })
  void thousands(String mark, String text, double value) {
    assertEquals(value, PLAIN.withThousands(mark.charAt(0)).parse(text), text);
  }

  @Test
  void apostrophes() {
    Numerals swiss = PLAIN.withThousands('\'');
    assertEquals(1234567.5, swiss.parse("1'234'567.5"));
    assertEquals(1234, swiss.parse("1\u2019234"));
    assertEquals(Double.NaN, swiss.parse("1'23"));
  }

  @Test
  void decimalCommaAndPoints() {
    Numerals german = COMMA.withThousands('.');
    assertEquals(1234567.25, german.parse("1.234.567,25"));
    assertEquals(1234.5, german.parse("1234,5"));
    assertEquals(Double.NaN, german.parse("1,234.5"));
  }

  @Test
  void percent() {
    Numerals percent = PLAIN.withPercent(true);
    assertEquals(12.5, percent.parse("12.5%"));
    assertEquals(12.5, percent.parse("12.5 %"));
    assertEquals(-3, percent.parse("-3\u00A0%"));
    assertEquals(7, percent.parse("7"));
    assertEquals(Double.NaN, percent.parse("%"));
    assertEquals(Double.NaN, percent.parse("5%%"));
    assertEquals(1234, percent.withThousands(',').parse("1,234%"));
  }

  @Test
  void theMinusOfUnicode() {
    assertEquals(-5.5e-3, PLAIN.parse("\u22125.5e\u22123"));
    assertEquals(
        Double.parseDouble("-12345678901234567e9"), PLAIN.parse("\u221212345678901234567e9"));
    assertEquals(-1e-30, PLAIN.parse("\u22121e\u221230"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'1,5'|'Numerals.decimal , reads it as 1.5'",
        "'1.234,5'|'Numerals.decimal , Numerals.thousands . reads it as 1234.5'",
        "'1,234.5'|'Numerals.thousands , reads it as 1234.5'",
        "'1,234'|'Numerals.thousands , reads it as 1234, Numerals.decimal , reads it as 1.234'",
        "1 234|'Numerals.thousands \" \" reads it as 1234'",
        "1\u202F234,5|'Numerals.decimal , Numerals.thousands \" \" reads it as 1234.5'",
        "1'234|'Numerals.thousands \"''\" reads it as 1234'",
        "12 %|'Numerals.percent reads it as 12'",
        "'0,5%'|'Numerals.decimal , Numerals.percent reads it as 0.5'",
        "'$5'|'the currency sign $ is no part of a number: take it out of the column'",
        "'1,50 €'|'the currency sign € is no part of a number: take it out of the column'",
        "(12)|'a negative number in brackets is not read: write -12'",
        "1e999|'it is beyond the range of a double'",
      })
  void hints(String text, String hint) {
    assertEquals(hint, PLAIN.hint(text));
  }

  @Test
  void hintsOfOtherFormats() {
    assertEquals("Numerals.decimal . reads it as 1.5", COMMA.hint("1.5"));
    Numerals german = COMMA.withThousands('.');
    assertEquals(
        "Numerals.decimal . Numerals.thousands , reads it as 1234.5", german.hint("1,234.5"));
    assertEquals(
        "Numerals.decimal . without Numerals.thousands reads it as 1.5", german.hint("1.5"));
    for (String text : new String[] {"red", "", "NaN", "T001", "2024-01-01", "$", "(x)"}) {
      assertNull(PLAIN.hint(text), text);
    }
    assertNull(PLAIN.hint("12"));
  }

  @Test
  void marksThatAreRefused() {
    Thrown.says(IllegalArgumentException.class, () -> PLAIN.withDecimal(';'), "decimal");
    Thrown.says(IllegalArgumentException.class, () -> PLAIN.withThousands('x'), "thousands");
    Thrown.says(IllegalArgumentException.class, () -> PLAIN.withThousands('.'), "thousands");
  }
}

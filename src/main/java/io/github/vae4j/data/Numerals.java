// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The format of numbers in texts: digits, at most one decimal mark, and an exponent as in {@code
 * 1.5e-3}; a minus may be that of Unicode (U+2212).
 *
 * @param decimal the decimal mark, {@code .} or {@code ,}
 * @param thousands the mark between groups of digits: {@code .}, {@code ,}, {@code '} or a blank,
 *     which stands for no-break spaces too; null for none
 * @param percent whether a number may have a per cent sign after it, which is left out: {@code 12
 *     %} is 12
 */
public record Numerals(char decimal, @Nullable Character thousands, boolean percent) {
  /** Numbers as {@code -1234.5} and {@code 1e-3}. */
  public static final Numerals PLAIN = new Numerals('.', null, false);

  private static final List<Character> THOUSANDS = List.of(',', '.', ' ', '\'');

  /** A number that {@link #parse} refuses for its exponent, or for hundreds of digits. */
  private static final Pattern HUGE =
      Pattern.compile("[-+]?(\\d+[.,]?\\d*[eE][+]?\\d{2,}|\\d{309,}[.,]?\\d*)");

  /** Checks the marks. {@inheritDoc} */
  public Numerals {
    if (decimal != '.' && decimal != ',') {
      throw new IllegalArgumentException("decimal: expected . or , and not " + decimal);
    }
    if (thousands != null && (!THOUSANDS.contains(thousands) || thousands == decimal)) {
      throw new IllegalArgumentException(
          "thousands: expected one of . , ' or a blank, and another mark than the decimal one,"
              + " given "
              + thousands);
    }
  }

  /**
   * A copy with another decimal mark.
   *
   * @param decimal the mark
   * @return the format
   */
  public Numerals withDecimal(char decimal) {
    return new Numerals(decimal, thousands, percent);
  }

  /**
   * A copy with another mark between groups of digits.
   *
   * @param thousands the mark; null for none
   * @return the format
   */
  public Numerals withThousands(@Nullable Character thousands) {
    return new Numerals(decimal, thousands, percent);
  }

  /**
   * A copy with or without per cent signs.
   *
   * @param percent whether a number may have one after it
   * @return the format
   */
  public Numerals withPercent(boolean percent) {
    return new Numerals(decimal, thousands, percent);
  }

  /**
   * The number that a text is, correctly rounded.
   *
   * @param text without blanks around it
   * @return the number; NaN if the text is none in this format, or beyond the range of a double;
   *     {@code NaN}, {@code Infinity}, {@code 1f} and {@code 0x1p3} are none
   */
  public double parse(CharSequence text) {
    return Decimal.parse(text.toString().toCharArray(), 0, text.length(), this);
  }

  double parse(char[] text, int from, int to) {
    return Decimal.parse(text, from, to, this);
  }

  /**
   * The option with which a text that is no number in this format is one, or the reason why a text
   * that looks like a number is none.
   *
   * @param text without blanks around it
   * @return a clause such as {@code --decimal , reads it as 1.5}; null if the text is a number, or
   *     does not look like one
   */
  public @Nullable String hint(String text) {
    if (!Double.isNaN(parse(text))) {
      return null;
    }
    String readings = readings(text);
    if (readings != null) {
      return readings;
    }
    if (text.length() > 2 && text.charAt(0) == '(' && text.endsWith(")")) {
      String inner = text.substring(1, text.length() - 1);
      return isNumber(inner)
          ? "a negative number in brackets is not read: write -" + Excerpt.of(inner)
          : null;
    }
    for (int at : new int[] {0, Math.max(0, text.length() - 1)}) {
      if (!text.isEmpty() && Character.getType(text.charAt(at)) == Character.CURRENCY_SYMBOL) {
        String rest = at == 0 ? text.substring(1) : text.substring(0, at);
        return isNumber(Blanks.strip(rest))
            ? "the currency sign "
                + text.charAt(at)
                + " is no part of a number: take it out of the column"
            : null;
      }
    }
    return HUGE.matcher(text).matches() ? "it is beyond the range of a double" : null;
  }

  private boolean isNumber(String text) {
    return !Double.isNaN(parse(text)) || readings(text) != null;
  }

  /** The ways to read a text with the fewest other options; null if there is none. */
  private @Nullable String readings(String text) {
    List<String> readings = new ArrayList<>();
    int fewest = Integer.MAX_VALUE;
    for (Numerals other : others()) {
      double value = other.parse(text);
      boolean idle = other.thousands != null && other.withThousands(null).parse(text) == value;
      if (!Double.isNaN(value) && !idle) {
        List<String> options = other.options(this);
        if (options.size() < fewest) {
          fewest = options.size();
          readings.clear();
        }
        if (options.size() == fewest) {
          readings.add(String.join(" ", options) + " reads it as " + shown(value));
        }
      }
    }
    return readings.isEmpty() ? null : String.join(", ", readings);
  }

  private List<Numerals> others() {
    List<Numerals> all = new ArrayList<>();
    for (char mark : new char[] {'.', ','}) {
      for (boolean sign : new boolean[] {false, true}) {
        all.add(new Numerals(mark, null, sign));
        for (Character group : THOUSANDS) {
          if (group != mark) {
            all.add(new Numerals(mark, group, sign));
          }
        }
      }
    }
    return all;
  }

  /** The options that make another format this one. */
  private List<String> options(Numerals from) {
    List<String> options = new ArrayList<>();
    if (decimal != from.decimal) {
      options.add("Numerals.decimal " + decimal);
    }
    if (thousands == null && from.thousands != null && from.thousands == decimal) {
      options.add("without Numerals.thousands");
    }
    if (thousands != null && !thousands.equals(from.thousands)) {
      options.add(
          "Numerals.thousands "
              + (thousands == ' ' ? "\" \"" : thousands == '\'' ? "\"'\"" : thousands));
    }
    if (percent && !from.percent) {
      options.add("Numerals.percent");
    }
    return options;
  }

  private static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}

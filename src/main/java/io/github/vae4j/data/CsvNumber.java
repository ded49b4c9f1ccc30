// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.Locale;

/** The text of a field as a number. */
final class CsvNumber {
  private CsvNumber() {}

  /** The texts for a missing value in tables. */
  static boolean isMissing(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("NA") || text.equalsIgnoreCase("NaN");
  }

  static boolean isNumber(String text) {
    return !Float.isNaN(parse(text));
  }

  /** A decimal number, or NaN for other text, also for Java's "1f" and "0x1p3". */
  static float parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        return Float.NaN;
      }
    }
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }

  /** Whether a text is a whole number beyond 2^24 that its float is not. */
  static boolean isRounded(String text, float value) {
    if (Math.abs(value) < Finite.WHOLE) {
      return false;
    }
    double exact = Double.parseDouble(text);
    return exact == Math.rint(exact) && exact != value;
  }

  /** The fault of a text that is not a finite number. */
  static String complaint(String text) {
    if (text.isEmpty()) {
      return "is empty; every row needs a number there: fill it in or leave out the row or column,"
          + " or give OpenOptions.missing where it is not known";
    }
    String shown = Excerpt.of(text);
    if (isNumber(text)) {
      return shown + " is beyond the range of float32";
    }
    String word =
        text.length() > 9 ? text : text.toLowerCase(Locale.ROOT).replaceFirst("^[+-]", "");
    if (isMissing(text)) {
      return shown
          + (word.equals("nan") ? " is not finite" : " is not a number")
          + Finite.MISSING.replace("NaN", text);
    }
    if (word.equals("nan") || word.equals("inf") || word.equals("infinity")) {
      return shown + " is not finite; every value must be a finite number";
    }
    return "expected a number, found \""
        + shown
        + "\""
        + (text.indexOf('\n') < 0 ? "" : "; is a quotation mark not closed?");
  }
}

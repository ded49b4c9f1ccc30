// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/** Blanks in texts: white space and no-break spaces, also those without width. */
final class Blanks {
  private Blanks() {}

  static boolean is(char c) {
    return c <= ' ' || (c > 0x7F && isWide(c));
  }

  private static boolean isWide(char c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c) || c == '\uFEFF' || c == '\u0085';
  }

  /** The text without the blanks around it. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && is(text.charAt(from))) {
      from++;
    }
    while (to > from && is(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.Locale;

/**
 * Text that a terminal or a log shows as it is. Names of files and columns come from others: one
 * with an escape sequence could move the cursor, one with a line break could forge a line, and one
 * with a mark for the direction of writing could show another name.
 */
public final class Printable {
  private Printable() {}

  /**
   * A line of text.
   *
   * @param text the text
   * @return the text, in which control characters, line breaks, marks for the direction of writing
   *     and halves of surrogate pairs are escaped as in JSON
   */
  public static String line(String text) {
    if (text.codePoints().noneMatch(Printable::hidden)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (hidden(point)) {
                shown.append(escaped(point));
              } else {
                shown.appendCodePoint(point);
              }
            });
    return shown.toString();
  }

  private static boolean hidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> directs(point);
      default -> false;
    };
  }

  /** Whether a character changes the direction of writing. */
  private static boolean directs(int point) {
    return point == 0x061c
        || point == 0x200e
        || point == 0x200f
        || (point >= 0x202a && point <= 0x202e)
        || (point >= 0x2066 && point <= 0x2069);
  }

  private static String escaped(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", point);
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Parts of a file in messages, of a bounded length and without control characters. */
public final class Excerpt {
  private static final int CHARACTERS = 100;
  private static final int NAMES = 20;

  private Excerpt() {}

  /**
   * A text, or its start.
   *
   * @param text of a file
   * @return at most a hundred characters of it, and its length if it has more
   */
  public static String of(String text) {
    String start = text.length() <= CHARACTERS ? text : text.substring(0, CHARACTERS);
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      if (c == '\n') {
        shown.append("\\n");
      } else if (Character.isISOControl(c)) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return text.length() <= CHARACTERS
        ? shown.toString()
        : shown + "... (" + text.length() + " characters)";
  }

  /**
   * Names, or the first of them.
   *
   * @param names of a file
   * @return at most twenty of them, and their number if there are more
   */
  public static String of(List<String> names) {
    return list(names, Excerpt::of);
  }

  /**
   * Names between quotation marks, or the first of them.
   *
   * @param names of a file
   * @return at most twenty of them, and their number if there are more
   */
  public static String quoted(List<String> names) {
    return list(names, name -> '"' + of(name) + '"');
  }

  private static String list(List<String> names, UnaryOperator<String> form) {
    String first = names.stream().limit(NAMES).map(form).collect(Collectors.joining(", "));
    return names.size() <= NAMES ? first : first + ", ... (" + names.size() + " in all)";
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import org.jspecify.annotations.Nullable;

/**
 * The terminal of standard output, if there is one.
 *
 * @param interactive whether a line can be redrawn
 * @param columns characters in a line
 */
public record Terminal(boolean interactive, int columns) {
  /**
   * The launcher sets this variable if standard output is a terminal, because not every Java
   * version can detect that.
   */
  static final String PROPERTY = "vae4j.columns";

  private static final int USUAL_COLUMNS = 80;
  private static final int FEWEST_COLUMNS = 10;

  /**
   * The terminal of this process.
   *
   * @return the terminal, not interactive if standard output is not a terminal
   */
  public static Terminal detect() {
    return of(System.getProperty(PROPERTY), System.getenv("TERM"));
  }

  /**
   * The terminal.
   *
   * @param columns its width; null if there is no terminal
   * @param type its type, as in the variable TERM
   */
  static Terminal of(@Nullable String columns, @Nullable String type) {
    if (columns == null || type == null || type.isEmpty() || type.equals("dumb")) {
      return new Terminal(false, USUAL_COLUMNS);
    }
    return new Terminal(true, width(columns));
  }

  private static int width(String text) {
    try {
      int columns = Integer.parseInt(text.trim());
      return columns < FEWEST_COLUMNS ? USUAL_COLUMNS : columns;
    } catch (NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }
}

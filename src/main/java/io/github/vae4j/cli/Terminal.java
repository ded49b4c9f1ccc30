package io.github.vae4j.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the program was started from.
 *
 * @param interactive whether a line can be drawn again
 * @param columns characters in a line
 */
record Terminal(boolean interactive, int columns) {
  private static final int USUAL_COLUMNS = 80;
  private static final int FEWEST_COLUMNS = 10;

  static Terminal detect() {
    return of(System.console() != null, System.getenv());
  }

  static Terminal of(boolean console, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    return new Terminal(console && !dumb, columns(environment.get("COLUMNS")));
  }

  private static int columns(@Nullable String text) {
    try {
      int columns = text == null ? 0 : Integer.parseInt(text.trim());
      return columns < FEWEST_COLUMNS ? USUAL_COLUMNS : columns;
    } catch (NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }
}

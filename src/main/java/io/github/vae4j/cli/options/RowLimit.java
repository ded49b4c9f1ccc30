// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.Numbers;
import java.util.Locale;

/** Refuses a number of rows that Java cannot hold, before anything is computed. */
public final class RowLimit {
  /** The longest array of every Java. */
  private static final long LONGEST = Integer.MAX_VALUE - 8;

  private RowLimit() {}

  /**
   * Checks the size of a table that a command makes in memory.
   *
   * @param option the option that gives its rows
   * @param rows the number of rows
   * @param columns the number of values in a row
   * @param otherwise how to get as many rows in another way, after "or"
   * @throws IllegalArgumentException if the table is too large
   */
  public static void check(String option, long rows, long columns, String otherwise) {
    check(option, rows, columns, otherwise, Runtime.getRuntime().maxMemory());
  }

  static void check(String option, long rows, long columns, String otherwise, long heap) {
    long most = Math.min(LONGEST, heap / Float.BYTES) / Math.max(1, columns);
    if (rows > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %s of %s take %s, and Java may use %s: at most %s here; ask for fewer, or %s",
              option,
              Numbers.plural(rows, "row"),
              Numbers.plural(columns, "value"),
              Numbers.bytes(size(rows, columns)),
              Numbers.bytes(heap),
              Numbers.count(most),
              otherwise));
    }
  }

  private static long size(long rows, long columns) {
    double bytes = (double) rows * columns * Float.BYTES;
    return bytes > Long.MAX_VALUE ? Long.MAX_VALUE : (long) bytes;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of DuckDB.
 *
 * @param name of the column
 * @param number whether it has numbers
 * @param value the expression of SQL for its values: numbers, or texts
 */
record DuckColumn(String name, boolean number, String value) {
  private static final Set<String> NUMBERS =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "UHUGEINT",
          "FLOAT",
          "DOUBLE");
  private static final Set<String> TEXTS =
      Set.of(
          "BOOLEAN",
          "VARCHAR",
          "UUID",
          "JSON",
          "DATE",
          "TIME",
          "TIME_NS",
          "TIME WITH TIME ZONE",
          "INTERVAL",
          "BIT",
          "BIGNUM",
          "\"NULL\"");

  /** The column of a type; null if its values are neither numbers nor texts nor times. */
  static @Nullable DuckColumn of(String name, String type) {
    String column = DuckDb.identifier(name);
    if (type.endsWith("]")) {
      return null;
    }
    if (NUMBERS.contains(type) || type.startsWith("DECIMAL(")) {
      return new DuckColumn(name, true, column);
    }
    String text = "CAST(" + column + " AS VARCHAR)";
    if (TEXTS.contains(type) || type.startsWith("ENUM(")) {
      return new DuckColumn(name, false, text);
    }
    if (type.equals("TIMESTAMP WITH TIME ZONE")) {
      return new DuckColumn(
          name,
          false,
          "replace(CAST(" + column + " AT TIME ZONE 'UTC' AS VARCHAR), ' ', 'T') || 'Z'");
    }
    return type.startsWith("TIMESTAMP")
        ? new DuckColumn(name, false, "replace(" + text + ", ' ', 'T')")
        : null;
  }
}

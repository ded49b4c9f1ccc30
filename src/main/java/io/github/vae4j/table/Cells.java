// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.TableRows;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of a program: values by the names of their columns, as the texts of a table. */
final class Cells implements TableRows {
  private final List<String> columns;
  private Map<String, ?> values = Map.of();
  private String place = "";

  /**
   * A row without values.
   *
   * @param columns the names, in the order of {@link #get}
   */
  Cells(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  /**
   * Replaces the row.
   *
   * @param row the values
   * @param number of the row among those of the call, from 0; -1 for the only one
   */
  void set(Map<String, ?> row, int number) {
    values = row;
    place = number < 0 ? "" : "row " + number;
  }

  @Override
  public boolean next() {
    return false;
  }

  @Override
  public @Nullable String get(int column) {
    return get(columns.get(column));
  }

  /** The text of a cell, given the name of its column. */
  @Nullable String get(String column) {
    Object value = values.get(column);
    if (value == null) {
      return null;
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      // NaN is a missing value of a table; an infinite number is none, and refused as a text.
      return Double.isFinite(number) ? plain((Number) value) : value.toString();
    }
    return value.toString().strip();
  }

  /** A number of a program has no decimal comma, whatever the texts of the table had. */
  @Override
  public double number(int column, Numerals numerals) {
    String text = get(column);
    if (text == null) {
      return Double.NaN;
    }
    boolean plain = values.get(columns.get(column)) instanceof Number;
    return (plain ? Numerals.PLAIN : numerals).parse(text);
  }

  /** Without an exponent, as people write numbers. */
  private static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }

  @Override
  public long line() {
    return 0;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public double done() {
    return Double.NaN;
  }

  @Override
  public void close() {}
}

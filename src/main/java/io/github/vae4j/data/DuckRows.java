// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pass over the rows of a query. Its cells have types, so that no row of it is bad. */
final class DuckRows implements TableRows {
  private final String name;
  private final DuckDb database;
  private final ResultSet rows;
  private final boolean[] numbers;
  private final long count;
  private long row;

  DuckRows(String name, DuckDb database, ResultSet rows, List<DuckColumn> columns, long count) {
    this.name = name;
    this.database = database;
    this.rows = rows;
    this.count = count;
    this.numbers = new boolean[columns.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = columns.get(i).number();
    }
  }

  @Override
  public boolean next() {
    try {
      boolean found = rows.next();
      row += found ? 1 : 0;
      return found;
    } catch (SQLException e) {
      throw DuckDb.failed(name, e);
    }
  }

  @Override
  public @Nullable String get(int column) {
    try {
      if (!numbers[column]) {
        String text = rows.getString(column + 1);
        return text == null ? null : Blanks.strip(text);
      }
      Object value = rows.getObject(column + 1);
      if (value instanceof BigDecimal decimal) {
        return decimal.toPlainString();
      }
      return value == null ? null : value.toString();
    } catch (SQLException e) {
      throw DuckDb.failed(name, e);
    }
  }

  /** A number of the database has no format of texts. */
  @Override
  public double number(int column, Numerals numerals) {
    try {
      if (!numbers[column]) {
        String text = get(column);
        return text == null ? Double.NaN : numerals.parse(text);
      }
      Object value = rows.getObject(column + 1);
      double number = value == null ? Double.NaN : ((Number) value).doubleValue();
      return Double.isInfinite(number) ? Double.NaN : number;
    } catch (SQLException e) {
      throw DuckDb.failed(name, e);
    }
  }

  @Override
  public long line() {
    return row;
  }

  @Override
  public String place() {
    return "row " + row;
  }

  @Override
  public double done() {
    return count < 0 ? Double.NaN : count == 0 ? 1 : (double) row / count;
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (SQLException e) {
      throw DuckDb.failed(name, e);
    } finally {
      database.close();
    }
  }
}

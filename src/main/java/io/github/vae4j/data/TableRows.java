// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import org.jspecify.annotations.Nullable;

/** A pass over the rows of a {@link Table}. For one thread at a time. */
public interface TableRows extends AutoCloseable {
  /**
   * Moves to the next row.
   *
   * @return whether there is one
   * @throws DataException if the data are damaged, or a row is bad and the policy refuses it
   */
  boolean next();

  /**
   * The text of a cell without the blanks around it, of which no-break spaces are some.
   *
   * @param column the number of the column, from 0
   * @return the text, empty for an empty cell; null for a NULL of a database
   */
  @Nullable String get(int column);

  /**
   * A cell as a number, without the text between them.
   *
   * @param column the number of the column, from 0
   * @param numerals the format of numbers
   * @return the number; NaN if the cell has none
   */
  default double number(int column, Numerals numerals) {
    String text = get(column);
    return text == null ? Double.NaN : numerals.parse(text);
  }

  /**
   * The place of the row in the source.
   *
   * @return the line of the file on which the row begins, from 1; of a database the row's number,
   *     from 1
   */
  long line();

  /**
   * The place of the row, for messages.
   *
   * @return as {@code line 7} or {@code row 7}
   */
  String place();

  /**
   * The share of the source that has been read, for progress.
   *
   * @return from 0 to 1; NaN if it is not known
   */
  double done();

  @Override
  void close();
}

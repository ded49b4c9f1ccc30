// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of equal length, in memory or on disk, read by number. The values of a row are {@code raw *
 * scale()}. Several threads may read at once.
 */
public interface DataSet extends AutoCloseable {
  /**
   * The source of the data, for messages.
   *
   * @return the specification that was opened
   */
  String name();

  /**
   * The number of rows.
   *
   * @return N, at least 1
   */
  int rows();

  /**
   * The number of values in a row.
   *
   * @return D, at least 1
   */
  int features();

  /**
   * The type of raw values.
   *
   * @return UINT8 or FLOAT32
   */
  DType type();

  /**
   * The factor from raw values to values.
   *
   * @return 1/255 for grey values, 1 for numbers
   */
  float scale();

  /**
   * The shape of a row as an image.
   *
   * @return the shape; null if rows are not images
   */
  @Nullable ImageShape image();

  /**
   * The class of a row.
   *
   * @param row 0 to rows - 1
   * @return the label; -1 if there are none
   */
  default int label(int row) {
    return -1;
  }

  /**
   * Whether rows may have missing values; these are NaN, and the type is FLOAT32.
   *
   * @return false if every value is a finite number
   */
  default boolean missing() {
    return false;
  }

  /**
   * The columns' names.
   *
   * @return a name for each of a row's values; null if they have none
   */
  default @Nullable List<String> columns() {
    return null;
  }

  /**
   * The names of the classes.
   *
   * @return a name for each label; null if they have none
   */
  default @Nullable List<String> classes() {
    return null;
  }

  /**
   * The number of a row among the rows of the source, of which a set may have a part.
   *
   * @param row 0 to rows - 1
   * @return the number in the source, from 0
   */
  default int origin(int row) {
    return row;
  }

  /**
   * The place of a row in the source, for messages.
   *
   * @param row 0 to rows - 1
   * @return for example "line 7" of a text, counted from 1, or "row 5" of an array, from 0
   */
  default String place(int row) {
    return "row " + origin(row);
  }

  /**
   * The place of a value in the source, for messages.
   *
   * @param row 0 to rows - 1
   * @param column 0 to features - 1
   * @return the place of the row, then number and name of the column
   */
  default String place(int row, int column) {
    return place(row) + ", " + columnPlace(column);
  }

  /**
   * The place of a column in the source, for messages.
   *
   * @param column 0 to features - 1
   * @return the number, from 1, and the name of a column of a table; else the number, from 0
   */
  default String columnPlace(int column) {
    return Columns.text(Columns.of(this), column);
  }

  /**
   * Remarks on how the source was read, for the user.
   *
   * @return sentences that name the source; possibly none
   */
  default List<String> remarks() {
    return List.of();
  }

  /**
   * Whether rows have different weights.
   *
   * @return false if all weights are equal
   */
  default boolean weighted() {
    return false;
  }

  /**
   * The weight of a row: the number of rows that it counts as, in any unit.
   *
   * @param row 0 to rows - 1
   * @return 0 or more; 1 if rows are not weighted
   */
  default float weight(int row) {
    return 1;
  }

  /**
   * The logarithm of the Jacobian determinant of the map from a row's values in the source to those
   * of this set: log p of the source's values is log p of this set's values plus this number.
   *
   * @param row 0 to rows - 1
   * @return nats; 0 if the values are those of the source
   */
  default double logJacobian(int row) {
    return 0;
  }

  /**
   * The covariates of each row, which are known and not modelled, for a conditional model.
   *
   * @return the same number of rows, all values finite; null if there are none. This set owns it
   */
  default @Nullable DataSet covariates() {
    return null;
  }

  /**
   * Whether all rows are in memory, so that reading is a copy.
   *
   * @return false if rows are read from disk
   */
  boolean resident();

  /**
   * Copies raw rows.
   *
   * @param first the first row
   * @param count the number of rows
   * @param target a buffer in native order with room for count * features values; advanced
   */
  void read(int first, int count, ByteBuffer target);

  @Override
  default void close() {}
}

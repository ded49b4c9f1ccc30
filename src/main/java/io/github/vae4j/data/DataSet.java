// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of equal length, in memory or on disk, read by number. The values of a row are {@code raw *
 * scale()}. Reading is safe from several threads.
 */
public interface DataSet extends AutoCloseable {
  /**
   * Where it comes from, for messages.
   *
   * @return the specification it was opened with
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
   * How a row is an image.
   *
   * @return the shape; null where rows are not images
   */
  @Nullable ImageShape image();

  /**
   * The class of a row.
   *
   * @param row 0 to rows - 1
   * @return the label; -1 where there are none
   */
  default int label(int row) {
    return -1;
  }

  /**
   * Whether values may be missing: they are NaN then, and the type is FLOAT32.
   *
   * @return false where every value is a finite number
   */
  default boolean missing() {
    return false;
  }

  /**
   * The columns' names.
   *
   * @return a name for each of a row's values; null where they have none
   */
  default @Nullable List<String> columns() {
    return null;
  }

  /**
   * Whether rows have weights of their own.
   *
   * @return false where all weigh the same
   */
  default boolean weighted() {
    return false;
  }

  /**
   * The weight of a row: how many rows it stands for, in any unit.
   *
   * @param row 0 to rows - 1
   * @return 0 or more; 1 where rows are not weighted
   */
  default float weight(int row) {
    return 1;
  }

  /**
   * What is known of each row and not modelled, for a conditional model.
   *
   * @return as many rows, all values finite; null where there are none. It belongs to this set
   */
  default @Nullable DataSet covariates() {
    return null;
  }

  /**
   * Whether all rows are in memory, so that reading costs a copy.
   *
   * @return false where rows are read from disk
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

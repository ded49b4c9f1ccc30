package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
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

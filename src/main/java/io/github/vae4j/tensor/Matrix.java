// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import java.util.Arrays;

/**
 * Rows of floats on the host, row-major: the type of matrices in the public API.
 *
 * @param rows the number of rows
 * @param columns the number of columns
 * @param values rows * columns values; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Matrix(int rows, int columns, float[] values) {
  /** Checks the sizes. {@inheritDoc} */
  public Matrix {
    if (rows < 0 || columns < 1 || values.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "matrix: expected " + rows + " x " + columns + " values, given " + values.length);
    }
  }

  /**
   * A matrix of zeros.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @return the matrix
   */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new float[Math.multiplyExact(rows, columns)]);
  }

  /**
   * One value.
   *
   * @param row the row
   * @param column the column
   * @return the value
   */
  public float at(int row, int column) {
    return values[row * columns + column];
  }

  /**
   * A row.
   *
   * @param row its number
   * @return a copy
   */
  public float[] row(int row) {
    return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.tensor.Matrix;

/** Repeats rows cyclically. */
public final class RowsInTurn {
  private RowsInTurn() {}

  /**
   * Repeats rows in their order, up to a number of rows.
   *
   * @param rows one or more
   * @param count the number of rows of the result
   * @return (count, columns)
   */
  public static Matrix of(Matrix rows, int count) {
    Matrix all = Matrix.zeros(count, rows.columns());
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          rows.values(),
          i % rows.rows() * rows.columns(),
          all.values(),
          i * rows.columns(),
          rows.columns());
    }
    return all;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.tensor.Matrix;

/** Rows in turn, again and again, as many as are wanted. */
public final class RowsInTurn {
  private RowsInTurn() {}

  /**
   * Repeats rows in their order.
   *
   * @param rows one or more
   * @param count how many are wanted
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

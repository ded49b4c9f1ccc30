// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/** The places of a set's rows in their source. */
interface RowPlaces {
  /** The number of a row among the rows of the source, from 0. */
  int origin(int row);

  /** The place of a row, for messages. */
  String text(int row);

  /**
   * Rows of a text.
   *
   * @param lines the line of each row's first character, from 1
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Lines(int[] lines) implements RowPlaces {
    @Override
    public int origin(int row) {
      return row;
    }

    @Override
    public String text(int row) {
      return "line " + lines[row];
    }
  }

  /**
   * Some rows of another set.
   *
   * @param parent the set
   * @param index their numbers in it
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Some(DataSet parent, int[] index) implements RowPlaces {
    @Override
    public int origin(int row) {
      return parent.origin(index[row]);
    }

    @Override
    public String text(int row) {
      return parent.place(index[row]);
    }
  }
}

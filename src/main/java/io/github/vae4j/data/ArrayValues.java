// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;

/** The check of an array's values, and the meaning of its bytes. */
final class ArrayValues {
  private ArrayValues() {}

  /**
   * The set of an array's rows.
   *
   * @throws DataException if a value is not finite
   */
  static DataSet checked(DataInfo info, RowSource rows, ArrayHeader header, OpenOptions options) {
    DataSet set = new RowDataSet(info, rows);
    if (header.element() == ElementType.UINT8 && !header.grey()) {
      return bytes(set, info, rows, options);
    }
    long large = Finite.require(set);
    if (large < 0 || !header.element().wide()) {
      return set;
    }
    int row = (int) (large / info.features());
    int column = (int) (large % info.features());
    return new RowDataSet(info.withRemark(notExact(set, row, column)), rows);
  }

  /** The remark on whole numbers that a float rounds. */
  static String notExact(DataSet set, int row, int column) {
    return set.name()
        + ": "
        + set.place(row, column)
        + " is beyond 16777216 (2^24), from where on float32 rounds whole numbers: different ones"
        + " may become equal; scale the column, or leave it out if it is an identifier or a time";
  }

  private static DataSet bytes(DataSet set, DataInfo info, RowSource rows, OpenOptions options) {
    if (options.counts() || onlyZerosAndOnes(set)) {
      return new RowDataSet(info.withValues(DType.UINT8, 1, info.missing()), rows);
    }
    return new RowDataSet(
        info.withRemark(
            set.name()
                + ": unsigned bytes are read as grey values, divided by 255; for other numbers save"
                + " array.astype(numpy.float32)"),
        rows);
  }

  private static boolean onlyZerosAndOnes(DataSet set) {
    return RowBlocks.every(
        set,
        (first, count, raw) -> {
          for (int i = 0; i < count * set.features(); i++) {
            if ((raw.get(i) & ~1) != 0) {
              return false;
            }
          }
          return true;
        });
  }
}

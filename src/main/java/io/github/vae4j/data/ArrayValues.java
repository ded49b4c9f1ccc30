// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.data.ArrayOptions.Bytes;
import io.github.vae4j.tensor.DType;
import org.jspecify.annotations.Nullable;

/** The check of an array's values, and the meaning of its bytes. */
final class ArrayValues {
  /** Bytes of which none is above it are levels or counts, not grey values. */
  private static final int LARGEST_NUMBER = 15;

  private ArrayValues() {}

  /**
   * The set of an array's rows.
   *
   * @throws DataException if a value is not finite
   */
  static DataSet checked(DataInfo info, RowSource rows, ArrayHeader header, OpenOptions options) {
    DataSet stored = inOrderOfFile(info, rows, header, options.arrays());
    ImageShape planes = header.planes(options.arrays().layout());
    return planes == null ? stored : PermutedRows.channelsLast(stored, planes);
  }

  private static DataSet inOrderOfFile(
      DataInfo info, RowSource rows, ArrayHeader header, ArrayOptions options) {
    DataSet set = new RowDataSet(info, rows);
    if (header.element() == ElementType.UINT8) {
      return bytes(set, info, rows, header.grey() && options.bytes() == null, options.bytes());
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

  private static DataSet bytes(
      DataSet set, DataInfo info, RowSource rows, boolean grey, @Nullable Bytes meaning) {
    if (grey) {
      return set;
    }
    DataInfo numbers = info.withValues(DType.UINT8, 1, info.missing());
    if (meaning == Bytes.NUMBERS || noneAbove(set, 1)) {
      return new RowDataSet(numbers, rows);
    }
    if (meaning == Bytes.GREY) {
      return set;
    }
    if (noneAbove(set, LARGEST_NUMBER)) {
      return new RowDataSet(
          numbers.withRemark(
              set.name()
                  + ": no unsigned byte is above "
                  + LARGEST_NUMBER
                  + ": they are read as numbers (levels or counts); ArrayOptions.bytes grey divides them by 255"),
          rows);
    }
    return new RowDataSet(
        info.withRemark(
            set.name()
                + ": unsigned bytes are read as grey values, divided by 255; ArrayOptions.bytes numbers reads"
                + " them as they are"),
        rows);
  }

  private static boolean noneAbove(DataSet set, int largest) {
    return RowBlocks.every(
        set,
        (first, count, raw) -> {
          for (int i = 0; i < count * set.features(); i++) {
            if (Byte.toUnsignedInt(raw.get(i)) > largest) {
              return false;
            }
          }
          return true;
        });
  }
}

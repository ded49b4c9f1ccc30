// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;

/**
 * The check that no value is NaN or infinite, before any computation; NaN is allowed if it stands
 * for a missing value.
 */
final class Finite {
  /** A hint for data with NaN for missing values. */
  static final String MISSING = "; if NaN stands for a missing value, give OpenOptions.missing";

  /** The first number after which floats have steps of 2. */
  static final float WHOLE = 0x1p24f;

  private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);
  private static final int INFINITE_BITS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private Finite() {}

  /**
   * Reads the whole set once; a set of bytes is not read, because bytes are always finite.
   *
   * @return the index, row * features + column, of the first value from which on floats are not all
   *     of the whole numbers; -1 for none
   * @throws DataException if a value is not finite; it names the first one's row and column
   */
  static long require(DataSet set) {
    if (set.type() == DType.UINT8) {
      return -1;
    }
    long[] large = {-1};
    RowBlocks.forEach(
        set,
        (first, count, raw) -> {
          int features = set.features();
          for (int i = 0; i < count * features; i++) {
            int size = size(raw.getInt(i * Float.BYTES));
            if (size < WHOLE_BITS) {
              continue;
            }
            long at = (long) first * features + i;
            if (size >= INFINITE_BITS) {
              refuse(set, at, raw.getFloat(i * Float.BYTES));
            } else if (large[0] < 0) {
              large[0] = at;
            }
          }
        });
    return large[0];
  }

  /** Whether all of some values are finite. */
  static boolean all(float[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (size(Float.floatToRawIntBits(values[i])) >= INFINITE_BITS) {
        return false;
      }
    }
    return true;
  }

  /** The bits of a number's absolute value, which order numbers as the values do; NaN is above. */
  private static int size(int bits) {
    return bits & Integer.MAX_VALUE;
  }

  /** Refuses a value that is not finite, unless it is NaN and stands for a missing value. */
  private static void refuse(DataSet set, long at, float value) {
    if (set.missing() && Float.isNaN(value)) {
      return;
    }
    throw new DataException(
        set.name()
            + ": "
            + set.place((int) (at / set.features()), (int) (at % set.features()))
            + " is "
            + value
            + (Float.isNaN(value) ? "" : ", or beyond the range of float32")
            + "; every value must be a finite number"
            + (Float.isNaN(value) ? Finite.MISSING : ""));
  }
}

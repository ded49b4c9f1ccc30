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
            float value = raw.getFloat(i * Float.BYTES);
            if (large[0] < 0 && Math.abs(value) >= WHOLE) {
              large[0] = (long) first * features + i;
            }
            if (!Float.isFinite(value) && !(set.missing() && Float.isNaN(value))) {
              throw new DataException(
                  set.name()
                      + ": "
                      + set.place(first + i / features, i % features)
                      + " is "
                      + value
                      + (Float.isNaN(value) ? "" : ", or beyond the range of float32")
                      + "; every value must be a finite number"
                      + (Float.isNaN(value) ? Finite.MISSING : ""));
            }
          }
        });
    return large[0];
  }
}

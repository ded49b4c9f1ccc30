// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;

/**
 * The check that no value is NaN or infinite, before any computation; NaN is allowed if it stands
 * for a missing value.
 */
final class Finite {
  /** A hint for data with NaN for missing values. */
  static final String MISSING = "; if NaN stands for a missing value, give --missing";

  private Finite() {}

  /**
   * Reads the whole set once; a set of bytes is not read, because bytes are always finite.
   *
   * @throws DataException if a value is not finite; it names the first one's row and column
   */
  static void require(DataSet set) {
    if (set.type() == DType.UINT8) {
      return;
    }
    RowBlocks.forEach(
        set,
        (first, count, raw) -> {
          int features = set.features();
          for (int i = 0; i < count * features; i++) {
            float value = raw.getFloat(i * Float.BYTES);
            if (!Float.isFinite(value) && !(set.missing() && Float.isNaN(value))) {
              throw new DataException(
                  set.name()
                      + ": row "
                      + (first + i / features)
                      + ", column "
                      + i % features
                      + " (counted from 0) is "
                      + value
                      + (Float.isNaN(value) ? "" : ", or beyond the range of float32")
                      + "; every value must be a finite number"
                      + (Float.isNaN(value) ? Finite.MISSING : ""));
            }
          }
        });
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;

/**
 * The check that no value is NaN or infinite, before anything is computed with it; NaN passes where
 * it stands for a missing value.
 */
final class Finite {
  /** What a user may have meant by NaN. */
  static final String MISSING = "; where NaN means that it is missing, give --missing";

  private Finite() {}

  /**
   * Reads the whole set once; bytes are always finite and cost nothing.
   *
   * @throws DataException naming the first row and column that is not finite
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

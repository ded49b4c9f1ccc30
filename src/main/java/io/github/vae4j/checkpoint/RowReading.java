// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.RowRoles;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a run were read, where that is more than their values.
 *
 * @param missing whether values may be missing
 * @param columns the columns that are labels, covariates or weights
 * @param weights a file with a weight for each row trained on; null for none
 * @param mask a file that says which values trained on are missing; null for none
 * @param testMask the same for the test data
 */
public record RowReading(
    boolean missing,
    RowRoles columns,
    @Nullable String weights,
    @Nullable String mask,
    @Nullable String testMask) {
  /** Rows are their values. */
  public static final RowReading PLAIN = new RowReading(false, RowRoles.NONE, null, null, null);
}

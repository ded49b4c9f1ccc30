// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.PictureOptions;
import io.github.vae4j.data.RowRoles;
import org.jspecify.annotations.Nullable;

/**
 * The options with which the rows of a run were read.
 *
 * @param missing whether rows may have missing values
 * @param columns the columns that are labels, covariates or weights
 * @param weights a file with a weight for each training row; null for none
 * @param mask a file with the mask of the training rows' missing values; null for none
 * @param testMask a file with the mask of the test rows; null for none
 * @param arrays how arrays are read; null for the defaults
 * @param pictures how folders of pictures are read; null for the defaults
 */
public record RowReading(
    boolean missing,
    RowRoles columns,
    @Nullable String weights,
    @Nullable String mask,
    @Nullable String testMask,
    @Nullable ArrayOptions arrays,
    @Nullable PictureOptions pictures) {
  /** The defaults: rows without missing values, roles, weights and masks. */
  public static final RowReading PLAIN =
      new RowReading(false, RowRoles.NONE, null, null, null, null, null);

  /**
   * The options of arrays.
   *
   * @return the defaults if there are none
   */
  public ArrayOptions arraysOrPlain() {
    return arrays == null ? ArrayOptions.PLAIN : arrays;
  }

  /**
   * A copy with other values.
   *
   * @param mayMiss whether rows may have missing values
   * @param array how arrays are read; null for the defaults
   * @param picture how folders of pictures are read; null for the defaults
   * @return the options
   */
  public RowReading with(
      boolean mayMiss, @Nullable ArrayOptions array, @Nullable PictureOptions picture) {
    return new RowReading(mayMiss, columns, weights, mask, testMask, array, picture);
  }

  /**
   * Whether training rows have a mask of missing values.
   *
   * @return false if all values are there
   */
  public boolean hasMissing() {
    return missing || mask != null;
  }

  /**
   * Whether training rows have weights, from a file or a column.
   *
   * @return false if all rows count alike
   */
  public boolean hasWeights() {
    return weights != null || columns.weights() != null;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.ArrayOptions.Layout;
import io.github.vae4j.data.ImageShape;
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
 * @param shape of a row as an image or a series; null for the one that the source has
 */
public record RowReading(
    boolean missing,
    RowRoles columns,
    @Nullable String weights,
    @Nullable String mask,
    @Nullable String testMask,
    @Nullable ArrayOptions arrays,
    @Nullable PictureOptions pictures,
    @Nullable ImageShape shape) {
  /** The defaults: rows without missing values, roles, weights and masks. */
  public static final RowReading PLAIN =
      new RowReading(false, RowRoles.NONE, null, null, null, null, null, null);

  /**
   * The options of opening arrays.
   *
   * @return the defaults if there are none; with a shape the values stay in the order of the file,
   *     and {@link #layout} is that of the shape
   */
  public ArrayOptions arraysOrPlain() {
    ArrayOptions own = arrays == null ? ArrayOptions.PLAIN : arrays;
    return shape == null || own.layout() == null ? own : own.withLayout(Layout.NHWC);
  }

  /**
   * The order of the values of a row.
   *
   * @return null for the one that the source suggests
   */
  public @Nullable Layout layout() {
    return arrays == null ? null : arrays.layout();
  }

  /**
   * A copy with other values.
   *
   * @param mayMiss whether rows may have missing values
   * @param array how arrays are read; null for the defaults
   * @param picture how folders of pictures are read; null for the defaults
   * @param image the shape of a row; null for the one that the source has
   * @return the options
   */
  public RowReading with(
      boolean mayMiss,
      @Nullable ArrayOptions array,
      @Nullable PictureOptions picture,
      @Nullable ImageShape image) {
    return new RowReading(mayMiss, columns, weights, mask, testMask, array, picture, image);
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

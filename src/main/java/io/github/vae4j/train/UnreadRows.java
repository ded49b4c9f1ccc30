// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a model's shape for a plan that is never run, so that their values are never read.
 *
 * @param features the number of columns
 * @param conditions the number of columns of a condition; 0 for none
 * @param rows the number of rows
 * @param missing whether rows may have missing values
 * @param weighted whether rows have weights
 */
record UnreadRows(int features, int conditions, int rows, boolean missing, boolean weighted)
    implements DataSet {
  @Override
  public String name() {
    return "unread rows";
  }

  @Override
  public DType type() {
    return DType.FLOAT32;
  }

  @Override
  public float scale() {
    return 1;
  }

  @Override
  public @Nullable ImageShape image() {
    return null;
  }

  @Override
  public int label(int row) {
    return 0;
  }

  /**
   * The number of columns of a condition on covariates; a condition on labels does not ask for it.
   */
  @Override
  public @Nullable DataSet covariates() {
    return conditions == 0 ? null : new UnreadRows(conditions, 0, rows, false, false);
  }

  /** Streamed: a resident set would be read at once, a streamed one when a step runs. */
  @Override
  public boolean resident() {
    return false;
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    throw new UnsupportedOperationException("unread rows have no values");
  }
}

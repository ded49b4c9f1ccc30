// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a model's shape that a plan needs and nobody reads.
 *
 * @param spec the model
 * @param rows how many
 * @param missing whether values may be missing
 * @param weighted whether rows have weights
 */
record UnreadRows(VaeSpec spec, int rows, boolean missing, boolean weighted) implements DataSet {
  @Override
  public String name() {
    return "unread rows";
  }

  @Override
  public int features() {
    return spec.features();
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
    return spec.image();
  }

  @Override
  public int label(int row) {
    return 0;
  }

  @Override
  public float weight(int row) {
    return 1;
  }

  /** As many columns as a condition has, which one of labels does not ask for. */
  @Override
  public @Nullable DataSet covariates() {
    int columns = spec.conditions();
    return columns == 0
        ? null
        : new UnreadRows(VaeSpec.builder(columns).build(), rows, false, false);
  }

  /** Streamed, so that they are read when they are needed: never. */
  @Override
  public boolean resident() {
    return false;
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    throw new UnsupportedOperationException("unread rows have no values");
  }
}

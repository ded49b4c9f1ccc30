// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A few rows whose values are replaced by those of the next ones. */
final class RowBlock implements DataSet {
  private final String name;
  private final int rows;
  private final int features;
  private final boolean missing;
  private final float[] values;
  private final double[] logJacobians;
  private final String[] places;
  private final @Nullable RowBlock given;

  /**
   * Rows of zeros.
   *
   * @param name of the table, for messages
   * @param rows the number of rows
   * @param features of the schema
   */
  RowBlock(String name, int rows, Features features) {
    this(
        name,
        rows,
        features.width(),
        true,
        features.givenWidth() == 0 ? null : new RowBlock(name, rows, features.givenWidth()));
  }

  private RowBlock(String name, int rows, int features) {
    this(name, rows, features, false, null);
  }

  private RowBlock(String name, int rows, int features, boolean missing, @Nullable RowBlock given) {
    this.name = name;
    this.rows = rows;
    this.features = features;
    this.missing = missing;
    this.given = given;
    values = new float[rows * features];
    logJacobians = new double[rows];
    places = new String[rows];
    Arrays.fill(places, "");
  }

  /** Replaces a row by the one that was encoded last. */
  void set(int row, RowEncoder encoder, RowBuffer.Note note, String place) {
    System.arraycopy(encoder.values(), 0, values, row * features, features);
    logJacobians[row] = note.logJacobian();
    places[row] = place;
    if (given != null) {
      System.arraycopy(encoder.given(), 0, given.values, row * given.features, given.features);
    }
  }

  /** A copy of a row. */
  float[] row(int row) {
    return Arrays.copyOfRange(values, row * features, (row + 1) * features);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int features() {
    return features;
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
  public boolean missing() {
    return missing;
  }

  @Override
  public double logJacobian(int row) {
    return logJacobians[row];
  }

  @Override
  public String place(int row) {
    return places[row];
  }

  @Override
  public @Nullable DataSet covariates() {
    return given;
  }

  @Override
  public boolean resident() {
    return true;
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    for (int i = first * features; i < (first + count) * features; i++) {
      target.putFloat(values[i]);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data set of this package: a description, checks, and a source that reads the rows. */
final class RowDataSet implements DataSet {
  private final DataInfo info;
  private final RowSource source;

  RowDataSet(DataInfo info, RowSource source) {
    this.info = info;
    this.source = source;
  }

  @Override
  public String name() {
    return info.name();
  }

  @Override
  public int rows() {
    return info.rows();
  }

  @Override
  public int features() {
    return info.features();
  }

  @Override
  public DType type() {
    return info.type();
  }

  @Override
  public float scale() {
    return info.scale();
  }

  @Override
  public @Nullable ImageShape image() {
    return info.image();
  }

  @Override
  public int label(int row) {
    Objects.checkIndex(row, info.rows());
    int[] labels = info.notes().labels();
    return labels == null ? -1 : labels[row];
  }

  @Override
  public boolean missing() {
    return info.missing();
  }

  @Override
  public @Nullable List<String> columns() {
    Columns columns = info.columns();
    return columns == null ? null : columns.names();
  }

  /** The columns in the source; null if they have no names and are those of the source. */
  @Nullable Columns source() {
    return info.columns();
  }

  @Override
  public @Nullable List<String> classes() {
    return info.notes().classes();
  }

  @Override
  public int origin(int row) {
    Objects.checkIndex(row, info.rows());
    RowPlaces places = info.notes().places();
    return places == null ? row : places.origin(row);
  }

  @Override
  public String place(int row) {
    Objects.checkIndex(row, info.rows());
    RowPlaces places = info.notes().places();
    return places == null ? "row " + row : places.text(row);
  }

  @Override
  public List<String> remarks() {
    return info.remarks();
  }

  @Override
  public boolean weighted() {
    return info.notes().weights() != null;
  }

  @Override
  public float weight(int row) {
    Objects.checkIndex(row, info.rows());
    float[] weights = info.notes().weights();
    return weights == null ? 1 : weights[row];
  }

  @Override
  public double logJacobian(int row) {
    Objects.checkIndex(row, info.rows());
    double[] logs = info.notes().logJacobians();
    return logs == null ? 0 : logs[row];
  }

  @Override
  public @Nullable DataSet covariates() {
    return info.notes().covariates();
  }

  RowNotes notes() {
    return info.notes();
  }

  @Override
  public boolean resident() {
    return source.resident();
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    Objects.checkFromIndexSize(first, count, info.rows());
    long bytes = (long) count * info.rowBytes();
    if (target.remaining() < bytes || target.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "read: expected a target in native order with room for "
              + bytes
              + " bytes, given "
              + target.remaining()
              + " bytes, "
              + target.order());
    }
    source.read(first, count, target);
  }

  @Override
  public void close() {
    source.close();
  }

  @Override
  public String toString() {
    return info.name() + " (" + info.rows() + " x " + info.features() + " " + info.type() + ")";
  }
}

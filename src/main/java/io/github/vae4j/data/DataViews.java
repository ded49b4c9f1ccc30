// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Views of data sets: some of the columns, a mask for missing values, added labels, weights or
 * covariates, and the labels or weights as a data set. A view reads from the sets it was made of,
 * which must stay open; closing it does nothing.
 */
public final class DataViews {
  private DataViews() {}

  /**
   * Some columns of a set; its rows are then not images.
   *
   * @param set the data set
   * @param columns their numbers from 0, in the order of the view, at least one
   * @return the view
   */
  public static DataSet columns(DataSet set, int... columns) {
    return ColumnView.of(set, columns);
  }

  /**
   * A set whose rows are images or series of a shape.
   *
   * @param set the data set
   * @param shape of a row
   * @param order of a row's values; null for channels last. Channels that come first are put last
   * @return the view
   * @throws IllegalArgumentException if a row has another number of values; it names both
   */
  public static DataSet shaped(DataSet set, ImageShape shape, ArrayOptions.@Nullable Layout order) {
    if (set.features() != shape.features()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "shape: expected height x width x channels = %d, the values of a row of %s, given"
                  + " %d x %d x %d = %d",
              set.features(),
              set.name(),
              shape.height(),
              shape.width(),
              shape.channels(),
              shape.features()));
    }
    if (order == ArrayOptions.Layout.NCHW && shape.channels() > 1) {
      DataSet last = ColumnView.of(set, shape.channelsFirst());
      return new RowDataSet(DataInfo.of(last).withImage(shape), new Same(last));
    }
    return shape.equals(set.image())
        ? set
        : new RowDataSet(DataInfo.of(set).withImage(shape), new Same(set));
  }

  /**
   * A set with a mask of missing values.
   *
   * @param set the data set
   * @param mask 0 where a value is missing and else 1; of the same shape
   * @return the view: FLOAT32, scale 1
   * @throws DataException if the shapes differ, or if the mask has another number; it names row and
   *     column
   */
  public static DataSet masked(DataSet set, DataSet mask) {
    return MaskedRows.of(set, mask);
  }

  /**
   * A set with a class for each row.
   *
   * @param set the data set
   * @param labels 0 or more; copied
   * @return the view
   * @throws DataException if a label is negative; it names the row
   */
  public static DataSet labelled(DataSet set, int[] labels) {
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0) {
        throw new DataException(
            set.name()
                + ": "
                + set.place(row)
                + " has label "
                + labels[row]
                + "; labels are 0, 1, 2, ...");
      }
    }
    return with(set, RowNotes.of(set).withLabels(labels.clone(), null));
  }

  /**
   * A set whose rows have weights.
   *
   * @param set the data set
   * @param weights finite, 0 or more, not all 0; copied. Only their ratios matter
   * @return the view
   * @throws DataException if a weight is not valid; it names the row
   */
  public static DataSet weighted(DataSet set, float[] weights) {
    double sum = 0;
    for (int row = 0; row < weights.length; row++) {
      if (!(weights[row] >= 0) || Float.isInfinite(weights[row])) {
        throw new DataException(
            set.name()
                + ": "
                + set.place(row)
                + " has weight "
                + weights[row]
                + "; a weight is a finite number of 0 or more");
      }
      sum += weights[row];
    }
    if (sum == 0) {
      throw new DataException(
          set.name() + ": rows 0 to " + (weights.length - 1) + " all have weight 0");
    }
    return with(set, RowNotes.of(set).withWeights(weights.clone()));
  }

  /**
   * A set with covariates, which are known for each row and not modelled.
   *
   * @param set the data set
   * @param covariates the same number of rows, all values finite
   * @return the view
   * @throws DataException if the numbers of rows differ, or if a value is missing; it names row and
   *     column
   */
  public static DataSet given(DataSet set, DataSet covariates) {
    if (covariates.missing()) {
      requireThere(covariates);
    }
    return with(set, RowNotes.of(set).withCovariates(covariates));
  }

  private static void requireThere(DataSet covariates) {
    RowBlocks.forEach(
        covariates,
        (first, count, raw) -> {
          int width = covariates.features();
          for (int i = 0; i < count * width; i++) {
            if (Float.isNaN(raw.getFloat(i * Float.BYTES))) {
              throw new DataException(
                  covariates.name()
                      + ": "
                      + covariates.place(first + i / width)
                      + ", covariate "
                      + RowRoles.columnName(covariates, i % width)
                      + " is missing; a condition must not have missing values");
            }
          }
        });
  }

  /**
   * A set whose columns have names.
   *
   * @param set the data set
   * @param names a name for each column, in their order
   * @return the view
   */
  public static DataSet named(DataSet set, List<String> names) {
    if (names.size() != set.features()) {
      throw new DataException(
          set.name() + ": has " + set.features() + " columns, given " + names.size() + " names");
    }
    Columns columns = new Columns(names, Columns.first(names.size()));
    ImageShape image = set.image();
    return new RowDataSet(DataInfo.of(set).withColumns(columns).withImage(image), new Same(set));
  }

  /** A set with further remarks. */
  static DataSet remarked(DataSet set, List<String> remarks) {
    DataInfo info = DataInfo.of(set);
    for (String remark : remarks) {
      info = info.withRemark(remark);
    }
    return remarks.isEmpty() ? set : new RowDataSet(info, new Same(set));
  }

  private static DataSet with(DataSet set, RowNotes notes) {
    return new RowDataSet(DataInfo.of(set).withNotes(notes), new Same(set));
  }

  /**
   * The labels of a set, one-hot.
   *
   * @param set a set with labels
   * @param classes the number of classes
   * @return (rows, classes): 1 in the column of the row's class, else 0; UINT8, scale 1
   * @throws DataException if there are no labels, or if a label is not below classes; it names the
   *     row
   */
  public static DataSet oneHot(DataSet set, int classes) {
    for (int row = 0; row < set.rows(); row++) {
      int label = set.label(row);
      if (label < 0 || label >= classes) {
        throw new DataException(
            set.name()
                + (label == -1
                    ? ": " + set.place(row) + " has no label"
                    : ": " + set.place(row) + " has label " + label + className(set, label))
                + "; the model is conditional on labels 0 to "
                + (classes - 1));
      }
    }
    DataInfo info =
        new DataInfo(set.name() + " (labels)", set.rows(), classes, DType.UINT8, 1, null, null);
    return new RowDataSet(info, new OneHot(set, classes));
  }

  private static String className(DataSet set, int label) {
    List<String> classes = set.classes();
    return classes == null || label < 0 || label >= classes.size()
        ? ""
        : " (" + Excerpt.of(classes.get(label)) + ")";
  }

  /**
   * The weights of a set, in units of their mean.
   *
   * @param set a weighted set
   * @return (rows, 1): FLOAT32, with mean 1
   */
  public static DataSet weights(DataSet set) {
    double sum = 0;
    for (int row = 0; row < set.rows(); row++) {
      sum += set.weight(row);
    }
    DataInfo info =
        new DataInfo(
            set.name() + " (weights)",
            set.rows(),
            1,
            DType.FLOAT32,
            (float) (set.rows() / sum),
            null,
            null);
    return new RowDataSet(info, new Weights(set));
  }

  record Same(DataSet parent) implements RowSource {
    @Override
    public void read(int first, int count, ByteBuffer target) {
      parent.read(first, count, target);
    }

    @Override
    public boolean resident() {
      return parent.resident();
    }
  }

  private record OneHot(DataSet parent, int classes) implements RowSource {
    @Override
    public void read(int first, int count, ByteBuffer target) {
      byte[] row = new byte[classes];
      for (int i = first; i < first + count; i++) {
        Arrays.fill(row, (byte) 0);
        row[parent.label(i)] = 1;
        target.put(row);
      }
    }

    @Override
    public boolean resident() {
      return true;
    }
  }

  private record Weights(DataSet parent) implements RowSource {
    @Override
    public void read(int first, int count, ByteBuffer target) {
      for (int i = first; i < first + count; i++) {
        target.putFloat(parent.weight(i));
      }
    }

    @Override
    public boolean resident() {
      return true;
    }
  }

  /** Changes the values of a row. */
  @FunctionalInterface
  public interface RowChange {
    /**
     * Changes the values.
     *
     * @param row its number in the set
     * @param values of the row, to be changed in place
     */
    void apply(int row, float[] values);
  }

  /**
   * A copy of a set with other values. Labels, weights, covariates, names and places are those of
   * the set, which must stay open.
   *
   * @param set the data set; FLOAT32 with scale 1
   * @param change is called for each row once, in order
   * @return the copy, in memory or, if it is large, on disk; the caller closes it
   */
  public static DataSet changed(DataSet set, RowChange change) {
    if (set.type() != DType.FLOAT32 || set.scale() != 1) {
      throw new IllegalArgumentException(
          "changed: expected float32 values with scale 1, given " + set.name());
    }
    List<String> names = Collections.nCopies(set.features(), "");
    long resident = OpenOptions.defaults().residentBytes();
    RowBuffer.Note note = new RowBuffer.Note(-1, 1, 0, 0);
    try (RowBuffer rows = new RowBuffer(set.name(), names, resident)) {
      for (int row = 0; row < set.rows(); row++) {
        float[] values = DataSets.values(set, row, 1).values();
        change.apply(row, values);
        rows.add(values, note);
      }
      return new RowDataSet(DataInfo.of(set), rows.source());
    }
  }
}

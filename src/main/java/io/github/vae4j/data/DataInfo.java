// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The description of a data set: all of it but the values.
 *
 * @param name of its source
 * @param rows the number of rows
 * @param features the number of values in a row
 * @param type UINT8 or FLOAT32
 * @param scale the factor from raw values to values
 * @param image the shape of a row as an image; null if rows are not images
 * @param missing whether NaN stands for a missing value
 * @param columns the columns in the source; null if they have no names and are those of the source
 * @param notes labels, weights, covariates and places of rows
 * @param remarks on how the source was read
 */
record DataInfo(
    String name,
    int rows,
    int features,
    DType type,
    float scale,
    @Nullable ImageShape image,
    boolean missing,
    @Nullable Columns columns,
    RowNotes notes,
    List<String> remarks) {
  DataInfo {
    if (rows < 1 || features < 1) {
      throw new DataException(
          name + ": is empty: it has " + rows + " rows of " + features + " values");
    }
    if (image != null && image.features() != features) {
      throw new IllegalArgumentException(
          name + ": image: expected " + features + " values in a row, given " + image);
    }
    notes.check(name, rows);
  }

  /**
   * The description of a set with labels, without names, missing values, weights and covariates.
   */
  DataInfo(
      String name,
      int rows,
      int features,
      DType type,
      float scale,
      @Nullable ImageShape image,
      int @Nullable [] labels) {
    this(name, rows, features, type, scale, image, false, null, RowNotes.labels(labels), List.of());
  }

  /** The description of another set. */
  static DataInfo of(DataSet set) {
    return new DataInfo(
        set.name(),
        set.rows(),
        set.features(),
        set.type(),
        set.scale(),
        set.image(),
        set.missing(),
        Columns.of(set),
        RowNotes.of(set),
        set.remarks());
  }

  DataInfo withNotes(RowNotes own) {
    return new DataInfo(name, rows, features, type, scale, image, missing, columns, own, remarks);
  }

  DataInfo withRows(int count, RowNotes own) {
    return new DataInfo(name, count, features, type, scale, image, missing, columns, own, remarks);
  }

  DataInfo withValues(DType own, float factor, boolean mayMiss) {
    return new DataInfo(name, rows, features, own, factor, image, mayMiss, columns, notes, remarks);
  }

  DataInfo withColumns(Columns own) {
    return new DataInfo(
        name, rows, own.numbers().size(), type, scale, null, missing, own, notes, remarks);
  }

  DataInfo withImage(@Nullable ImageShape own) {
    return new DataInfo(name, rows, features, type, scale, own, missing, columns, notes, remarks);
  }

  /** A copy with a further remark. */
  DataInfo withRemark(String remark) {
    List<String> more = new ArrayList<>(remarks);
    more.add(remark);
    return new DataInfo(
        name, rows, features, type, scale, image, missing, columns, notes, List.copyOf(more));
  }

  int rowBytes() {
    return Math.multiplyExact(features, type.bytes());
  }
}

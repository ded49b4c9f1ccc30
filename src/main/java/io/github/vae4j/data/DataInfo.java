package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a data set besides its values.
 *
 * @param name where it comes from
 * @param rows the number of rows
 * @param features the number of values in a row
 * @param type UINT8 or FLOAT32
 * @param scale the factor from raw values to values
 * @param image how a row is an image; null where it is none
 * @param labels a class for each row; null where there are none
 */
@SuppressWarnings("ArrayRecordComponent")
record DataInfo(
    String name,
    int rows,
    int features,
    DType type,
    float scale,
    @Nullable ImageShape image,
    int @Nullable [] labels) {
  DataInfo {
    if (rows < 1 || features < 1) {
      throw new DataException(
          name + ": is empty: it has " + rows + " rows of " + features + " values");
    }
    if (image != null && image.features() != features) {
      throw new IllegalArgumentException(
          name + ": image: expected " + features + " values in a row, given " + image);
    }
    if (labels != null && labels.length != rows) {
      throw new DataException(
          name + ": has " + rows + " rows but " + labels.length + " labels; they must agree");
    }
  }

  int rowBytes() {
    return Math.multiplyExact(features, type.bytes());
  }

  /** The labels of some rows; null if none of them has one. */
  static int @Nullable [] labels(DataSet set, int[] index) {
    int[] labels = new int[index.length];
    boolean any = false;
    for (int i = 0; i < labels.length; i++) {
      labels[i] = set.label(index[i]);
      any |= labels[i] != -1;
    }
    return any ? labels : null;
  }
}

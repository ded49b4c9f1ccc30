// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of an IDX or NPY header. The first dimension counts rows; the others are a row's
 * features, last dimension fastest. (N, H, W), (N, 1, H, W) and (N, H, W, 1 or 3) are images.
 *
 * @param element the type of a stored number
 * @param order the byte order
 * @param columnMajor whether the first dimension is the fastest in the file (Fortran order)
 * @param grey whether unsigned bytes are grey values in this format, and not also counts or 0 and 1
 * @param shape the dimensions
 * @param offset of the first number in the file
 */
@SuppressWarnings("ArrayRecordComponent")
record ArrayHeader(
    ElementType element,
    ByteOrder order,
    boolean columnMajor,
    boolean grey,
    long[] shape,
    long offset) {
  private static final int MOST_SHOWN = 16;

  /** The description of a data set of such an array. */
  DataInfo describe(String name, int @Nullable [] labels, boolean missing) {
    if (shape.length == 0) {
      throw new DataException(name + ": is a single number, not an array of rows");
    }
    long features = 1;
    for (int i = 1; i < shape.length; i++) {
      features = saturated(features, shape[i], Integer.MAX_VALUE);
    }
    if (shape[0] > Integer.MAX_VALUE || features * element.bytes() > Integer.MAX_VALUE - 64) {
      throw new DataException(
          name
              + ": has shape "
              + shapeText()
              + "; at most 2^31 - 1 rows of 2 GiB each are possible");
    }
    return new DataInfo(
        name,
        (int) shape[0],
        (int) features,
        element.type(),
        element.scale(),
        features == 0 ? null : image(),
        missing && element.type() == DType.FLOAT32,
        null,
        RowNotes.labels(labels),
        remarks(name));
  }

  private List<String> remarks(String name) {
    boolean planes = shape.length == 4 && shape[1] == 3 && shape[3] != 1 && shape[3] != 3;
    return planes
        ? List.of(
            name
                + ": an array of shape "
                + shapeText()
                + " is read as rows of numbers, not as images; if its second dimension is red,"
                + " green, blue, save numpy.moveaxis(array, 1, -1)")
        : List.of();
  }

  private String shapeText() {
    return Arrays.toString(Arrays.copyOf(shape, Math.min(shape.length, MOST_SHOWN)));
  }

  /** The size of the file, or Long.MAX_VALUE if the dimensions are impossible. */
  long fileBytes() {
    long bytes = element.bytes();
    for (long size : shape) {
      bytes = saturated(bytes, size, Long.MAX_VALUE - offset);
    }
    return offset + bytes;
  }

  private @Nullable ImageShape image() {
    if (shape.length == 3) {
      return new ImageShape((int) shape[2], (int) shape[1], 1);
    }
    if (shape.length == 4 && (shape[3] == 1 || shape[3] == 3)) {
      return new ImageShape((int) shape[2], (int) shape[1], (int) shape[3]);
    }
    if (shape.length == 4 && shape[1] == 1) {
      return new ImageShape((int) shape[3], (int) shape[2], 1);
    }
    return null;
  }

  private static long saturated(long a, long b, long most) {
    return b != 0 && a > most / b ? most : a * b;
  }
}

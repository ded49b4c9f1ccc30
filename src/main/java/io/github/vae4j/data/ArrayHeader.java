// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.data.ArrayOptions.Layout;
import io.github.vae4j.tensor.DType;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of an IDX or NPY header. The first dimension counts rows; the others are a row's
 * features, last dimension fastest. (N, H, W), (N, 1, H, W) and (N, H, W, 1 or 3) are images; (N,
 * 3, H, W) are images whose channels come first. With a given layout (N, H, W, C) or (N, C, H, W)
 * are images of any number of channels.
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

  /** The channels of pictures in colour. */
  private static final int COLOURS = 3;

  /** The description of a data set of such an array. */
  DataInfo describe(String name, int @Nullable [] labels, OpenOptions options) {
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
        features == 0 ? null : image(name, options.arrays().layout()),
        options.missing() && element.type() == DType.FLOAT32,
        null,
        RowNotes.labels(labels),
        remarks(name, options.arrays().layout()));
  }

  /** The shape of pictures whose channels come first, and are to be put last; else null. */
  @Nullable ImageShape planes(@Nullable Layout layout) {
    if (shape.length != 4 || layout == Layout.NHWC) {
      return null;
    }
    boolean colours = shape[1] == COLOURS && shape[2] > COLOURS && shape[3] > COLOURS;
    return layout == Layout.NCHW || colours
        ? new ImageShape((int) shape[3], (int) shape[2], (int) shape[1])
        : null;
  }

  private List<String> remarks(String name, @Nullable Layout layout) {
    String array = name + ": an array of shape " + shapeText();
    if (layout == Layout.NCHW && shape.length == 3) {
      return List.of(
          array
              + " is read as grey images (N, H, W); for series whose channels come first (N, C, L)"
              + " give a shape too by DataViews.shaped, as in series:"
              + shape[2]
              + "x"
              + shape[1]);
    } else if (layout != null || shape.length != 4) {
      return List.of();
    }
    if (planes(null) != null) {
      return List.of(
          array
              + " is read as pictures whose channels come first (N, C, H, W); ArrayOptions.layout nhwc reads"
              + " images whose channels come last (N, H, W, C)");
    }
    return image(name, null) != null
        ? List.of()
        : List.of(
            array
                + " is read as rows of numbers, not as images; if it has images, give ArrayOptions.layout nhwc"
                + " (channels last) or ArrayOptions.layout nchw (channels first)");
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

  /** The shape of images in the order of the file; null for others. */
  private @Nullable ImageShape image(String name, @Nullable Layout layout) {
    if (shape.length == 3) {
      return new ImageShape((int) shape[2], (int) shape[1], 1);
    }
    boolean four = shape.length == 4;
    if (layout == Layout.NCHW && !four) {
      throw new DataException(
          name
              + ": ArrayOptions.layout nchw: expected an array of shape (N, C, H, W), or one with a shape by DataViews.shaped,"
              + " given "
              + shapeText());
    }
    boolean last = four && (layout == Layout.NHWC || shape[3] == 1 || shape[3] == COLOURS);
    if (last && layout != Layout.NCHW) {
      return new ImageShape((int) shape[2], (int) shape[1], (int) shape[3]);
    }
    // Of more channels than one the values are put into the order of an image later.
    return four && shape[1] == 1 ? new ImageShape((int) shape[3], (int) shape[2], 1) : null;
  }

  private static long saturated(long a, long b, long most) {
    return b != 0 && a > most / b ? most : a * b;
  }
}

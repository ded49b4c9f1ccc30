// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The IDX format of MNIST: two zero bytes, the element's type, the number of dimensions, each
 * dimension as a big-endian int, then the numbers, big-endian, last dimension fastest.
 */
final class Idx {
  private static final int BLOCK_LABELS = 1 << 16;

  private Idx() {}

  /**
   * Opens the files of an "idx:" specification.
   *
   * @param name the specification
   * @param files an IDX file, or one with data and one with labels, separated by a comma
   * @param options the limit of memory, and whether rows may have missing values
   */
  static DataSet open(String name, String files, OpenOptions options) {
    List<Path> paths = paths(files);
    Path data = paths.get(0);
    try (NamedInput input = NamedInput.open(data)) {
      ArrayHeader header = header(input);
      int[] labels = null;
      if (paths.size() > 1) {
        try (NamedInput labelInput = NamedInput.open(paths.get(1))) {
          labels = labels(labelInput, header, input.name());
        }
      }
      boolean large = header.fileBytes() > options.residentBytes();
      refuseLabels(input, header);
      return large && !input.compressed()
          ? ArrayFiles.map(name, data, header, labels, options)
          : ArrayFiles.load(name, input, header, labels, options);
    }
  }

  /** The file of the data, and that of the labels where the text names one after a comma. */
  static List<Path> paths(String files) {
    int comma = Files.exists(Path.of(files)) ? -1 : files.lastIndexOf(',');
    if (files.isEmpty() || comma == 0 || comma == files.length() - 1) {
      throw new IllegalArgumentException(
          "data: expected FILE or FILE,LABELS after idx: or idx-transposed:, given \""
              + files
              + "\"");
    }
    return comma < 0
        ? List.of(Path.of(files))
        : List.of(Path.of(files.substring(0, comma)), Path.of(files.substring(comma + 1)));
  }

  /** Reads a data set and its labels from streams. */
  static DataSet read(String name, NamedInput input, @Nullable NamedInput labelInput) {
    ArrayHeader header = header(input);
    int[] labels = labelInput == null ? null : labels(labelInput, header, input.name());
    return ArrayFiles.load(name, input, header, labels, new OpenOptions(Long.MAX_VALUE));
  }

  private static void refuseLabels(NamedInput input, ArrayHeader header) {
    if (header.shape().length == 1 && header.element() == ElementType.UINT8) {
      throw new DataException(
          input.name()
              + ": has one dimension of bytes, as a file of labels; give the images first:"
              + " idx:IMAGES,LABELS");
    }
  }

  /** Reads a header; the stream is then at the first number. */
  static ArrayHeader header(NamedInput input) {
    byte[] magic = input.header(4, "magic number");
    ElementType element = element(magic[2]);
    if (magic[0] != 0 || magic[1] != 0 || element == null || magic[3] < 1) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: is not an IDX file: its first bytes are %02x %02x %02x %02x, expected 00 00,"
                  + " a type (08, 09 or 0b to 0e) and the number of dimensions",
              input.name(),
              magic[0],
              magic[1],
              magic[2],
              magic[3]));
    }
    int rank = magic[3];
    ByteBuffer sizes = ByteBuffer.wrap(input.header(4 * rank, "dimensions"));
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = Integer.toUnsignedLong(sizes.getInt());
    }
    return new ArrayHeader(element, ByteOrder.BIG_ENDIAN, false, true, shape, input.position());
  }

  private static int[] labels(NamedInput input, ArrayHeader data, String dataName) {
    ArrayHeader header = header(input);
    if (header.shape().length != 1
        || header.element() == ElementType.FLOAT32
        || header.element() == ElementType.FLOAT64) {
      throw new DataException(
          input.name() + ": is not a file of labels: expected one dimension of integers");
    }
    if (header.shape()[0] != data.shape()[0]) {
      throw new DataException(
          input.name()
              + ": has "
              + header.shape()[0]
              + " labels, but "
              + dataName
              + " has "
              + data.shape()[0]
              + " rows; they do not belong together");
    }
    int size = header.element().bytes();
    DataInfo info = header.describe(input.name(), null, new OpenOptions(Long.MAX_VALUE));
    if (!input.canHave(header.fileBytes())) {
      throw new DataException(
          input.name()
              + ": is truncated: its header announces "
              + info.rows()
              + " labels; get the file again");
    }
    Heap.require(input.name(), (double) info.rows() * Integer.BYTES);
    IntStream.Builder labels = IntStream.builder();
    byte[] block = new byte[BLOCK_LABELS * size];
    ByteBuffer numbers = ByteBuffer.wrap(block);
    for (int first = 0; first < info.rows(); first += BLOCK_LABELS) {
      int count = Math.min(BLOCK_LABELS, info.rows() - first);
      if (input.read(block, count * size) < count * size) {
        throw new DataException(
            input.name() + ": is truncated: it ends within its labels; get the file again");
      }
      for (int i = 0; i < count; i++) {
        labels.add(label(input, header.element(), numbers, i * size, first + i));
      }
    }
    return labels.build().toArray();
  }

  private static int label(
      NamedInput input, ElementType element, ByteBuffer numbers, int at, int row) {
    int label =
        element == ElementType.INT32 ? numbers.getInt(at) : (int) element.decode(numbers, at);
    if (label < 0) {
      throw new DataException(
          input.name() + ": label " + row + " is " + label + "; labels are 0, 1, 2, ...");
    }
    return label;
  }

  private static @Nullable ElementType element(byte code) {
    return switch (code) {
      case 0x08 -> ElementType.UINT8;
      case 0x09 -> ElementType.INT8;
      case 0x0b -> ElementType.INT16;
      case 0x0c -> ElementType.INT32;
      case 0x0d -> ElementType.FLOAT32;
      case 0x0e -> ElementType.FLOAT64;
      default -> null;
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The IDX format of MNIST: two zero bytes, the element's type, the number of dimensions, each
 * dimension as a big-endian int, then the numbers, big-endian, last dimension fastest.
 */
final class Idx {
  private Idx() {}

  /**
   * Opens the files of an "idx:" specification.
   *
   * @param name the specification
   * @param files an IDX file, or one with data and one with labels, separated by a comma
   * @param options the limit of memory, and whether rows may have missing values
   */
  static DataSet open(String name, String files, OpenOptions options) {
    int comma = Files.exists(Path.of(files)) ? -1 : files.lastIndexOf(',');
    Path data = Path.of(comma < 0 ? files : files.substring(0, comma));
    try (NamedInput input = NamedInput.open(data)) {
      ArrayHeader header = header(input);
      int[] labels = null;
      if (comma >= 0) {
        try (NamedInput labelInput = NamedInput.open(Path.of(files.substring(comma + 1)))) {
          labels = labels(labelInput, header, input.name());
        }
      }
      boolean large = header.fileBytes() > options.residentBytes();
      return large && !NamedInput.isGzip(data.toString())
          ? ArrayFiles.map(name, data, header, labels, options.missing())
          : ArrayFiles.load(name, input, header, labels, options.missing());
    }
  }

  /** Reads a data set and its labels from streams. */
  static DataSet read(String name, NamedInput input, @Nullable NamedInput labelInput) {
    ArrayHeader header = header(input);
    int[] labels = labelInput == null ? null : labels(labelInput, header, input.name());
    return ArrayFiles.load(name, input, header, labels, false);
  }

  private static ArrayHeader header(NamedInput input) {
    byte[] magic = input.header(4, "magic number");
    ElementType element = element(magic[2]);
    if (magic[0] != 0 || magic[1] != 0 || element == null || magic[3] < 1) {
      boolean gzip = magic[0] == 0x1f && magic[1] == (byte) 0x8b;
      throw new DataException(
          String.format(
              "%s: is not an IDX file: its first bytes are %02x %02x %02x %02x, expected 00 00,"
                  + " a type (08, 09 or 0b to 0e) and the number of dimensions%s",
              input.name(),
              magic[0],
              magic[1],
              magic[2],
              magic[3],
              gzip ? "; it is compressed: add .gz to its name" : ""));
    }
    int rank = magic[3];
    ByteBuffer sizes = ByteBuffer.wrap(input.header(4 * rank, "dimensions"));
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = Integer.toUnsignedLong(sizes.getInt());
    }
    return new ArrayHeader(element, ByteOrder.BIG_ENDIAN, false, shape, input.position());
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
    DataInfo info = header.describe(input.name(), null, false);
    byte[] raw = input.header(Math.multiplyExact(info.rows(), size), "labels");
    ByteBuffer numbers = ByteBuffer.wrap(raw);
    int[] labels = new int[info.rows()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) header.element().decode(numbers, i * size);
    }
    return labels;
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

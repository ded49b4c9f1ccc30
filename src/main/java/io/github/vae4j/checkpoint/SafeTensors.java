// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import java.util.List;

/**
 * The elements of the safetensors format. A file is 8 bytes N (unsigned, little-endian), N bytes of
 * JSON in UTF-8, then the tensors' bytes (little-endian, row-major, packed). The JSON maps each
 * tensor's name to {@code {"dtype", "shape", "data_offsets": [begin, end]}}, offsets counted from
 * the first byte after the JSON, and {@code "__metadata__"} to a map of texts. Spaces at the end of
 * the JSON align the data to 8 bytes. See {@link SafeTensorsWriter} and {@link SafeTensorsReader}.
 */
public final class SafeTensors {
  /**
   * The metadata key of the checksum: {@code crc32c:} and 8 hexadecimal digits. It covers the JSON
   * of the header as {@link SafeTensorsWriter} writes it without this key (metadata sorted by key,
   * tensors in the order of their data, no spaces) and then the data.
   */
  public static final String CHECKSUM = "vae4j.checksum";

  /** The greatest number of bytes of JSON that the format allows. */
  static final int MAX_HEADER = 100_000_000;

  /** Bytes to which the JSON is padded. */
  static final int ALIGN = 8;

  private SafeTensors() {}

  /**
   * The element types that vae4j reads and writes, in the order of their tensors in a file, so that
   * each tensor is aligned to its elements.
   */
  public enum TensorType {
    /** Signed 64-bit integers. */
    I64(8),
    /** IEEE 754 binary64. */
    F64(8),
    /** IEEE 754 binary32. */
    F32(4),
    /** IEEE 754 binary16, which is read as F32 and never written. */
    F16(2),
    /** The upper half of binary32, which is read as F32 and never written. */
    BF16(2),
    /** Unsigned bytes. */
    U8(1);

    private final int bytes;

    TensorType(int bytes) {
      this.bytes = bytes;
    }

    /**
     * Whether elements can be read as those of another type, without a loss.
     *
     * @param other the other type
     * @return true for the type itself, and for F16 and BF16 as F32
     */
    public boolean readableAs(TensorType other) {
      return this == other || (other == F32 && (this == F16 || this == BF16));
    }

    /**
     * The size of one element.
     *
     * @return bytes per element
     */
    public int bytes() {
      return bytes;
    }
  }

  /**
   * The place of a tensor.
   *
   * @param name its name
   * @param type its element type
   * @param shape its sizes; empty for a scalar
   * @param begin its first byte, from the start of the data
   * @param end its last byte + 1
   */
  public record Tensor(String name, TensorType type, List<Long> shape, long begin, long end) {
    /** Copies the shape. {@inheritDoc} */
    public Tensor {
      shape = List.copyOf(shape);
    }

    /**
     * The number of elements.
     *
     * @return the product of the shape
     */
    public long elements() {
      return (end - begin) / type.bytes();
    }

    @Override
    public String toString() {
      return type + " " + shape;
    }
  }

  /**
   * The bytes of a tensor.
   *
   * @param type its element type
   * @param shape its sizes
   * @return bytes
   * @throws ArithmeticException if they overflow a long
   */
  static long bytes(TensorType type, List<Long> shape) {
    long bytes = type.bytes();
    boolean empty = shape.contains(0L);
    for (long size : shape) {
      bytes = empty ? 0 : Math.multiplyExact(bytes, size);
    }
    return bytes;
  }
}

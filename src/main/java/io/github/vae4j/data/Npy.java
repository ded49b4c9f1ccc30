// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * NumPy's NPY format, versions 1 to 3: a magic number, a header that is a Python dictionary, then
 * the numbers. Source: numpy.lib.format.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int MAX_HEADER = 1 << 20;
  private static final int BLOCK_FLOATS = 1 << 16;
  private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*(['\"])(.*?)\\1");
  private static final Pattern ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9L,\\s]*)\\)");

  private Npy() {}

  /**
   * Reads an array without scaling of unsigned bytes; dimensions after the first are columns, in
   * the order of the file.
   *
   * @param file an NPY file
   * @return the numbers as float32
   * @throws DataException if it is not an NPY file of finite numbers
   */
  public static Matrix read(Path file) {
    try (DataSet set = open(file.toString(), file, ofFile())) {
      return DataSets.values(set, 0, set.rows(), 1);
    }
  }

  private static OpenOptions ofFile() {
    return new OpenOptions(Long.MAX_VALUE)
        .withArrays(ArrayOptions.PLAIN.withLayout(ArrayOptions.Layout.NHWC));
  }

  /**
   * Writes a float32 array of shape (rows, columns) in C order. An existing file is replaced when
   * the new one is complete.
   *
   * @param file to write
   * @param matrix to write
   * @throws VaeException if the file cannot be written; the old file is then unchanged
   */
  public static void write(Path file, Matrix matrix) {
    write(file, matrix, matrix.columns());
  }

  /**
   * Writes a float32 array of shape (rows, sizes ...) in C order. An existing file is replaced when
   * the new one is complete.
   *
   * @param file to write
   * @param matrix to write
   * @param sizes of a row, whose product is the number of the matrix's columns
   * @throws VaeException if the file cannot be written; the old file is then unchanged
   */
  public static void write(Path file, Matrix matrix, int... sizes) {
    if (Arrays.stream(sizes).asLongStream().reduce(1, Math::multiplyExact) != matrix.columns()) {
      throw new IllegalArgumentException(
          "sizes: expected a product of "
              + matrix.columns()
              + ", the length of a row, given "
              + Arrays.toString(sizes));
    }
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': ("
            + IntStream.concat(IntStream.of(matrix.rows()), Arrays.stream(sizes))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "))
            + "), }";
    int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    String text = dictionary + " ".repeat(padding) + "\n";
    ByteBuffer header = ByteBuffer.allocate(unpadded + padding).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length());
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer block =
        ByteBuffer.allocate(BLOCK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = matrix.values();
    AtomicFiles.write(
        file,
        out -> {
          out.write(header.array());
          for (int at = 0; at < values.length; at += BLOCK_FLOATS) {
            int count = Math.min(BLOCK_FLOATS, values.length - at);
            block.asFloatBuffer().put(values, at, count);
            out.write(block.array(), 0, count * Float.BYTES);
          }
        });
  }

  static DataSet open(String name, Path file, OpenOptions options) {
    try (NamedInput input = NamedInput.open(file)) {
      ArrayHeader header = header(input);
      return header.fileBytes() > options.residentBytes() && !input.compressed()
          ? ArrayFiles.map(name, file, header, null, options)
          : ArrayFiles.load(name, input, header, null, options);
    }
  }

  /** Reads a header; the stream is then at the first number. */
  static ArrayHeader header(NamedInput input) {
    byte[] magic = input.header(8, "magic number");
    for (int i = 0; i < MAGIC.length; i++) {
      if (magic[i] != MAGIC[i]) {
        throw new DataException(
            input.name() + ": is not an NPY file: it does not start with \\x93NUMPY");
      }
    }
    int version = magic[6];
    if (version < 1 || version > 3) {
      throw new DataException(
          input.name() + ": has NPY version " + version + "; versions 1 to 3 can be read");
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    ByteBuffer length =
        ByteBuffer.wrap(input.header(lengthBytes, "header length")).order(ByteOrder.LITTLE_ENDIAN);
    int size = version == 1 ? Short.toUnsignedInt(length.getShort()) : length.getInt();
    if (size < 0 || size > MAX_HEADER) {
      throw new DataException(
          input.name() + ": is corrupt: its header has " + Integer.toUnsignedLong(size) + " bytes");
    }
    String text = new String(input.header(size, "header"), StandardCharsets.UTF_8);
    return parse(input.name(), text.strip(), input.position());
  }

  private static ArrayHeader parse(String name, String text, long offset) {
    Matcher descr = DESCR.matcher(text);
    Matcher order = ORDER.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!order.find() || !shape.find() || !text.contains("descr")) {
      throw new DataException(
          name
              + ": is corrupt: its header lacks descr, fortran_order or a shape of whole numbers: "
              + Excerpt.of(text));
    }
    if (!descr.find()) {
      throw unsupported(name, "a record of several fields");
    }
    String code = descr.group(2);
    ElementType element = element(code);
    if (element == null) {
      throw unsupported(
          name,
          code.endsWith("O") ? "Python objects (" + Excerpt.of(code) + ")" : Excerpt.of(code));
    }
    boolean big = code.startsWith(">");
    return new ArrayHeader(
        element,
        big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        order.group(1).equals("True"),
        false,
        dimensions(name, shape.group(1)),
        offset);
  }

  private static long[] dimensions(String name, String list) {
    try {
      return Pattern.compile(",")
          .splitAsStream(list)
          .map(size -> size.replace("L", "").strip())
          .filter(size -> !size.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw new DataException(
          name + ": is corrupt: its header has the shape (" + Excerpt.of(list) + ")", e);
    }
  }

  private static @Nullable ElementType element(String code) {
    if (code.length() < 3 || "<>|=".indexOf(code.charAt(0)) < 0) {
      return null;
    }
    return switch (code.substring(1)) {
      case "b1" -> ElementType.BOOL;
      case "u1" -> ElementType.UINT8;
      case "i1" -> ElementType.INT8;
      case "u2" -> ElementType.UINT16;
      case "i2" -> ElementType.INT16;
      case "u4" -> ElementType.UINT32;
      case "i4" -> ElementType.INT32;
      case "u8" -> ElementType.UINT64;
      case "i8" -> ElementType.INT64;
      case "f2" -> ElementType.FLOAT16;
      case "f4" -> ElementType.FLOAT32;
      case "f8" -> ElementType.FLOAT64;
      default -> null;
    };
  }

  private static DataException unsupported(String name, String element) {
    return new DataException(
        name
            + ": holds "
            + element
            + "; numbers of type b1, u1 to u8, i1 to i8, f2, f4 or f8 can be read: save"
            + " array.astype(numpy.float32)");
  }
}

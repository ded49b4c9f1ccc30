// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Makes data sets from arrays whose header has been read: copied into memory, or mapped. */
final class ArrayFiles {
  private static final int BLOCK_BYTES = 1 << 20;

  private ArrayFiles() {}

  /** Reads the rest of a stream after its header. */
  static DataSet load(
      String name,
      NamedInput input,
      ArrayHeader header,
      int @Nullable [] labels,
      OpenOptions options) {
    DataInfo info = header.describe(name, labels, options);
    if (!input.canHave(header.fileBytes())) {
      throw input.compressed()
          ? new DataException(
              input.name()
                  + ": is truncated: its header announces "
                  + header.fileBytes()
                  + " bytes, more than the compressed file can hold; get the file again")
          : truncated(input.name(), header, input.length());
    }
    HeapRows rows = new HeapRows(name, info.type(), info.features());
    if (input.compressed()) {
      // The header of few bytes may announce many.
      rows.require(info.rows());
    } else {
      rows.reserve(info.rows());
    }
    if (header.columnMajor()) {
      loadColumns(input, header, info, rows);
    } else if ((long) info.features() * header.element().bytes() > BLOCK_BYTES) {
      loadWideRows(input, header, info, rows);
    } else {
      loadRows(input, header, info, rows);
    }
    if (input.read(new byte[1], 1) != 0) {
      throw tooLong(input.name(), header);
    }
    return ArrayValues.checked(info, rows.build(info.rows()), header, options);
  }

  private static void loadRows(NamedInput input, ArrayHeader header, DataInfo info, HeapRows rows) {
    int size = header.element().bytes();
    int rowBytes = info.features() * size;
    int perBlock = Math.max(1, Math.min(info.rows(), BLOCK_BYTES / rowBytes));
    byte[] block = new byte[perBlock * rowBytes];
    ByteBuffer numbers = ByteBuffer.wrap(block).order(header.order());
    float[] row = new float[info.features()];
    for (int first = 0; first < info.rows(); first += perBlock) {
      int count = Math.min(perBlock, info.rows() - first);
      fill(input, header, block, count * rowBytes);
      for (int i = 0; i < count; i++) {
        if (info.type() == DType.UINT8) {
          rows.put(first + i, numbers, i * rowBytes);
          continue;
        }
        for (int d = 0; d < row.length; d++) {
          row[d] = header.element().decode(numbers, i * rowBytes + d * size);
        }
        rows.put(first + i, row, 0);
      }
    }
  }

  /** Rows that are longer than a block. */
  private static void loadWideRows(
      NamedInput input, ArrayHeader header, DataInfo info, HeapRows rows) {
    int size = header.element().bytes();
    byte[] block = new byte[BLOCK_BYTES];
    ByteBuffer numbers = ByteBuffer.wrap(block).order(header.order());
    int perBlock = BLOCK_BYTES / size;
    for (int row = 0; row < info.rows(); row++) {
      for (int first = 0; first < info.features(); first += perBlock) {
        int count = Math.min(perBlock, info.features() - first);
        fill(input, header, block, count * size);
        for (int i = 0; i < count; i++) {
          rows.put(row, first + i, header.element().decode(numbers, i * size));
        }
      }
    }
  }

  /** Fortran order: the file has the columns one after the other. */
  private static void loadColumns(
      NamedInput input, ArrayHeader header, DataInfo info, HeapRows rows) {
    int size = header.element().bytes();
    long[] shape = header.shape();
    long[] at = new long[shape.length];
    byte[] block = new byte[Math.min(info.rows(), BLOCK_BYTES / size) * size];
    ByteBuffer numbers = ByteBuffer.wrap(block).order(header.order());
    for (int column = 0; column < info.features(); column++) {
      int feature = 0;
      for (int i = 1; i < shape.length; i++) {
        feature = feature * (int) shape[i] + (int) at[i];
      }
      int perBlock = block.length / size;
      for (int first = 0; first < info.rows(); first += perBlock) {
        int count = Math.min(perBlock, info.rows() - first);
        fill(input, header, block, count * size);
        for (int i = 0; i < count; i++) {
          rows.put(first + i, feature, header.element().decode(numbers, i * size));
        }
      }
      for (int i = 1; i < shape.length && ++at[i] == shape[i]; i++) {
        at[i] = 0;
      }
    }
  }

  private static void fill(NamedInput input, ArrayHeader header, byte[] block, int bytes) {
    if (input.read(block, bytes) < bytes) {
      throw truncated(input.name(), header, input.position());
    }
  }

  /** Maps an uncompressed file; its rows are read on demand. */
  static DataSet map(
      String name, Path file, ArrayHeader header, int @Nullable [] labels, OpenOptions options) {
    DataInfo info = header.describe(name, labels, options);
    if (header.columnMajor()) {
      throw new DataException(
          name
              + ": is too large for memory and in Fortran order, in which rows cannot be streamed;"
              + " save numpy.ascontiguousarray(array), or raise -Dvae4j.data.resident=BYTES");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < header.fileBytes()) {
        throw truncated(name, header, channel.size());
      }
      if (channel.size() > header.fileBytes()) {
        throw tooLong(name, header);
      }
      RowSource rows =
          ChunkedRows.map(
              channel,
              header.offset(),
              info.rows(),
              info.features(),
              header.element(),
              header.order());
      return ArrayValues.checked(info, rows, header, options);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  private static DataException truncated(String name, ArrayHeader header, long bytes) {
    return new DataException(
        name
            + ": is truncated: its header announces "
            + header.fileBytes()
            + " bytes, it has "
            + bytes
            + "; get the file again");
  }

  private static DataException tooLong(String name, ArrayHeader header) {
    return new DataException(
        name
            + ": has more bytes after the "
            + header.fileBytes()
            + " bytes that its header announces; it is not the file that the header describes");
  }
}

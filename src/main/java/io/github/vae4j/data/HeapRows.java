// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects rows in heap memory, in chunks that grow; {@link #build} makes the data set. */
final class HeapRows {
  /** A little under a power of two, so that an array with its header fits G1's regions. */
  private static final int CHUNK_BYTES = (64 << 20) - 1024;

  private static final int FIRST_BYTES = 64 << 10;

  private static final int BLOCK = 1 << 13;

  private final String name;
  private final DType type;
  private final int features;
  private final int rowBytes;
  private final int rowsPerChunk;
  private final List<ByteBuffer> chunks = new ArrayList<>();

  /**
   * A collector without rows.
   *
   * @param name the data set's name, for messages
   * @param type UINT8 or FLOAT32
   * @param features the number of values in a row
   */
  HeapRows(String name, DType type, int features) {
    long bytes = (long) features * type.bytes();
    if (bytes > Integer.MAX_VALUE - 64) {
      throw new DataException(
          name + ": a row of " + features + " values is too long: 2 GiB is the most");
    }
    this.name = name;
    this.type = type;
    this.features = features;
    this.rowBytes = (int) bytes;
    this.rowsPerChunk = Math.max(1, CHUNK_BYTES / rowBytes);
  }

  /** Throws at once if the rows cannot fit. */
  void require(int rows) {
    Heap.require(name, (double) rows * rowBytes);
  }

  /** Allocates memory for a known number of rows, or throws at once if they do not fit. */
  void reserve(int rows) {
    require(rows);
    for (long have = 0; have < rows; have += rowsPerChunk) {
      chunks.add(allocate((int) Math.min(rowsPerChunk, rows - have)));
    }
  }

  /** Stores a row of a FLOAT32 set. */
  void put(int row, float[] values, int from) {
    ByteBuffer chunk = chunk(row);
    chunk
        .slice(offset(row), rowBytes)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(values, from, features);
  }

  /**
   * Stores all rows of a FLOAT32 set, whose memory is reserved.
   *
   * @return whether all values are finite; each block is looked at while it is in the cache
   */
  boolean put(float[] values) {
    boolean finite = true;
    int from = 0;
    for (ByteBuffer chunk : chunks) {
      FloatBuffer target = chunk.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
      while (target.hasRemaining()) {
        int count = Math.min(target.remaining(), BLOCK);
        target.put(values, from, count);
        finite &= Finite.all(values, from, count);
        from += count;
      }
    }
    return finite;
  }

  /** Stores a row of raw values in native order. */
  void put(int row, ByteBuffer values, int from) {
    chunk(row).put(offset(row), values, from, rowBytes);
  }

  /** Stores one value of a row. */
  void put(int row, int column, float value) {
    ByteBuffer chunk = chunk(row);
    if (type == DType.UINT8) {
      chunk.put(offset(row) + column, (byte) (int) value);
    } else {
      chunk.putFloat(offset(row) + column * Float.BYTES, value);
    }
  }

  /**
   * The collected rows as the source of a data set.
   *
   * @param rows the number of stored rows
   */
  RowSource build(int rows) {
    int used = (int) (((long) rows + rowsPerChunk - 1) / rowsPerChunk);
    List<ByteBuffer> full = chunks.subList(0, used);
    if (used > 0) {
      int inLast = rows - (used - 1) * rowsPerChunk;
      full.set(used - 1, resized(full.get(used - 1), inLast));
    }
    ElementType element = type == DType.UINT8 ? ElementType.UINT8 : ElementType.FLOAT32;
    return new ChunkedRows(full, rowsPerChunk, features, element, true);
  }

  private int offset(int row) {
    return row % rowsPerChunk * rowBytes;
  }

  private ByteBuffer chunk(int row) {
    int number = row / rowsPerChunk;
    int needed = row % rowsPerChunk + 1;
    if (number == chunks.size()) {
      chunks.add(allocate(Math.min(rowsPerChunk, Math.max(needed, FIRST_BYTES / rowBytes))));
    }
    ByteBuffer chunk = chunks.get(number);
    int room = chunk.capacity() / rowBytes;
    if (room < needed) {
      chunk = resized(chunk, (int) Math.min(rowsPerChunk, Math.max(needed, 2L * room)));
      chunks.set(number, chunk);
    }
    return chunk;
  }

  private ByteBuffer resized(ByteBuffer chunk, int rows) {
    if (chunk.capacity() == rows * rowBytes) {
      return chunk;
    }
    ByteBuffer copy = allocate(rows);
    copy.put(0, chunk, 0, Math.min(chunk.capacity(), copy.capacity()));
    return copy;
  }

  private ByteBuffer allocate(int rows) {
    return Heap.allocate(name, rows * rowBytes);
  }
}

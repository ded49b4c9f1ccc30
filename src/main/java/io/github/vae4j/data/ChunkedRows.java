// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in several buffers, because a buffer has at most 2 GiB: heap memory or a mapped file. Each
 * buffer has whole rows and only its absolute methods are used, so that several threads can read.
 * Elements of another type than the data set's raw type are converted when they are read.
 */
final class ChunkedRows implements RowSource {
  private static final int MAP_BYTES = 1 << 30;

  private final int rowsPerChunk;
  private final int features;
  private final ElementType element;
  private final boolean resident;
  private volatile @Nullable List<ByteBuffer> chunks;

  ChunkedRows(
      List<ByteBuffer> chunks,
      int rowsPerChunk,
      int features,
      ElementType element,
      boolean resident) {
    this.chunks = List.copyOf(chunks);
    this.rowsPerChunk = rowsPerChunk;
    this.features = features;
    this.element = element;
    this.resident = resident;
  }

  /**
   * Maps the rows of a file, which are one after the other; they are read on demand.
   *
   * @param offset of the first one
   * @param order of the bytes of an element
   */
  static ChunkedRows map(
      FileChannel channel,
      long offset,
      int rows,
      int features,
      ElementType element,
      ByteOrder order)
      throws IOException {
    int rowBytes = features * element.bytes();
    int perChunk = Math.max(1, MAP_BYTES / rowBytes);
    List<ByteBuffer> chunks = new ArrayList<>();
    for (long first = 0; first < rows; first += perChunk) {
      long count = Math.min(perChunk, rows - first);
      chunks.add(
          channel
              .map(FileChannel.MapMode.READ_ONLY, offset + first * rowBytes, count * rowBytes)
              .order(order));
    }
    return new ChunkedRows(chunks, perChunk, features, element, false);
  }

  @Override
  public void read(int first, int count, ByteBuffer target) {
    List<ByteBuffer> open = chunks;
    if (open == null) {
      throw new IllegalStateException("the data set was closed");
    }
    int row = first;
    int left = count;
    while (left > 0) {
      ByteBuffer chunk = open.get(row / rowsPerChunk);
      int within = row % rowsPerChunk;
      int take = Math.min(left, rowsPerChunk - within);
      copy(chunk, within * features * element.bytes(), take * features, target);
      row += take;
      left -= take;
    }
  }

  private void copy(ByteBuffer chunk, int offset, int elements, ByteBuffer target) {
    boolean asStored =
        element.type() == DType.UINT8
            || (element == ElementType.FLOAT32 && chunk.order() == ByteOrder.nativeOrder());
    if (asStored) {
      int bytes = elements * element.bytes();
      target.put(target.position(), chunk, offset, bytes);
      target.position(target.position() + bytes);
      return;
    }
    for (int i = 0; i < elements; i++) {
      target.putFloat(element.decode(chunk, offset + i * element.bytes()));
    }
  }

  @Override
  public boolean resident() {
    return resident;
  }

  /** Releases the memory; a mapping ends when the garbage collector frees it. */
  @Override
  public void close() {
    chunks = null;
  }
}

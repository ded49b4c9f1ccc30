// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in several buffers, because a buffer has at most 2 GiB: heap memory or a mapped file. Each
 * buffer has whole rows and only its absolute methods are used, so that several threads can read.
 * Elements of another type than the data set's raw type are converted when they are read.
 */
final class ChunkedRows implements RowSource {
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

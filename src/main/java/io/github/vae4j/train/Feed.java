// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Uploads the rows of a data set to the backend. A resident set is uploaded once and gathered there
 * in the epoch's order. A streamed set is read batch by batch, in the same order, while the backend
 * computes on the batch before. Training has the same bits for both.
 */
final class Feed implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 22;

  private final DataSet data;
  private final long seed;
  private final int batch;
  private final Buffer source;
  private final @Nullable Inlet inlet;

  /**
   * The memory of a streamed batch, allocated when the first batch is read: a plan alone needs
   * none.
   */
  private @Nullable ByteBuffer host;

  private @Nullable Permutation order;
  private long orderEpoch = -1;

  Feed(Backend backend, DataSet data, int batch, long seed) {
    this(backend, data, batch, seed, data.resident());
  }

  /** A feed with the order of another one, resident or streamed like that one. */
  Feed(Backend backend, DataSet data, int batch, long seed, boolean resident) {
    this.data = data;
    this.seed = seed;
    this.batch = Math.min(batch, data.rows());
    int rowBytes = Math.multiplyExact(data.features(), data.type().bytes());
    int rows = resident ? data.rows() : this.batch;
    long length = (long) rows * data.features();
    inlet = resident ? null : backend.inlet(data.type(), length);
    source = inlet == null ? backend.allocate(data.type(), length) : inlet.buffer();
    if (resident) {
      try {
        upload(rowBytes);
      } catch (RuntimeException | Error e) {
        source.close();
        throw e;
      }
    }
  }

  private void upload(int rowBytes) {
    int rows = Math.max(1, Math.min(data.rows(), CHUNK_BYTES / rowBytes));
    ByteBuffer chunk = room(rows);
    for (int row = 0; row < data.rows(); row += rows) {
      chunk.clear();
      data.read(row, Math.min(rows, data.rows() - row), chunk);
      source.memory().write((long) row * rowBytes, chunk.flip());
    }
  }

  /** Allocates host memory for a number of rows. */
  private ByteBuffer room(int rows) {
    int rowBytes = data.features() * data.type().bytes();
    return ByteBuffer.allocateDirect(Math.multiplyExact(rows, rowBytes))
        .order(ByteOrder.nativeOrder());
  }

  /** The whole set. */
  DataSet data() {
    return data;
  }

  /** Whether all rows are in the backend's memory, so that a batch needs no upload. */
  boolean resident() {
    return inlet == null;
  }

  /**
   * Plans the op that writes a batch.
   *
   * @param out FLOAT32 (batch, features)
   * @param mask FLOAT32 (batch, features); null where no value is missing
   * @param control epoch and position
   * @param binarize whether values are drawn as 0 or 1
   * @param augmentation mirrors and shifts of images
   * @return the op
   */
  Gather gather(
      Tensor out,
      @Nullable Tensor mask,
      Control control,
      boolean binarize,
      Augmentation augmentation) {
    int features = data.features();
    return new Gather(
        new Tensor(source, Math.toIntExact(source.length() / features), features),
        out,
        mask,
        control,
        data.scale(),
        // A streamed batch is read in the epoch's order already.
        inlet == null,
        binarize,
        seed,
        augmentation);
  }

  /** Reads a batch, if the data set is streamed. */
  void read(int epoch, int position, int count) {
    if (inlet == null) {
      return;
    }
    if (order == null || orderEpoch != epoch) {
      order = new Permutation(seed, epoch, data.rows());
      orderEpoch = epoch;
    }
    ByteBuffer rows = host == null ? room(batch) : host;
    host = rows;
    rows.clear();
    for (int i = 0; i < count; i++) {
      data.read(order.at(position + i), 1, rows);
    }
    rows.flip();
  }

  /** Writes the batch that was read, and returns the position at which its gather starts. */
  int write(int position) {
    return inlet == null || host == null ? position : inlet.write(host) * batch;
  }

  @Override
  public void close() {
    if (inlet == null) {
      source.close();
    } else {
      inlet.close();
    }
  }
}

package io.github.vae4j.train;

import io.github.vae4j.backend.Inlet;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.tensor.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of a data set to the backend. A resident set is uploaded once and gathered there
 * in the epoch's order; a streamed one is read batch by batch, in the same order, while the backend
 * computes on the batch before, so that both train to the same bits.
 */
final class Feed implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 22;

  private final DataSet data;
  private final long seed;
  private final int batch;
  private final Buffer source;
  private final @Nullable Inlet inlet;
  private final ByteBuffer host;
  private @Nullable Permutation order;
  private long orderEpoch = -1;

  Feed(Ops ops, DataSet data, int batch, long seed) {
    this.data = data;
    this.seed = seed;
    this.batch = Math.min(batch, data.rows());
    int rowBytes = Math.multiplyExact(data.features(), data.type().bytes());
    boolean resident = data.resident();
    int rows = resident ? data.rows() : this.batch;
    long length = (long) rows * data.features();
    inlet = resident ? null : ops.inlet(data.type(), length);
    source = inlet == null ? ops.allocate(data.type(), length) : inlet.buffer();
    int hostRows = resident ? Math.max(1, Math.min(rows, CHUNK_BYTES / rowBytes)) : rows;
    host =
        ByteBuffer.allocateDirect(Math.multiplyExact(hostRows, rowBytes))
            .order(ByteOrder.nativeOrder());
    if (resident) {
      try {
        for (int row = 0; row < rows; row += hostRows) {
          host.clear();
          data.read(row, Math.min(hostRows, rows - row), host);
          source.memory().write((long) row * rowBytes, host.flip());
        }
      } catch (RuntimeException e) {
        source.close();
        throw e;
      }
    }
  }

  /** The rows that {@link io.github.vae4j.backend.op.Gather} reads. */
  Buffer source() {
    return source;
  }

  /** Rows in the source. */
  int rows() {
    return (int) (source.length() / data.features());
  }

  /** Whether all rows are on the backend: then a batch needs nothing of the host. */
  boolean resident() {
    return inlet == null;
  }

  /** Whether gather applies the epoch's order; else the rows are in order already. */
  boolean shuffle() {
    return inlet == null;
  }

  float scale() {
    return data.scale();
  }

  /** Makes a batch ready and says which position gather starts at. */
  int prepare(int epoch, int position, int count) {
    if (inlet == null) {
      return position;
    }
    if (order == null || orderEpoch != epoch) {
      order = new Permutation(seed, epoch, data.rows());
      orderEpoch = epoch;
    }
    host.clear();
    for (int i = 0; i < count; i++) {
      data.read(order.at(position + i), 1, host);
    }
    return inlet.write(host.flip()) * batch;
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

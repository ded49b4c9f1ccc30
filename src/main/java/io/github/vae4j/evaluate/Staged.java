package io.github.vae4j.evaluate;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Rows of a data set on the backend, a batch at a time, in order. */
final class Staged {
  private final DataSet data;
  private final ByteBuffer host;
  private final Buffer staging;
  private final Buffer values;
  private final @Nullable Buffer mask;
  private final PreparedOp gather;

  Staged(Ops ops, Arena arena, DataSet data, int batch, Control control) {
    this.data = data;
    int features = data.features();
    int bytes = Math.multiplyExact(batch, features * data.type().bytes());
    host = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    staging = arena.own(ops.allocate(data.type(), (long) batch * features));
    values = ops.floats(arena, batch, features);
    mask = data.missing() ? ops.floats(arena, batch, features) : null;
    gather =
        arena.own(
            ops.gather(
                new Gather(
                    staging,
                    null,
                    values,
                    mask,
                    control,
                    batch,
                    features,
                    batch,
                    data.scale(),
                    false,
                    false,
                    0)));
  }

  /** The op that gives the batch. */
  PreparedOp gather() {
    return gather;
  }

  /** FLOAT32 (batch, features). */
  Buffer values() {
    return values;
  }

  /** FLOAT32 (batch, features), 0 where a value is missing; null where none can be. */
  @Nullable Buffer mask() {
    return mask;
  }

  /** Reads a batch; a smaller one is padded with zeros. */
  void read(int first, int count) {
    host.clear();
    data.read(first, count, host);
    while (host.hasRemaining()) {
      host.put((byte) 0);
    }
    staging.memory().write(0, host.flip());
  }
}

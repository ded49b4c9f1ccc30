// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Copies the rows of a data set to the backend, one batch at a time, in order. */
final class Staged {
  private final ByteBuffer host;
  private final Buffer staging;
  private final Tensor values;
  private final @Nullable Tensor mask;
  private final Gather gather;

  /**
   * What a plan depends on of a data set.
   *
   * @param features columns
   * @param type of a value
   * @param scale that a value is multiplied by
   * @param missing whether a value can be missing
   */
  record Form(int features, DType type, float scale, boolean missing) {
    static Form of(DataSet data) {
      return new Form(data.features(), data.type(), data.scale(), data.missing());
    }
  }

  Staged(Backend backend, Arena arena, Form data, int batch, Control control) {
    int features = data.features();
    int bytes = Math.multiplyExact(batch, features * data.type().bytes());
    host = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    staging = arena.own(backend.allocate(data.type(), (long) batch * features));
    values = backend.tensor(arena, batch, features);
    mask = data.missing() ? backend.tensor(arena, batch, features) : null;
    Tensor source = new Tensor(staging, batch, features);
    gather = new Gather(source, values, mask, control, data.scale(), false, false, 0);
  }

  /** The op that writes the batch. */
  Gather gather() {
    return gather;
  }

  /** FLOAT32 (batch, features). */
  Tensor values() {
    return values;
  }

  /** FLOAT32 (batch, features), 0 where a value is missing; null if no value can be missing. */
  @Nullable Tensor mask() {
    return mask;
  }

  /** Reads a batch of a data set of the form; a smaller one is padded with zeros. */
  void read(DataSet data, int first, int count) {
    host.clear();
    data.read(first, count, host);
    while (host.hasRemaining()) {
      host.put((byte) 0);
    }
    staging.memory().write(0, host.flip());
  }
}
